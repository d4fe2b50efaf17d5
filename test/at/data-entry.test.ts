import { describe, expect, test } from "vitest";
import { EtxEntry } from "../../src/at/entry/etx-entry.ts";
import { AT_LIMITS } from "../../src/at/limits.ts";
import type { Result } from "../../src/at/result-code.ts";
import { etxRows } from "../codec/etx/rows.ts";
import { ERROR, framed, OK } from "../support/framing.ts";
import { sessionOnMemory, testCommand, yieldToIo } from "../support/session-on-memory.ts";

/** `AT+DATA` prompts with GO and prints what was entered; `AT+FAIL` fails where it could have prompted. */
interface DataOptions {
  promptDelay?: number;
  receive?: () => Promise<void>;
  style?: "line" | "inline";
  binary?: boolean;
}

function dataSession(options: DataOptions = {}) {
  let connected: () => void = () => undefined;
  const data = testCommand("DATA", "holding", async (line): Promise<Result> => {
    const entered: Buffer[] = [];
    const entry = new EtxEntry(
      async (bytes) => {
        await options.receive?.();
        entered.push(Buffer.from(bytes));
      },
      { binary: options.binary ?? false },
    );
    const outcome = await line.prompt("GO", entry, options.style);
    if (outcome === "silent") return { cme: 223 };
    line.info(Buffer.concat(entered).toString("hex"));
    return "OK";
  });
  const slow = testCommand("SLOW", "holding", async (line): Promise<Result> => {
    await new Promise<void>((resolve) => (connected = resolve));
    return data.execute?.({ line }) ?? "ERROR";
  });
  const fail = testCommand("FAIL", "holding", async (): Promise<Result> => {
    await new Promise<void>((resolve) => (connected = resolve));
    return "ERROR";
  });
  return { ...sessionOnMemory([data, slow, fail], options), connect: () => connected() };
}

const hex = (text: string) => Buffer.from(text, "latin1").toString("hex");

describe("a data prompt", () => {
  test.each(["\n", "\x1a", "\r\n\r\n\x1a", "AT+N\r", "GET / HTTP/1.1\r\n\r\n\x1a"])(
    "throws away %j that came before it",
    async (stray) => {
      const { dte, connect } = dataSession();
      dte.send(`AT+SLOW\r${stray}`);
      await yieldToIo();
      connect();
      await dte.expect(framed("GO"));
      await dte.command("abc\x1a", framed(hex("abc")) + OK);
    },
  );

  test("leaves early lines alone where the command fails and no prompt comes", async () => {
    const { dte, connect } = dataSession();
    dte.send("AT+FAIL\r\nAT+N\r\n");
    await yieldToIo();
    connect();
    await dte.expect(ERROR + OK);
  });

  test("drops the line feed of its command line when that comes after it, and only that", async () => {
    const { dte } = dataSession();
    await dte.command("AT+DATA\r", framed("GO"));
    dte.send("\n");
    await dte.command("\nabc\x1a", framed(hex("\nabc")) + OK);
  });

  test.each([
    { habit: "\r", binary: true, kept: "\n" },
    { habit: "\r\n", binary: true, kept: "" },
    { habit: "\r", binary: false, kept: "" },
  ])("a line feed first in data (binary: $binary) from a host that ends its lines with $habit", async (row) => {
    const { dte } = dataSession({ binary: row.binary });
    await dte.command(`AT+N${row.habit}`, OK);
    await dte.command("AT+DATA\r", framed("GO"));
    await dte.command("\nabc\x1a", framed(hex(`${row.kept}abc`)) + OK);
  });

  test("keeps a line feed of the data where the command's own came before", async () => {
    const { dte, connect } = dataSession();
    dte.send("AT+SLOW\r\n");
    await yieldToIo();
    connect();
    await dte.expect(framed("GO"));
    await dte.command("\nabc\x1a", framed(hex("\nabc")) + OK);
  });

  test("comes no earlier than the dialect has it, and what comes before is thrown away", async () => {
    const { dte } = dataSession({ promptDelay: 50 });
    dte.send("AT+DATA\r");
    await dte.expectNothing(49);
    dte.send("\x1a");
    await dte.expect(framed("GO"), { within: 1 });
    await dte.command("\x1a", framed("") + OK);
  });

  test("can stand at the start of a line", async () => {
    const { dte } = dataSession({ style: "inline" });
    await dte.command("AT+DATA\r", "\r\nGO");
    await dte.command("\x1a", framed("") + OK);
  });
});

