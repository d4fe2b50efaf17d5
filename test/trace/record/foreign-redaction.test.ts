import { expect, test } from "vitest";
import { ForeignRedaction } from "../../../src/trace/record/foreign-redaction.ts";

type Spoken = readonly [mark: ">" | "<", bytes: string];

/** What a record has of a session, each side's bytes one behind the other. */
function recorded(spoken: readonly Spoken[]) {
  const redaction = new ForeignRedaction();
  const sides = { host: "", module: "" };
  for (const [mark, bytes] of spoken) {
    const event = redaction.redact({ type: mark === ">" ? "host" : "module", bytes });
    if (event.type === "host" || event.type === "module") sides[event.type] += event.bytes;
  }
  return sides;
}

const SESSION: readonly Spoken[] = [
  [">", 'AT+CFTPPW="secret"\r'],
  ["<", 'AT+CFTPPW="secret"\r\r\nOK\r\n'],
  [">", "AT+CGMM;+CFTPPW?\r"],
  ["<", 'AT+CGMM;+CFTPPW?\r\r\nSIM "A"\r\n\r\n+CFTPPW: "from before"\r\n\r\nOK\r\n'],
  [">", "AT+CPIN=1234\rAT+CFTPUN?\r"],
  ["<", 'AT+CPIN=1234\r\r\nOK\r\nAT+CFTPUN?\r\r\n+CFTPUN: "user"\r\n\r\nOK\r\n'],
];
const REDACTED = {
  host: 'AT+CFTPPW="******"\rAT+CGMM;+CFTPPW?\rAT+CPIN=****\rAT+CFTPUN?\r',
  module:
    'AT+CFTPPW="******"\r\r\nOK\r\n' +
    'AT+CGMM;+CFTPPW?\r\r\nSIM "*"\r\n\r\n+CFTPPW: "***********"\r\n\r\nOK\r\n' +
    'AT+CPIN=****\r\r\nOK\r\nAT+CFTPUN?\r\r\n+CFTPUN: "user"\r\n\r\nOK\r\n',
};

test("secrets are masked on both sides, and those that the module has kept", () => {
  expect(recorded(SESSION)).toEqual(REDACTED);
});

test("the same where every byte comes alone", () => {
  const bytes = SESSION.flatMap(([mark, text]) => [...text].map((byte): Spoken => [mark, byte]));
  expect(recorded(bytes)).toEqual(REDACTED);
});
