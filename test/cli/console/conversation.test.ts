import { expect, test } from "vitest";
import type { Sight } from "../../../src/cli/console/attachment.ts";
import { Conversation } from "../../../src/cli/console/conversation.ts";

const onPort = () => new Conversation({ tellsEntries: false });
const ofRig = () => new Conversation({ tellsEntries: true });

/** What is shown of what the module prints, as texts. */
function prints(conversation: Conversation, ...pieces: readonly string[]): readonly string[] {
  return pieces.flatMap((bytes) => conversation.saw({ type: "module", bytes })).map(({ text }) => text);
}

function event(fields: object): Sight {
  return { seq: 1, at: 0, modem: "m1", ...fields } as unknown as Sight;
}

const send = (conversation: Conversation, text: string) => conversation.sending(Buffer.from(text, "latin1"));

test.each([
  ["in one piece", ["AT+CSQ\r\r\n+CSQ: 22,0\r\n\r\nOK\r\n"]],
  ["byte by byte", [..."AT+CSQ\r\r\n+CSQ: 22,0\r\n\r\nOK\r\n"]],
  ["without an echo", ["\r\n+CSQ: 22,0\r\n\r\nOK\r\n"]],
])("an answer that comes %s is shown in lines, without what was typed", (_, pieces) => {
  const conversation = onPort();
  send(conversation, "AT+CSQ\r");
  expect(conversation.busy).toBe(true);
  expect(prints(conversation, ...pieces)).toEqual(["+CSQ: 22,0", "OK"]);
  expect(conversation.busy).toBe(false);
});

test.each([
  "ERROR",
  "+CME ERROR: 213",
  "+CMS ERROR: invalid PDU mode parameter",
  "NO CARRIER",
  "BUSY",
  "CONNECT 115200",
])("%s ends an answer", (result) => {
  const conversation = onPort();
  send(conversation, "AT+X\r");
  prints(conversation, `\r\n${result}\r\n`);
  expect(conversation.busy).toBe(false);
});

test.each([
  ["AT+CMGS=1\r", "\r\n> ", "+CMGS", "text", undefined],
  ["AT+SMTPBODY\r", "\r\n>> ", "+SMTPBODY", "text", undefined],
  ['AT+CHTTPACT="a",80\r', "\r\n+CHTTPACT: REQUEST\r\n", "+CHTTPACT", "etx", undefined],
  ['AT+CFTPPUT="a"\r', "\r\n+CFTPPUT: BEGIN\r\n", "+CFTPPUT", "etx", undefined],
  ['AT+CFTRANRX="C:/a",12\r', "\r\n>", "+CFTRANRX", "counted", 12],
])("%j with %j asks for the data of %s", (line, prompt, name, ends, left) => {
  const conversation = onPort();
  send(conversation, line);
  prints(conversation, `${line}${prompt}`);
  expect(conversation.entry).toEqual({ name, ends, left });
});

test.each([
  ["AT+CMGS=1\r", "\r\n> ", "\x1a", false],
  ["AT+CMGS=1\r", "\r\n> ", "\x1b", false],
  ["AT+CMGS=1\r", "\r\n> ", "more\r", true],
  ['AT+CFTPPUT="a"\r', "\r\n+CFTPPUT: BEGIN\r\n", "\x1b", true],
  ['AT+CFTRANRX="C:/a",4\r', "\r\n>", "\x1a23", true],
  ['AT+CFTRANRX="C:/a",4\r', "\r\n>", "1234", false],
])("%j, %j: after %j data are awaited: %s", (line, prompt, data, awaited) => {
  const conversation = onPort();
  send(conversation, line);
  prints(conversation, prompt);
  send(conversation, data);
  expect(conversation.entry !== undefined).toBe(awaited);
  expect(conversation.busy).toBe(true);
});

