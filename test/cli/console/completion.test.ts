import { expect, test } from "vitest";
import { type Completion, complete } from "../../../src/cli/console/completion.ts";
import { CTL_COMMANDS } from "../../../src/cli/console/ctl-line.ts";

/** The line after completion at its end; or the choice. */
function completed(line: string): string | readonly string[] {
  const { remove, insert, choice }: Completion = complete(line, line.length, CTL_COMMANDS);
  return choice.length > 0 ? choice.map(({ text }) => text) : line.slice(0, line.length - remove) + insert;
}

test.each([
  ["", "AT"],
  ["a", "AT"],
  ["at+cftpmo", "at+CFTPMODE"],
  ["at+cftpm", ["+CFTPMODE", "+CFTPMKD"]],
  ["AT+CSQ;+SMTPSE", "AT+CSQ;+SMTPSEND"],
  ["AT+CFTPMODE", ["+CFTPMODE=?", "+CFTPMODE?", "+CFTPMODE="]],
  ["AT+CFTPMODE=", ["0", "1"]],
  ["AT+CFTPTYPE=", ["A", "I"]],
  ["AT+CFTPTYPE=i", "AT+CFTPTYPE=I"],
  ['AT+CPMS="SM","SM","S', 'AT+CPMS="SM","SM","SM"'],
  ['AT+CPMS="SM","SM",', ["ME", "SM"]],
  ["AT+COPS=3,", ["0", "1", "2"]],
  ["AT+CFUN=1", "AT+CFUN=1"],
  ['AT+SMTPSUB="a;+CSQ', 'AT+SMTPSUB="a;+CSQ'],
  ["hello", "hello"],
  [":sta", ":state "],
  [":fault ad", ":fault add "],
  [":events --ty", ":events --type "],
  [":xyz", ":xyz"],
])("%j becomes %j", (line, after) => {
  expect(completed(line)).toEqual(after);
});

test("a choice says what each value means", () => {
  expect(complete("AT+CFTPMODE=", 12, CTL_COMMANDS).choice).toEqual([
    { text: "0", note: "active: the server connects" },
    { text: "1", note: "passive: the module connects" },
  ]);
});

test("only what stands before the cursor is completed", () => {
  expect(complete("AT+CSQ;+CMGF=1", 4, CTL_COMMANDS).choice.length).toBeGreaterThan(50);
  expect(complete("AT+SMTPSE=?", 9, CTL_COMMANDS)).toEqual({ remove: 7, insert: "+SMTPSEND", choice: [] });
});
