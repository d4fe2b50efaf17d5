"""A labgrid target whose serial port is a NetworkSerialPort; prints `ok` for what is as it should be."""

import sys

from labgrid import Target
from labgrid.driver import SerialDriver
from labgrid.resource import NetworkSerialPort


def main(port):
    target = Target("lab")
    NetworkSerialPort(target, name="modem", host="127.0.0.1", port=int(port), speed=115200, protocol="rfc2217")
    driver = SerialDriver(target, "console")
    target.activate(driver)
    # Its own sendline() ends a line with LF.
    driver.write(b"AT+CGMM\r")
    _, before, _, _ = driver.expect("OK\r\n", timeout=10)
    print("ok" if b"SIMCOM_WCDMA" in before else f"WRONG {before!r}", "the module identifies itself")
    driver.write(bytes([0xFF, 0x0D]))
    driver.write(b"AT+CSQ\r")
    _, before, _, _ = driver.expect(r"\+CSQ: (\d+),", timeout=10)
    print("ok the signal is told")
    target.deactivate(driver)


main(*sys.argv[1:])
