import { describe, expect, test } from "vitest";
import type { RigEvent, RigEventBody } from "../../../src/rig/events.ts";
import { Conversation } from "../../../src/web/model/conversation.ts";
import { bytesOf, type Row } from "../../../src/web/model/row.ts";

type Body = RigEventBody & { readonly at?: number; readonly modem?: string };

/** The conversation of events, numbered from 1; of the modem m1 where they do not say. */
function conversationOf(...bodies: readonly Body[]): Conversation {
  const conversation = new Conversation();
  bodies.forEach((body, index) => {
    conversation.add({ seq: index + 1, at: index, modem: "m1", ...body } as RigEvent);
  });
  return conversation;
}

const host = (bytes: string): Body => ({ type: "host", bytes });
const module = (bytes: string): Body => ({ type: "module", bytes });
const line = (text: string): Body => ({ type: "line", text });
const command = (name: string): Body => ({ type: "command", name, form: "execute", arguments: [] });
const result = (name: string, text = "OK"): Body => ({ type: "result", name, result: text, ms: 1.5 });

/** Rows in short: who, bytes or sentence. */
function rowsOf({ rows }: Conversation): readonly string[] {
  return rows.map((row) => `${row.side} ${bytesOf(row)}${row.text.join(" / ")}`);
}

function notesOf(row: Row | undefined): readonly unknown[] {
  return row?.notes ?? [];
}

describe("who says what", () => {
  test.each<[string, readonly Body[], readonly string[]]>([
    ["a line and its answer", [host("AT\r"), module("\r\nOK\r\n")], ["host AT\r", "module \r\nOK\r\n"]],
    ["a line that is typed", [host("A"), host("T"), host("\r"), host("\n")], ["host AT\r\n"]],
    ["two lines at once", [host("AT\rATI\r\n")], ["host AT\r", "host ATI\r\n"]],
    ["the echo is left out", [host("AT\r"), module("AT\r\r\nOK\r\n")], ["host AT\r", "module \r\nOK\r\n"]],
    [
      "an echo in pieces",
      [host("ATI\r"), module("AT"), module("I\r"), module("\r\nOK\r\n")],
      ["host ATI\r", "module \r\nOK\r\n"],
    ],
    [
      "the echo of a secret is masked",
      [host("AT+CPIN=1234\r"), module("AT+CPIN=****\r"), module("\r\nOK\r\n")],
      ["host AT+CPIN=1234\r", "module \r\nOK\r\n"],
    ],
    [
      "lines that were sent ahead, each with its answer",
      [host("AT+CSQ\rAT+CREG?\r\nATI"), module("AT+CSQ\r\r\nOK\r\nAT+CREG?\r\r\nERROR\r\nATI")],
      ["host AT+CSQ\r", "host AT+CREG?\r\n", "host ATI", "module \r\nOK\r\n", "module \r\nERROR\r\n"],
    ],
    [
      "the echo goes on after it was off",
      [
        host("AT\r"),
        module("\r\nOK\r\n"),
        host("ATE1\r"),
        module("\r\nOK\r\n"),
        host("ATI\r"),
        module("ATI\r\r\nX\r\n"),
      ],
      ["host AT\r", "module \r\nOK\r\n", "host ATE1\r", "module \r\nOK\r\n", "host ATI\r", "module \r\nX\r\n"],
    ],
    ["what is no echo is shown", [module("AT\r\n")], ["module AT\r\n"]],
    ["pieces of an answer", [module("\r\nA\r\n"), module("\r\nOK\r\n")], ["module \r\nA\r\n\r\nOK\r\n"]],
    [
      "an unsolicited line stands alone",
      [module("\r\nOK\r\n"), { type: "urc", text: "RING" }, module("\r\nRING\r\n"), module("\r\nX\r\n")],
      ["module \r\nOK\r\n", "module \r\nRING\r\n", "module \r\nX\r\n"],
    ],
    [
      "two modems at a time",
      [host("AT"), { type: "host", bytes: "ATI", modem: "m2" }, host("\r")],
      ["host AT\r", "host ATI"],
    ],
    [
      "what happens beside, joined where it happens at once",
      [
        { type: "state", what: "registration", value: "none" },
        { type: "state", what: "attached", value: false },
        { type: "mail", from: "a@b", recipients: ["c@d"], subject: "", size: 2048 },
      ],
      [
        "rig Registration is now none / Attached is now false",
        "rig The sandbox received a mail from a@b to c@d: no subject (2.0 KiB)",
      ],
    ],
  ])("%s", (_, events, expected) => {
    expect(rowsOf(conversationOf(...events))).toEqual(expected);
  });

  test("an event of a type that this page does not know is left out", () => {
    expect(rowsOf(conversationOf({ type: "later" } as unknown as Body))).toEqual([]);
  });
});

