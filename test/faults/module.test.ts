import { describe, expect, test } from "vitest";
import { AT_LIMITS } from "../../src/at/limits.ts";
import type { FaultSpec } from "../../src/faults/fault.ts";
import { OK } from "../support/framing.ts";
import { bench, SESSIONS } from "./bench.ts";

describe("a command", () => {
  test.each<[string, FaultSpec, string, string]>([
    [
      "is answered otherwise",
      { kind: "answer", command: "+CSQ", lines: ["+CSQ: 3,7", "+CSQ: 4,4"] },
      "AT+CSQ",
      `\r\n+CSQ: 3,7\r\n+CSQ: 4,4\r\n${OK}`,
    ],
    [
      "is answered with an error",
      { kind: "answer", command: "+csq", result: "+CME ERROR: 30" },
      "AT+CSQ",
      "\r\n+CME ERROR: 30\r\n",
    ],
    [
      "is answered with a TAB and a LF",
      { kind: "answer", command: "+CSQ", lines: ["a\tb\nc"] },
      "AT+CSQ",
      `\r\na\tb\nc\r\n${OK}`,
    ],
    ["is not answered at all", { kind: "answer", command: "+CSQ", result: "NONE" }, "AT+CSQ", ""],
    [
      "that the module does not have is answered",
      { kind: "answer", command: "+NOSUCH", lines: ["+NOSUCH: 1"] },
      "AT+NOSUCH?",
      `\r\n+NOSUCH: 1\r\n${OK}`,
    ],
    [
      "fails, and what follows on its line does not run",
      { kind: "answer", command: "+CSQ", result: "ERROR" },
      "AT+CSQ;+CGMI",
      "\r\nERROR\r\n",
    ],
    ["is busy", { kind: "busy", command: "+CFTPGETFILE", code: 202 }, SESSIONS.ftp[1], "\r\n+CME ERROR: 202\r\n"],
    [
      "in another form is left alone",
      { kind: "busy", command: "+CMEE", form: "write", code: 14 },
      "AT+CMEE?",
      `\r\n+CMEE: 1\r\n${OK}`,
    ],
    [
      "that begins the fault suffers already",
      { kind: "busy", command: "+CSQ", code: 14, on: { type: "command", name: "+CSQ" } },
      "AT+CSQ",
      "\r\n+CME ERROR: 14\r\n",
    ],
  ])("%s", async (_, fault, line, said) => {
    const { dte } = await bench([fault]);
    await dte.command(`${line}\r`, said);
    await dte.expectNothing(1000);
    await dte.command("AT\r", OK);
  });

  test.each<[FaultSpec, string]>([
    [{ kind: "answer", command: "+CMEE", form: "read", lines: ["+CMEE: 9"] }, `\r\n+CMEE: 9\r\n${OK}`],
    [{ kind: "busy", command: "+CMEE", code: 14 }, "\r\n+CME ERROR: 14\r\n"],
  ])("is answered by the module again once %j has been used up", async (fault, said) => {
    const { dte, fired } = await bench([{ ...fault, times: 2 }]);
    for (const answer of [said, said, `\r\n+CMEE: 1\r\n${OK}`]) await dte.command("AT+CMEE?\r", answer);
    expect(fired()).toEqual([2]);
  });

  const OVER = { lines: ["+OVER: 1"] } as const;

  test.each<[string, FaultSpec, string, string, string]>([
    [
      "until Ctrl-Z, with ETX before one that is no end",
      { kind: "answer", command: "+CMGS", entry: { prompt: "> ", inline: true }, ...OVER },
      "\r\n> ",
      "a\rb\x03\x1ac\x1a",
      "a\rb\x03\x1ac",
    ],
    ["until ESC", { kind: "answer", command: "+CMGS", entry: { prompt: "GO" }, ...OVER }, "\r\nGO\r\n", "ab\x1b", "ab"],
    [
      "with the prompt behind each CR",
      { kind: "answer", command: "+CMGS", entry: { prompt: "> ", inline: true, repeated: true }, ...OVER },
      "\r\n> ",
      "a\r\rb\x1a",
      "a\r\r\n> \r\r\n> b",
    ],
    [
      "as a file",
      { kind: "answer", command: "+CMGS", entry: { prompt: "GO", binary: true }, ...OVER },
      "\r\nGO\r\n",
      "a\x1b\rb\x1a",
      "",
    ],
    [
      "as so many bytes",
      { kind: "answer", command: "+CMGS", entry: { prompt: ">", inline: true, length: 4 }, ...OVER },
      "\r\n>",
      "\x1a\x1b\x03\r",
      "\x1a\x1b\x03\r",
    ],
    [
      "for a command that the module does not have",
      { kind: "answer", command: "+NOSUCH", entry: { prompt: ">", inline: true }, ...OVER },
      "\r\n>",
      "ab\x1a",
      "ab",
    ],
    [
      "for one that is asynchronous, and after a delay",
      { kind: "answer", command: "+SMTPSEND", entry: { prompt: ">", inline: true }, ...OVER },
      "\r\n>",
      "ab\x1a",
      "ab",
    ],
  ])("takes data %s", async (_, fault, prompt, data, echo) => {
    const { dte, clock } = await bench([fault, { kind: "delay", command: "+SMTPSEND", ms: 2000 }]);
    await dte.command("ATE1\r", OK);
    dte.send(`AT${fault.command}\r`);
    await clock.advance(2000);
    await dte.expect(`AT${fault.command}\r${prompt}`);
    for (const byte of Buffer.from(data, "latin1")) dte.send(Uint8Array.of(byte));
    await dte.expect(`${echo}\r\n+OVER: 1\r\n${OK}`);
    await dte.command("AT\r", `AT\r${OK}`);
  });

  test("fails when its host is silent at the prompt", async () => {
    const fault = { kind: "answer", command: "+CMGS", entry: { prompt: "> ", inline: true }, lines: ["+CMGS: 1"] };
    const { dte, clock } = await bench([fault]);
    await dte.command("AT+CMGS\r", "\r\n> ");
    await clock.advance(AT_LIMITS.entrySilence);
    await dte.expect("\r\nERROR\r\n");
    await dte.command("AT\r", OK);
  });

  test("is delayed, and holds the line meanwhile", async () => {
    const { dte, fired } = await bench([{ kind: "delay", command: "+CMEE", ms: 3000, times: 1 }]);
    dte.send("AT+CMEE?\rAT\r");
    await dte.expectNothing(2999);
    await dte.expect(`\r\n+CMEE: 1\r\n${OK}${OK}`, { within: 1 });
    await dte.command("AT+CMEE?\r", `\r\n+CMEE: 1\r\n${OK}`);
    expect(fired()).toEqual([1]);
  });

  test("that is delayed is forgotten by a module that restarts", async () => {
    const { dte, modem, clock } = await bench([{ kind: "delay", command: "+CMEE", ms: 3000 }]);
    dte.send("AT+CMEE?\r");
    await dte.expectNothing();
    await modem.reset();
    await dte.expectNothing(5000);
    expect(clock.pendingAlarms).toBe(0);
  });
});

