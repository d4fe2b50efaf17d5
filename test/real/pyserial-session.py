"""A host as people write it with pyserial: identifies the module, puts bytes on the FTP server and gets them back."""

import re
import sys

import serial

ETX, SUB = b"\x03", b"\x1a"
CONTENT = bytes(range(256)) * 20


def escape(content):
    return content.replace(ETX, ETX + ETX).replace(SUB, ETX + SUB)


def main(path):
    with serial.serial_for_url(path, 115200, timeout=10) as port:

        def expect(end):
            answer = port.read_until(end)
            if not answer.endswith(end):
                sys.exit(f"waited for {end!r}, got {answer!r}")
            return answer[: -len(end)]

        def command(line):
            port.write(line.encode() + b"\r")
            return expect(b"\r\nOK\r\n").decode()

        print(repr(command("AT")))
        command("ATE0")
        print(command("ATI").strip())
        for setting in ('CFTPSERV="www.myftpserver.com"', "CFTPMODE=1", 'CFTPUN="myname"', 'CFTPPW="mypass"', "CFTPTYPE=I"):
            command("AT+" + setting)

        port.write(b'AT+CFTPPUT="/upload.bin"\r')
        expect(b"\r\n+CFTPPUT: BEGIN\r\n")
        port.write(escape(CONTENT) + SUB)
        expect(b"\r\nOK\r\n")

        command('AT+CFTPGET="/upload.bin"')
        received = b""
        while True:
            expect(b"\r\n+CFTPGET: ")
            head = expect(b"\r\n").decode()
            packet = re.fullmatch(r"DATA, (\d+)", head)
            if packet is None:
                break
            received += port.read(int(packet.group(1)))
        print("end", head, "same" if received == CONTENT else f"different: {len(received)} bytes")


main(sys.argv[1])
