import { describe, expect, test } from "vitest";
import type { EventBody } from "../../../src/platform/events.ts";
import type { RigEventBody } from "../../../src/rig/events.ts";
import { Redaction } from "../../../src/rig/redaction/redaction.ts";

/** What comes out for the events that go in. */
function redact(events: readonly EventBody[], host = true): readonly RigEventBody[] {
  const redaction = new Redaction({ host });
  return events.map((event) => redaction.redact(event));
}

/** The bytes of the `host` and `module` events that come out, one text each. */
const bytesOf = (events: readonly RigEventBody[]) => events.flatMap((event) => ("bytes" in event ? [event.bytes] : []));

const host = (bytes: string): EventBody => ({ type: "host", bytes });
const module = (bytes: string): EventBody => ({ type: "module", bytes });
const line = (text: string): EventBody => ({ type: "line", text });

describe("the line of a host", () => {
  test.each([
    ["AT+CPIN=1234\r", "AT+CPIN=****\r"],
    ['at+cpin = "1234"\r\n', 'at+cpin = "****"\r\n'],
    ['AT+CPIN="87654321","1234"\r', 'AT+CPIN="********","****"\r'],
    ['AT+SMTPAUTH=1,"user","p,a;s s"\r', 'AT+SMTPAUTH=1,"user","*******"\r'],
    ['AT+SMTPAUTH=1,"user","open\r', 'AT+SMTPAUTH=1,"user","****\r'],
    ['AT+POP3SRV="mail","user","secret",110;+CSQ\r', 'AT+POP3SRV="mail","user","******",110;+CSQ\r'],
    ['ATE0+CFTPPW="pw"\r', 'ATE0+CFTPPW="**"\r'],
    ['AT+CLCK="SC",1,"1234"\r', 'AT+CLCK="SC",1,"****"\r'],
    ['AT+CPWD="SC","1234","4321"\r', 'AT+CPWD="SC","****","****"\r'],
    ["AT\rAT+CPIN=1234\rAT+CSQ\r", "AT\rAT+CPIN=****\rAT+CSQ\r"],
    ["AT+CPIN=?\r", "AT+CPIN=?\r"],
    ["AT+CPIN?\r", "AT+CPIN?\r"],
    ['AT+SMTPSUB="1234"\r', 'AT+SMTPSUB="1234"\r'],
  ])("%j", (given, masked) => {
    expect(bytesOf(redact([host(given)]))).toEqual([masked]);
    expect(bytesOf(redact([host(given)], false))).toEqual([given]);
    // The same, cut anywhere.
    for (let cut = 1; cut < given.length; cut++) {
      const pieces = bytesOf(redact([host(given.slice(0, cut)), host(given.slice(cut))]));
      expect(pieces.join("")).toBe(masked);
    }
  });

  test.each([
    ["behind a Ctrl-Z", "text\x1aAT+CPIN=1234\r", "text\x1aAT+CPIN=****\r"],
    [
      "between two entries",
      "text\x1aAT+CPIN=1234\rAT+SMTPBODY\rtext\x1a",
      "text\x1aAT+CPIN=****\rAT+SMTPBODY\rtext\x1a",
    ],
    ["behind an escaped ETX and a Ctrl-Z", "\x03\x03\x1aAT+CPIN=1234\r", "\x03\x03\x1aAT+CPIN=****\r"],
    ["behind an ESC", "text\x1b\r\nAT+CPIN=1234\r", "text\x1b\r\nAT+CPIN=****\r"],
    ["not behind an escaped Ctrl-Z", "\x03\x1aAT+CPIN=1234\r", "\x03\x1aAT+CPIN=1234\r"],
    ["not behind an ESC among data", "\x1bxAT+CPIN=1234\r", "\x1bxAT+CPIN=1234\r"],
  ])("is looked for at the end of data entry, %s", (_, given, masked) => {
    expect(bytesOf(redact([{ type: "entry", name: "+SMTPBODY", phase: "begin" }, host(given)]))).toEqual([masked]);
  });

  test("is not looked for in data entry", () => {
    const data = "AT+CPIN=1234\r";
    expect(bytesOf(redact([{ type: "entry", name: "+CHTTPACT", phase: "begin" }, host(data)]))).toEqual([data]);
  });
});

