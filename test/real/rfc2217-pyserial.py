"""Drives everything that pyserial's rfc2217:// has; prints `ok` for what is as it should be."""

import json
import sys
import time
import urllib.request

import serial

OK = b"\r\nOK\r\n"


def check(what, holds):
    print("ok" if holds else "WRONG", what)


def main(url, control):
    def state():
        with urllib.request.urlopen(f"{control}/api/modems/m1") as answer:
            return json.load(answer)

    def patch(change):
        request = urllib.request.Request(
            f"{control}/api/modems/m1", json.dumps(change).encode(), {"Content-Type": "application/json"}, method="PATCH"
        )
        urllib.request.urlopen(request).close()

    def soon(condition):
        end = time.monotonic() + 5
        while not condition():
            if time.monotonic() > end:
                return False
            time.sleep(0.01)
        return True

    with serial.serial_for_url(url, baudrate=115200, timeout=5) as port:
        port.write(b"ATE0\r")
        check("AT is answered", port.read_until(OK).endswith(OK))

        for name, values in (
            ("baudrate", (300, 9600, 57600, 921600, 115200)),
            ("bytesize", (7, 8)),
            ("parity", ("E", "O", "M", "S", "N")),
            ("stopbits", (2, 1.5, 1)),
            ("xonxoff", (True, False)),
            ("rtscts", (True, False)),
        ):
            for value in values:
                setattr(port, name, value)
                check(f"{name} {value}", getattr(port, name) == value)

        for line in ("dtr", "rts"):
            for on in (False, True):
                setattr(port, line, on)
                check(f"{line} {on}", state()["lines"][line] is on)

        check("cd, dsr and cts are on, ri is off", (port.cd, port.dsr, port.cts, port.ri) == (True, True, True, False))
        for on in (True, False):
            patch({"lines": {"ri": on}})
            check(f"ri {on}", soon(lambda: port.ri is on))
        port.write(b"AT&C1\r")
        port.read_until(OK)
        check("AT&C1 takes cd away", soon(lambda: not port.cd))

        port.break_condition = True
        port.break_condition = False
        port.send_break(0.05)
        port.reset_output_buffer()
        port.reset_input_buffer()
        port.write(b"AT\r")
        check("AT is answered after breaks and purges", port.read_until(OK) == OK)

        port.write(b"AT+SMTPBODY\r")
        port.read_until(b">> ")
        port.dtr = False
        check("dropping dtr ends data entry", soon(lambda: state()["host"]["phase"] == "idle"))
        port.dtr = True

        begun = time.monotonic()
        try:
            serial.serial_for_url(url, timeout=1).close()
            check("a second host is refused", False)
        except serial.SerialException:
            check("a second host is refused", True)
        print("ok refused after", round(time.monotonic() - begun, 1), "s")

        port.write(b"AT\r")
        check("the first host keeps the port", port.read_until(OK).endswith(OK))

    check("dtr goes with the host", soon(lambda: state()["lines"]["dtr"] is False))
    with serial.serial_for_url(f"{url}?poll_modem", timeout=5) as port:
        check("with poll_modem, lines are asked for", port.dsr is True)


main(*sys.argv[1:])