describe("data entry", () => {
  test.each(etxRows)("takes $name at every split", async ({ data, code }) => {
    for (let at = 0; at <= code.length; at++) {
      const { dte } = dataSession();
      await dte.command("AT+DATA\r", framed("GO"));
      if (code[0] === 0x0a) dte.send("\n");
      dte.send(code.subarray(0, at));
      dte.send(code.subarray(at));
      await yieldToIo();
      await dte.command("\x1a", framed(data.toString("hex")) + OK);
    }
  });

  test("all 256 values pass", async () => {
    const { dte } = dataSession();
    await dte.command("AT+DATA\r", framed("GO"));
    const values = Buffer.from(Array.from({ length: 256 }, (_, value) => value));
    for (const value of values) {
      dte.send(Uint8Array.of(0x03, value));
      await yieldToIo();
    }
    await dte.command("\x1a", framed(values.toString("hex")) + OK);
  });

  test("gives the bytes after Ctrl-Z to the next command line", async () => {
    const { dte } = dataSession();
    await dte.command("AT+DATA\r", framed("GO"));
    await dte.command("abc\x1aAT+N\rAT+", framed(hex("abc")) + OK + OK);
    await dte.command("N\r", OK);
  });

  test.each(["\r\n", "\x1a", "\x1a\x1a\r\n", "\n"])("bears %j after its Ctrl-Z", async (habit) => {
    const { dte } = dataSession();
    await dte.command("AT+DATA\r", framed("GO"));
    await dte.command(`abc\x1a${habit}`, framed(hex("abc")) + OK);
    await dte.command("AT+N\r", OK);
  });

  test("is echoed, line feeds included, but for its Ctrl-Z", async () => {
    const { dte, settings } = dataSession();
    settings.set("E", 1);
    await dte.command("AT+DATA\r\n", `AT+DATA\r${framed("GO")}`);
    await dte.command("GET /\r\n\x03\x1a", "GET /\r\n\x03\x1a");
    await dte.command("x\x1aAT+N\r", `x${framed(hex("GET /\r\n\x1ax"))}${OK}AT+N\r${OK}`);
  });

  test("does not care about S3, S4 and S5", async () => {
    const { dte, settings } = dataSession();
    await dte.command("AT+DATA\r", framed("GO"));
    settings.set("S5", 0x61);
    await dte.command("abc\r\b\x7f\x1a", framed(hex("abc\r\b\x7f")) + OK);
  });

  test("fails with the time-out code when the host falls silent", async () => {
    const { dte, clock } = dataSession();
    await dte.command("AT+DATA\r", framed("GO"));
    await clock.advance(AT_LIMITS.entrySilence - 1);
    dte.send("a");
    await dte.expectNothing(AT_LIMITS.entrySilence - 1);
    await dte.expect(framed("+CME ERROR: HTTP timeout"), { within: 1 });
    await dte.command("AT+N\r", OK);
    expect(clock.pendingAlarms).toBe(0);
  });

  test("does not count the time in which the host is held back", async () => {
    let release: () => void = () => undefined;
    const { dte, clock } = dataSession({ receive: () => new Promise((resolve) => (release = resolve)) });
    await dte.command("AT+DATA\r", framed("GO"));
    dte.send("a");
    await dte.expectNothing(2 * AT_LIMITS.entrySilence);
    release();
    await dte.expectNothing(AT_LIMITS.entrySilence - 1);
    await dte.expect(framed("+CME ERROR: HTTP timeout"), { within: 1 });
    expect(clock.pendingAlarms).toBe(0);
  });

  test("ends when its last bytes have been taken", async () => {
    let release: () => void = () => undefined;
    const { dte } = dataSession({ receive: () => new Promise((resolve) => (release = resolve)) });
    await dte.command("AT+DATA\r", framed("GO"));
    dte.send("abc\x1aAT+N\r");
    await dte.expectNothing();
    release();
    await dte.expect(framed(hex("abc")) + OK + OK);
  });
});
