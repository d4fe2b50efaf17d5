import { describe, expect, test } from "vitest";
import { cmeError } from "../../src/at/cme-error.ts";
import type { Command } from "../../src/at/command-definition.ts";
import { CountedEntry } from "../../src/at/entry/counted-entry.ts";
import { EtxEntry } from "../../src/at/entry/etx-entry.ts";
import { TextEntry } from "../../src/at/entry/text-entry.ts";
import { AT_LIMITS } from "../../src/at/limits.ts";
import type { Result } from "../../src/at/result-code.ts";
import { ALL_COMMANDS } from "../../src/commands/all-commands.ts";
import { framed, OK } from "../support/framing.ts";
import {
  EventList,
  endedByTest,
  type LineContext,
  sessionOnMemory,
  testCommand,
} from "../support/session-on-memory.ts";

const login: Command<LineContext> = {
  ...testCommand("LOGIN", "synchronous", () => "OK"),
  parameters: [
    { kind: "string", name: "user", maxLength: 20 },
    { kind: "string", name: "password", maxLength: 20, bare: true, secret: true, optional: true },
    { kind: "int", name: "port", min: 1, max: 9, optional: true },
  ],
  write: () => "OK",
};

function bench(...commands: readonly Command<LineContext>[]) {
  const events = new EventList();
  return { ...sessionOnMemory([login, ...commands], { events }), events };
}