describe("without masks in host events a secret is nowhere else", () => {
  const typed = 'AT+SMTPAUTH=1,"u","geheim"\r';
  test.each<[string, readonly EventBody[], string]>([
    [
      "in the echo of a line",
      [host(typed), line('AT+SMTPAUTH=1,"u","***"'), module(`${typed}\r\nOK\r\n`)],
      'AT+SMTPAUTH=1,"u","******"\r\r\nOK\r\n',
    ],
    [
      "in the echo of bytes",
      [...typed].flatMap((byte) =>
        byte === "\r" ? [host(byte), line('"***"'), module(byte)] : [host(byte), module(byte)],
      ),
      'AT+SMTPAUTH=1,"u","******"\r',
    ],
    [
      "in the echo of the second of two lines, which waits for the first",
      [
        host(`AT+CFTPPW="a"\rAT+CFTPPW="b"\r`),
        line("***"),
        module(`AT+CFTPPW="a"\r`),
        module("\r\nOK\r\n"),
        line("***"),
        module(`AT+CFTPPW="b"\r`),
      ],
      'AT+CFTPPW="*"\r\r\nOK\r\nAT+CFTPPW="*"\r',
    ],
    [
      "in the answer of a read command",
      [
        ...[host(typed), line("***"), module("\r\nOK\r\n"), host("AT+SMTPAUTH?\r")],
        { type: "command", name: "+SMTPAUTH", form: "read", arguments: [] },
        module('AT+SMTPAUTH?\r\r\n+SMTPAUTH: 1, "u", "geheim"\r\n\r\nOK\r\n'),
      ],
      '\r\nOK\r\nAT+SMTPAUTH?\r\r\n+SMTPAUTH: 1, "u", "******"\r\n\r\nOK\r\n',
    ],
  ])("%s", (_, events, printed) => {
    const heard = redact(events, false);
    expect(bytesOf(heard.filter(({ type }) => type === "module")).join("")).toBe(printed);
    expect(bytesOf(heard.filter(({ type }) => type === "host"))).toEqual(
      bytesOf(events.filter(({ type }) => type === "host")),
    );
  });

  test("in a line that cannot be read", () => {
    expect(redact([{ type: "unknown", text: '+CPIN=1234 x"', nearest: [] }])).toEqual([
      { type: "unknown", text: '+CPIN=**** *"', nearest: [] },
    ]);
  });

  const sent = (bytes: string): EventBody => ({ type: "sent", id: 1, bytes });
  const received = (bytes: string): EventBody => ({ type: "received", id: 1, bytes });
  test.each<[string, readonly EventBody[], readonly string[]]>([
    [
      "POP3, FTP",
      [sent("USER u\r\n"), sent("PASS geheim\r\n"), sent("STAT\r\n")],
      ["USER u\r\n", "PASS ******\r\n", "STAT\r\n"],
    ],
    [
      "AUTH PLAIN",
      [sent("AUTH PLAIN AGEAYg==\r\n"), received("235 ok\r\n"), sent("MAIL\r\n")],
      ["AUTH PLAIN ********\r\n", "MAIL\r\n"],
    ],
    [
      "AUTH LOGIN",
      [
        sent("AUTH LOGIN\r\n"),
        received("334 VXNlcg==\r\n"),
        sent("dQ==\r\n"),
        received("334 UGFzcw==\r\n"),
        sent("cA==\r\n"),
        received("235 ok\r\n"),
        sent("MAIL\r\n"),
      ],
      ["AUTH LOGIN\r\n", "****\r\n", "****\r\n", "MAIL\r\n"],
    ],
  ])("on the network: %s", (_, events, bytes) => {
    expect(bytesOf(redact(events, false).filter(({ type }) => type === "sent"))).toEqual(bytes);
  });
});