describe("what is said beside a line", () => {
  test("each command with its result and its time, also when it ends after the next line", () => {
    const { rows } = conversationOf(
      host("AT+SMTPSEND\r"),
      line("AT+SMTPSEND"),
      command("+SMTPSEND"),
      host("AT+CSQ;+CREG?\r"),
      line("AT+CSQ;+CREG?"),
      command("+CSQ"),
      result("+CSQ"),
      command("+CREG"),
      result("+SMTPSEND", "+CME ERROR: 214"),
    );
    expect(notesOf(rows[0])).toMatchObject([{ name: "+SMTPSEND", result: "+CME ERROR: 214", ms: 1.5 }]);
    expect(notesOf(rows[1])).toMatchObject([{ name: "+CSQ", result: "OK" }, { name: "+CREG" }]);
    expect(notesOf(rows[1])[1]).not.toHaveProperty("result");
    expect(rows.map(({ bad }) => bad)).toEqual([true, false]);
  });

  test("an unknown command once, with its nearest names", () => {
    const { rows } = conversationOf(
      host("AT+CSX\r"),
      line("AT+CSX"),
      { type: "unknown", text: "+CSX", nearest: ["+CSQ"] },
      { type: "lint", rule: "unknown-command", message: "the same", cause: 3 },
      result("+CSX", "ERROR"),
    );
    expect(notesOf(rows[0])).toEqual([{ kind: "unknown", text: "+CSX", nearest: ["+CSQ"] }]);
    expect(rows[0]?.bad).toBe(true);
  });

  test("a finding stands at the line that caused it, of several that were sent at once", () => {
    const { rows } = conversationOf(host("AT\rATI\rATZ\r"), line("AT"), line("ATI"), {
      type: "lint",
      rule: "early-command",
      message: "too early",
      cause: 1,
    });
    expect(rows.map(({ notes }) => notes.length)).toEqual([0, 1, 0]);
  });

  test("a finding stands at the line of an earlier command", () => {
    const { rows } = conversationOf(host("AT+CHTTPACT\r"), line("AT+CHTTPACT"), command("+CHTTPACT"), host("AT\r"), {
      type: "lint",
      rule: "needs-network",
      message: "no network",
      cause: 3,
    });
    expect(rows.map(({ bad }) => bad)).toEqual([true, false]);
  });

  test("noise before a line does not take its place", () => {
    const { rows } = conversationOf(host("xyz\r"), host("AT+CSQ\r"), line("AT+CSQ"), command("+CSQ"));
    expect(rows.map(({ notes }) => notes.length)).toEqual([0, 1]);
  });

  test("data is told by its size and its end, and is no command line", () => {
    const { rows } = conversationOf(
      host("AT+CFTPPUT\r"),
      line("AT+CFTPPUT"),
      { type: "entry", name: "+CFTPPUT", phase: "begin" },
      host("AT\r"),
      host("more\x1a"),
      { type: "entry", name: "+CFTPPUT", phase: "end", bytes: 1234, outcome: "ended" },
    );
    expect(rows.map((row) => [row.data, bytesOf(row)])).toEqual([
      [false, "AT+CFTPPUT\r"],
      [true, "AT\rmore\x1a"],
    ]);
    expect(notesOf(rows[1])).toEqual([{ kind: "data", text: "1,234 bytes of data for AT+CFTPPUT, ended by Ctrl-Z" }]);
  });
});