describe("events", () => {
  test("tell bytes, line, command, result of one round trip, echo included", async () => {
    const { dte, events, settings } = bench();
    settings.set("E", 1);
    await dte.command("AT+N\r", `AT+N\r${OK}`);
    expect(events.list).toEqual([
      { type: "host", bytes: "AT+N\r" },
      { type: "line", text: "AT+N" },
      { type: "command", name: "+N", form: "execute", arguments: [] },
      { type: "result", name: "+N", result: "OK", ms: 0 },
      { type: "module", bytes: `AT+N\r${OK}` },
    ]);
  });

  test.each([0, 100_000])("tell every byte value, before anything decodes it in place: %i more", async (more) => {
    const data = testCommand("DATA", "holding", async (line): Promise<Result> => {
      await line.prompt("GO", new EtxEntry(async () => undefined, { binary: true }));
      return "OK";
    });
    const { dte, events } = bench(data);
    await dte.command("AT+DATA\r", framed("GO"));
    const sent = `\x03\x03\x03\x1a\x00\xff\xe9${"\x03\x03\xe9".repeat(more)}\x1a`;
    await dte.command(sent, OK);
    const told = events.list.flatMap((event) => (event.type === "host" ? [event.bytes] : []));
    expect(told.slice(1).join("") === sent).toBe(true);
  });

  test("tell each command of a line, each with its own result and time", async () => {
    const hold = endedByTest("HOLD", "holding");
    const { dte, events, clock } = bench(hold.command);
    dte.send("AT+N;+HOLD;+N\r");
    await clock.advance(1234);
    hold.end(cmeError(213));
    await dte.expect(framed("+CME ERROR: Invalid parameter"));
    expect(events.of("command", "result")).toEqual([
      { type: "command", name: "+N", form: "execute", arguments: [] },
      { type: "result", name: "+N", result: "OK", ms: 0 },
      { type: "command", name: "+HOLD", form: "execute", arguments: [] },
      { type: "result", name: "+HOLD", result: "+CME ERROR: 213", ms: 1234 },
    ]);
  });

  test("tell the result of an asynchronous command when it has one", async () => {
    const slow = endedByTest("SLOW", "asynchronous");
    const { dte, events, clock } = bench(slow.command);
    dte.send("AT+SLOW\rAT+N\r");
    await clock.advance(50);
    slow.end("OK");
    await dte.expect(OK + OK);
    expect(events.of("result")).toEqual([
      { type: "result", name: "+N", result: "OK", ms: 0 },
      { type: "result", name: "+SLOW", result: "OK", ms: 50 },
    ]);
  });

  test.each([
    { line: 'AT+LOGIN="me","hush",3', text: 'AT+LOGIN="me","***",3', given: ["me", "***", 3] },
    { line: 'AT+LOGIN= "me", hush', text: 'AT+LOGIN= "me",***', given: ["me", "***"] },
    { line: 'AT+LOGIN="me",,3', text: 'AT+LOGIN="me",,3', given: ["me", null, 3] },
    { line: 'AT+LOGIN="me","hush', text: "AT+LOGIN=***", given: ["***"] },
    { line: 'AT+LOGIN="me","hush",3,4', text: "AT+LOGIN=***", given: ["***"] },
    { line: 'AT+LOGIN="hush","hush",33', text: "AT+LOGIN=***", given: ["***"] },
    { line: "AT+LOGIN hush", text: "AT+LOGIN ***", given: ["***"] },
  ])("mask a secret in $line", async ({ line, text, given }) => {
    const { dte, events } = bench();
    dte.send(`${line}\r`);
    await dte.expectNothing().catch(() => undefined);
    const [told] = events.of("command");
    expect(events.of("line")).toEqual([{ type: "line", text }]);
    expect(told).toMatchObject({ name: "+LOGIN", form: "write", arguments: given });
  });

  test("mask each secret of a line, also when A/ repeats it", async () => {
    const { dte, events } = bench();
    await dte.command('AT+LOGIN="a","hush";+N;+LOGIN="hush","hush"\r', OK);
    await dte.command("A/", OK);
    const text = 'AT+LOGIN="a","***";+N;+LOGIN="hush","***"';
    expect(events.of("line")).toEqual([
      { type: "line", text },
      { type: "line", text },
    ]);
  });

  test.each([
    // The same text elsewhere in the line is not taken for the secret.
    { line: 'AT+NOSUCH="hush";+LOGIN="a","hush"', text: 'AT+NOSUCH="hush";+LOGIN="a","***"' },
    { line: "AT+LOGIN=L,L;+N", text: "AT+LOGIN=***;+N" },
    { line: 'AT+LOGIN="a;b","h;=ush";)', text: 'AT+LOGIN="a;b","***";)' },
    { line: `AT+LOGIN="a","${"hush".repeat(1000)}"`, text: "AT+LOGIN=***" },
  ])("mask only and all of the secret in $line", async ({ line, text }) => {
    const { dte, events } = bench();
    dte.send(`${line}\r`);
    await dte.expect("\r\n");
    expect(events.of("line")).toEqual([{ type: "line", text }]);
    const unsent = events.list.filter(({ type }) => type !== "host");
    expect(JSON.stringify(unsent).replaceAll('+NOSUCH=\\"hush', "")).not.toContain("hush");
  });

  test("tell an unknown command and what it may be meant as", async () => {
    const { dte, events } = bench(testCommand("CSQ", "synchronous", () => "OK"));
    await dte.command("AT+CQS\rAT)\r", framed("ERROR").repeat(2));
    expect(events.of("command", "unknown", "result")).toEqual([
      { type: "unknown", text: "+CQS", nearest: ["+CSQ"] },
      { type: "result", name: "+CQS", result: "ERROR", ms: 0 },
      { type: "unknown", text: "AT)", nearest: [] },
      { type: "result", name: "", result: "ERROR", ms: 0 },
    ]);
  });

  test("tell a line that was too long, as far as it was kept", async () => {
    const { dte, events } = bench();
    await dte.command(`AT${"x".repeat(3000)}\r`, framed("ERROR"));
    expect(events.of("line")).toEqual([{ type: "line", text: `AT${"x".repeat(AT_LIMITS.commandLine)}` }]);
  });

  test("tell a URC when it is printed", async () => {
    const { dte, events, session } = bench();
    dte.send("AT");
    session.urc("+URC: 1");
    expect(events.of("urc")).toEqual([]);
    await dte.command("+N\r", OK + framed("+URC: 1"));
    expect(events.of("urc")).toEqual([{ type: "urc", text: "+URC: 1" }]);
  });

  test.each([
    { how: "Ctrl-Z", send: "text\x1a", outcome: "ended", bytes: 4 },
    { how: "ESC", send: "text\x1b", outcome: "escaped", bytes: 4 },
    { how: "silence", send: "te", outcome: "silent", bytes: 2 },
    { how: "a host that goes away", send: "te", outcome: "cut", bytes: 2 },
  ])("tell data entry that ends by $how", async ({ how, send, outcome, bytes }) => {
    const data = testCommand("DATA", "holding", async (line): Promise<Result> => {
      await line.prompt("GO", new TextEntry(100));
      return "OK";
    });
    const { dte, events, session, clock } = bench(data);
    await dte.command("AT+DATA\r", framed("GO"));
    dte.send(send);
    if (how === "a host that goes away") session.hostGone();
    if (how === "silence") await clock.advance(AT_LIMITS.entrySilence);
    await dte.expect(outcome === "cut" ? "" : OK);
    expect(events.of("entry")).toEqual([
      { type: "entry", name: "+DATA", phase: "begin" },
      { type: "entry", name: "+DATA", phase: "end", bytes, outcome },
    ]);
  });

  test.each([0, 3])("count the %i bytes of a counted entry", async (count) => {
    const data = testCommand("DATA", "holding", async (line): Promise<Result> => {
      await line.prompt("GO", new CountedEntry(count, async () => undefined));
      return "OK";
    });
    const { dte, events } = bench(data);
    await dte.command("AT+DATA\r", framed("GO"));
    await dte.command("\x1a".repeat(count), OK);
    expect(events.of("entry").at(-1)).toEqual({
      type: "entry",
      name: "+DATA",
      phase: "end",
      bytes: count,
      outcome: "ended",
    });
  });
});

test.each([
  ["+SMTPAUTH", ["password"]],
  ["+POP3SRV", ["password"]],
  ["+CFTPPW", ["text"]],
  ["+CFTPUN", []],
  ["+CSOCKAUTH", ["password", "user"]],
  ["+CPIN", ["pin", "newPin"]],
  ["+CLCK", ["password"]],
  ["+CPWD", ["old", "new"]],
])("the secrets of %s are marked", (name, secrets) => {
  const parameters = ALL_COMMANDS.find((command) => command.name === name)?.parameters ?? [];
  const marked = parameters.filter((parameter) => parameter.kind === "string" && parameter.secret === true);
  expect(marked.map((parameter) => parameter.name)).toEqual(secrets);
});

test("no password reaches an event but as the host has sent it", async () => {
  const parameters = ALL_COMMANDS.flatMap((command) =>
    command.parameters.some((parameter) => /pass|pin|puk/i.test(parameter.name)) ? [command] : [],
  );
  for (const command of parameters) {
    const secret = command.parameters.filter((parameter) => /pass|pin|puk/i.test(parameter.name));
    expect(secret.every((parameter) => parameter.kind === "string" && parameter.secret === true)).toBe(true);
  }
  expect(parameters.length).toBeGreaterThan(4);
});