describe("what happens to the module, and how it recovers", () => {
  test.each<[string, string, string, string]>([
    ["deregister", "AT+CREG?", "\r\n+CREG: 0,0\r\n", "\r\n+CREG: 0,1\r\n"],
    ["detach", "AT+CGATT?", "\r\n+CGATT: 0\r\n", "\r\n+CGATT: 1\r\n"],
    ["card_pull", "AT+FSCD=D:", "\r\nERROR\r\n", OK],
    ["sim_pull", "AT+CPIN?", "\r\n+CME ERROR: 10\r\n", "\r\n+CPIN: READY\r\n"],
  ])("%s: %s answers %j, and %j afterwards", async (kind, line, during, after) => {
    const { dte, clock, rig } = await bench([{ kind, for: 10_000 }]);
    const ask = async () => {
      dte.send(`${line}\r`);
      await clock.advance(0);
      return dte.take();
    };
    await clock.advance(1);
    dte.take();
    expect(await ask()).toContain(during);
    await clock.advance(10_000);
    dte.take();
    expect(await ask()).toContain(after);
    expect(rig.faults.list()).toMatchObject([{ fired: 1, state: "ended" }]);
  });

  test("lose_fix: the position is lost, and found again two seconds after the satellites", async () => {
    const { dte, clock, modem, rig } = await bench();
    dte.send("AT+CGPSHOT\r");
    await clock.advance(2000);
    const seen: unknown[] = [];
    modem.module.gps.changed.add(({ receiver }) => seen.push([clock.monotonic(), receiver]));
    rig.faults.add({ kind: "lose_fix", for: 10_000 });
    await clock.advance(60_000);
    expect(seen).toEqual([
      [2000, "searching"],
      [12_000, "searching"],
      [14_000, "fixed"],
    ]);
  });

  test("a fault of the start holds from the start, and again after a reset", async () => {
    const { dte, rig } = await bench([], { fault: { kind: "deregister" } });
    await dte.command("AT+CREG?\r", `\r\n+CREG: 0,0\r\n${OK}`);
    await rig.reset();
    await dte.clock.advance(1);
    dte.take();
    await dte.command("ATE0+CREG?\r", `ATE0+CREG?\r\r\n+CREG: 0,0\r\n${OK}`);
  });

  test("reset: the module drops what it does, boots with its URCs, and answers again", async () => {
    const fault = { kind: "reset", on: { type: "entry", phase: "begin" } };
    const { dte, clock } = await bench([fault]);
    dte.send("AT+SMTPBODY\r");
    await clock.advance(10_000);
    const said = dte.take();
    expect(said).toContain("START");
    await dte.command("AT\r", `AT\r${OK}`);
  });
});

describe("a wrong field is refused by name", () => {
  test.each<[unknown, string]>([
    [{ kind: "answer" }, "/command is missing"],
    [{ kind: "answer", command: "AT+CSQ" }, "/command must be the name of a command"],
    [{ kind: "answer", command: "+CSQ", result: "FINE" }, "/result must be a final result code"],
    [
      { kind: "answer", command: "+CSQ", lines: ["a\r\n"] },
      "/lines/0 must be one line of text, in which TAB and LF may stand",
    ],
    [{ kind: "busy", command: "+CSQ" }, "/code is missing"],
    [{ kind: "delay", command: "+CSQ", ms: "1s" }, "/ms must be an integer"],
    [{ kind: "card_pull", volume: "D:" }, "/volume is unknown here"],
  ])("%j", async (fault, message) => {
    const { rig } = await bench();
    expect(() => rig.faults.add(fault)).toThrow(message);
  });
});