test("the prompts of a message of several lines and the echo of its data are not shown", () => {
  const conversation = onPort();
  send(conversation, "AT+CMGS=1\r");
  prints(conversation, "AT+CMGS=1\r\r\n> ");
  send(conversation, "one\r");
  expect(prints(conversation, "one\r\n> ")).toEqual([]);
  send(conversation, "two\x1a");
  expect(prints(conversation, "two", "\r\n+CMGS: 1\r\n\r\nOK\r\n")).toEqual(["+CMGS: 1", "OK"]);
});

test("a prompt that comes after its data, as a rig may tell it, asks for nothing again", () => {
  const conversation = ofRig();
  send(conversation, "AT+CMGS=1\r");
  conversation.saw(event({ type: "entry", name: "+CMGS", phase: "begin" }));
  send(conversation, "Hello\x1a");
  expect(prints(conversation, "AT+CMGS=1\r\r\n> ", "Hello")).toEqual([]);
  expect(conversation.entry).toBeUndefined();
  expect(prints(conversation, "\r\n+CMGS: 1\r\n\r\nOK\r\n")).toEqual(["+CMGS: 1", "OK"]);
});

test("another host is shown by whole lines, and asks for nothing of the console's", () => {
  const conversation = ofRig();
  for (const bytes of "AT+CMGS=1") expect(conversation.saw(event({ type: "host", bytes }))).toEqual([]);
  expect(conversation.saw(event({ type: "host", bytes: "\r" }))).toEqual([{ kind: "host", text: "AT+CMGS=1<CR>" }]);
  conversation.saw(event({ type: "entry", name: "+CMGS", phase: "begin" }));
  prints(conversation, "AT+CMGS=1\r\r\n> ");
  expect(conversation.entry).toBeUndefined();
});

test("what the console has typed is not shown as a host's, what another console types is", () => {
  const conversation = ofRig();
  send(conversation, "AT\r");
  expect(conversation.saw(event({ type: "host", bytes: "AT\r", typed: true }))).toEqual([]);
  expect(conversation.saw(event({ type: "host", bytes: "ATI\r", typed: true }))).toMatchObject([{ text: "ATI<CR>" }]);
});

test("an unsolicited line stands out", () => {
  const conversation = ofRig();
  conversation.saw(event({ type: "urc", text: "RING" }));
  const shown = conversation.saw({ type: "module", bytes: "\r\nRING\r\n\r\nOK\r\n" });
  expect(shown.map(({ kind }) => kind)).toEqual(["urc", "module"]);
});

test("control bytes are visible, and what has no end is shown when nothing follows", () => {
  const conversation = onPort();
  expect(prints(conversation, "\r\na\x03b\x1b[2J")).toEqual([]);
  expect(conversation.quiet()).toEqual([{ kind: "module", text: "a<ETX>b<ESC>[2J" }]);
});

test.each([
  ["on a port", onPort, "ATQ1\r", []],
  ["of a rig", ofRig, "AT+CSQ;+CREG?\r", ["+CSQ", "+CREG"]],
])("an answer without a result code %s is over when nothing follows", (_, make, line, results) => {
  const conversation = make();
  send(conversation, line);
  for (const name of results) conversation.saw(event({ type: "result", name, result: "OK", ms: 1 }));
  expect(conversation.busy).toBe(true);
  conversation.quiet();
  expect(conversation.busy).toBe(false);
});

test("a command that is still running is not over when nothing follows for a moment", () => {
  const conversation = ofRig();
  send(conversation, "AT+CSQ;+COPS=?\r");
  conversation.saw(event({ type: "result", name: "+CSQ", result: "OK", ms: 1 }));
  conversation.quiet();
  expect(conversation.busy).toBe(true);
});

test("an entry that the module has given up asks for nothing any more", () => {
  const conversation = ofRig();
  send(conversation, "AT+CMGS=1\r");
  conversation.saw(event({ type: "entry", name: "+CMGS", phase: "begin" }));
  const shown = conversation.saw(event({ type: "entry", name: "+CMGS", phase: "end", bytes: 0, outcome: "silent" }));
  expect(shown).toEqual([{ kind: "error", text: "the module has waited too long for the data" }]);
  expect(conversation.entry).toBeUndefined();
});