describe("a connection is one row from its begin to its end", () => {
  const phase = (name: string, more: object = {}): Body =>
    ({ type: "connection", id: 1, service: "smtp", host: "mail.example", port: 25, phase: name, ...more }) as Body;

  test.each<[string, readonly Body[], string, boolean]>([
    ["which connects", [phase("resolve"), phase("connect")], "SMTP to mail.example:25 is connecting", false],
    ["which is open", [phase("resolve"), phase("open")], "SMTP to mail.example:25 open after 1 ms", false],
    [
      "which has ended",
      [phase("connect"), phase("open"), phase("end", { sent: 461, received: 2048 })],
      "SMTP to mail.example:25 open after 1 ms, ended after 2 ms: 461 B up, 2.0 KiB down",
      false,
    ],
    [
      "which failed",
      [phase("resolve"), phase("fail", { error: "UNRESOLVED" })],
      "SMTP to mail.example:25 failed: UNRESOLVED, there is no address for the name",
      true,
    ],
  ])("%s", (_, events, text, bad) => {
    const { rows } = conversationOf(...events);
    expect(rows).toMatchObject([{ text: [text], bad, group: "network" }]);
  });
});

test("a reset is told, and ends what the modem was doing", () => {
  const start = { type: "rig", now: "2024-01-01T00:00:00.000Z", version: "1.0", seed: 7, options: {} } as const;
  const open = { type: "connection", id: 1, service: "ftp", phase: "open", host: "h", port: 21 } as const;
  const conversation = conversationOf(
    start,
    host("AT+CFTPPUT\r"),
    line("AT+CFTPPUT"),
    command("+CFTPPUT"),
    { type: "entry", name: "+CFTPPUT", phase: "begin" },
    open,
    { ...open, phase: "end", sent: 0, received: 0 },
    { ...start },
    host("AT\r"),
    result("+CFTPPUT", "ERROR"),
  );
  expect(rowsOf(conversation)).toEqual([
    "rig The rig started at 2024-01-01 00:00:00.000 UTC: vmodem 1.0, seed 7",
    "host AT+CFTPPUT\r",
    expect.stringMatching(/^rig FTP to h:21 open after .* ended after /),
    "rig The rig was reset: everything is as at the start, seed 7",
    "host AT\r",
  ]);
  expect(conversation.rows.map(({ fresh }) => fresh)).toEqual([true, false, false, true, false]);
  expect(conversation.row(1)?.notes).toMatchObject([{ name: "+CFTPPUT" }]);
  expect(conversation.row(1)?.bad).toBe(false);
  expect(conversation.row(4)?.data).toBe(false);

  conversation.takeChanges();
  conversation.beginAt(3);
  expect(conversation.takeChanges()).toBe(3);
  expect(rowsOf(conversation)).toHaveLength(2);
  expect([conversation.firstId, conversation.count]).toEqual([3, 2]);
  expect(conversation.connections.list).toEqual([]);
  expect([...conversation.modems]).toEqual(["m1"]);
});

test("of a limited conversation the first rows go, and ids stay", () => {
  const conversation = new Conversation(100);
  for (let seq = 1; seq <= 1000; seq++)
    conversation.add({ seq, at: seq, type: "mail", from: "", recipients: [], subject: "", size: seq });
  expect(conversation.rows.length).toBeLessThanOrEqual(110);
  expect(conversation.rows.at(-1)?.id).toBe(999);
  expect(conversation.row(999)?.seq).toBe(1000);
  expect(conversation.row(0)).toBeUndefined();
});

test("changes are told from the first row that has changed", () => {
  const conversation = conversationOf(host("AT+CSQ\r"), line("AT+CSQ"), command("+CSQ"), host("AT\r"));
  expect(conversation.takeChanges()).toBe(0);
  expect(conversation.takeChanges()).toBe(Number.POSITIVE_INFINITY);
  conversation.add({ seq: 5, at: 5, modem: "m1", ...result("+CSQ") } as RigEvent);
  expect(conversation.takeChanges()).toBe(0);
});
