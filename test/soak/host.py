"""A host: mail, FTP, HTTP and files in a loop over a serial port, with the standard library only.

Each line of its standard input is an order, in JSON: what work to do, and the name that goes with it. Each line of its standard output
says what became of it. A round that fails does not end the program.
"""
import json
import os
import select
import sys
import termios
import time


class Silent(Exception):
    """The module has not said what was awaited."""


class Host:
    def __init__(self, port):
        self.port = port
        self.got = b""
        self.fd = None
        self.open()

    def open(self):
        """Opens the port, again where it went away: a USB modem does so at reset."""
        end = time.monotonic() + 20
        while True:
            try:
                if self.fd is not None:
                    os.close(self.fd)
                    self.fd = None
                self.fd = os.open(self.port, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
                attributes = termios.tcgetattr(self.fd)
                attributes[0] = attributes[1] = attributes[3] = 0
                termios.tcsetattr(self.fd, termios.TCSANOW, attributes)
                return
            except OSError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.05)

    def send(self, data):
        end = time.monotonic() + 20
        while data:
            if time.monotonic() > end:
                raise Silent("the module does not read")
            try:
                select.select([], [self.fd], [], 0.2)
                data = data[os.write(self.fd, data):]
            except BlockingIOError:
                continue
            except OSError:
                self.open()

    def read(self, patience):
        try:
            if select.select([self.fd], [], [], patience)[0]:
                piece = os.read(self.fd, 65536)
                if not piece:
                    raise OSError("the port has gone")
                self.got += piece
        except BlockingIOError:
            pass
        except OSError:
            self.open()

    def await_any(self, texts, patience):
        """Takes what comes up to the first of these texts, and gives which one it was."""
        end = time.monotonic() + patience
        while True:
            found = [(self.got.find(text), text) for text in texts if text in self.got]
            if found:
                at, text = min(found)
                self.got = self.got[at + len(text):]
                return text
            left = end - time.monotonic()
            if left <= 0:
                raise Silent(repr(self.got[-80:]))
            self.read(min(left, 0.5))

    def command(self, line, *endings, patience=8):
        self.got = b""
        self.send(line.encode() + b"\r")
        return self.await_any(endings or (b"\r\nOK\r\n", b"ERROR"), patience)

    def recover(self, patience):
        """Ends whatever runs or is entered, and asks until the module answers; gives how long that took."""
        start = time.monotonic()
        while time.monotonic() - start < patience:
            self.got = b""
            try:
                self.send(b"\x1a\r")
                self.command("ATE0", b"\r\nOK\r\n", patience=1)
                self.command("AT", b"\r\nOK\r\n", patience=1)
                return time.monotonic() - start
            except Silent:
                continue
        return None


def mail(host, name):
    host.command('AT+SMTPSRV="mail",25;+SMTPFROM="soak@a.example"')
    host.command('AT+SMTPRCPT=0;+SMTPRCPT=0,0,"user@b.example"')
    host.command(f'AT+SMTPSUB="{name}";+SMTPBODY="body of {name}"')
    if host.command("AT+SMTPSEND", b"\r\nOK\r\n", b"ERROR") == b"ERROR":
        return "refused"
    endings = (b"+SMTP: SUCCESS\r\n", b"ERROR\r\n")
    return "sent" if host.await_any(endings, 15) == endings[0] else "failed"


def ftp(host, name):
    host.command('AT+CFTPSERV="ftp";+CFTPUN="u";+CFTPPW="p";+CFTPMODE=1')
    host.command("AT+FSCD=C:/")
    if host.command(f'AT+CFTPGETFILE="/pub/{name}",0') == b"ERROR":
        return "refused"
    done = host.await_any((b"+CFTPGETFILE: 0\r\n", b"+CFTPGETFILE: 2"), 15)
    return "got" if done.endswith(b"0\r\n") else "failed"


def http(host, name):
    begun = host.command('AT+CHTTPACT="www",80', b"+CHTTPACT: REQUEST\r\n", b"ERROR")
    if b"REQUEST" not in begun:
        return "refused"
    host.send(f"GET /bytes/2000?{name} HTTP/1.1\r\nHost: www\r\nConnection: close\r\n\r\n".encode() + b"\x1a")
    done = host.await_any((b"\r\n+CHTTPACT: 0\r\n", b"+CHTTPACT: 2", b"ERROR"), 15)
    return "got" if done.endswith(b"0\r\n") else "failed"


def files(host, _):
    host.command("AT+FSCD=C:/")
    host.command("AT+FSMKDIR=soak")
    host.command("AT+FSLS")
    host.command("AT+FSRMDIR=soak")
    host.command("AT+FSMEM")
    return "done"


WORK = {"mail": mail, "ftp": ftp, "http": http, "files": files}


def main():
    host = Host(sys.argv[1])
    for line in sys.stdin:
        order = json.loads(line)
        if order["work"] == "recover":
            answer = {"seconds": host.recover(order["patience"])}
        else:
            try:
                answer = {"outcome": WORK[order["work"]](host, order["name"])}
            except Silent as silence:
                answer = {"outcome": "silent", "last": str(silence)}
        print(json.dumps(answer), flush=True)


main()
