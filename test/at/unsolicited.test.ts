import { describe, expect, test } from "vitest";
import { EtxEntry } from "../../src/at/entry/etx-entry.ts";
import type { Result } from "../../src/at/result-code.ts";
import { framed, OK } from "../support/framing.ts";
import { sessionOnMemory, testCommand, yieldToIo } from "../support/session-on-memory.ts";

const URCS = framed("+URC: 1") + framed("+URC: 2");

describe("an unsolicited line", () => {
  test("is printed at once on a free line", async () => {
    const { dte, session } = sessionOnMemory([]);
    session.urc("+URC: 1");
    await dte.expect(framed("+URC: 1"));
  });

  test.each(["AT", "at+n", "AT\x1b"])("waits while %j is typed, and comes after the answer", async (begun) => {
    const { dte, session } = sessionOnMemory([]);
    dte.send(begun);
    session.urc("+URC: 1");
    session.urc("+URC: 2");
    await dte.expectNothing();
    dte.send("\b".repeat(begun.length));
    await dte.expect(URCS);
  });

  test("waits for the answer of the line that is typed", async () => {
    const { dte, session } = sessionOnMemory([]);
    dte.send("AT");
    session.urc("+URC: 1");
    await dte.command("+N\r", OK + framed("+URC: 1"));
  });

  test.each(["", "\n", "hello ", "\x1a", "+++", "AX", "A", "A\x1b", "banana", "AT\b"])(
    "does not wait for %j, which begins no line",
    async (noise) => {
      const { dte, session } = sessionOnMemory([]);
      dte.send(noise);
      session.urc("+URC: 1");
      await dte.expect(framed("+URC: 1"));
    },
  );

  test("comes between pipelined lines even where the host never pauses", async () => {
    const { dte, session } = sessionOnMemory([]);
    dte.send("AT+N\rAT");
    session.urc("+URC: 1");
    await dte.command("+N\rAT+N\rA", OK + OK + framed("+URC: 1") + OK);
  });

  test("waits while a command is between its information response and its final result code", async () => {
    let end: () => void = () => undefined;
    const command = testCommand("HOLD", "holding", async (line): Promise<Result> => {
      line.info("begun");
      await new Promise<void>((resolve) => (end = resolve));
      return "OK";
    });
    const { dte, session } = sessionOnMemory([command]);
    await dte.command("AT+HOLD\r", framed("begun"));
    session.urc("+URC: 1");
    session.urc("+URC: 2");
    await dte.expectNothing();
    end();
    await dte.expect(OK + URCS);
  });

  test("waits while a response is printed bit by bit, and for its final result code", async () => {
    let give: (bytes: Uint8Array | undefined) => void = () => undefined;
    const command = testCommand("HOLD", "holding", async (line): Promise<Result> => {
      await line.response(() => new Promise((resolve) => (give = resolve)));
      return "OK";
    });
    const { dte, session, settings } = sessionOnMemory([command]);
    dte.send("AT+HOLD\r");
    for (const bytes of ["\r\nOK\r\n", "\x00\x1a"]) {
      session.urc("+URC: 1");
      give(Buffer.from(bytes, "latin1"));
      await yieldToIo();
    }
    expect(dte.take()).toBe("\r\n\r\nOK\r\n\x00\x1a");
    give(undefined);
    await dte.expect(`\r\n${OK}${framed("+URC: 1")}${framed("+URC: 1")}`);
    settings.set("V", 0);
    dte.send("AT+HOLD\r");
    give(Buffer.from("x"));
    await yieldToIo();
    give(undefined);
    await dte.expect("x\r\n0\r");
  });

  test("waits for data entry and for the final result code after it", async () => {
    const command = testCommand("DATA", "holding", async (line): Promise<Result> => {
      await line.prompt("GO", new EtxEntry(async () => undefined, { binary: false }));
      await yieldToIo();
      return "OK";
    });
    const { dte, session } = sessionOnMemory([command]);
    await dte.command("AT+DATA\r", framed("GO"));
    session.urc("+URC: 1");
    dte.send("text\r\n");
    session.urc("+URC: 2");
    await dte.expectNothing();
    dte.send("\x1a");
    await dte.expect(OK + URCS);
  });

  test("is framed as ATV is when it is printed", async () => {
    const { dte, session, settings } = sessionOnMemory([]);
    dte.send("AT+");
    session.urc("+URC: 1");
    settings.set("V", 0);
    await dte.command("N\r", "0\r+URC: 1\r\n");
  });
});

describe("a packet", () => {
  test("is one piece that nothing splits, and tells when there is room", async () => {
    const { dte, session } = sessionOnMemory([]);
    dte.send("AT");
    let printed = 0;
    for (const payload of ["one", "two"])
      void session.packets([{ head: "+DATA", payload: Buffer.from(payload) }]).then(() => printed++);
    session.urc("+URC: 1");
    await dte.expectNothing();
    expect(printed).toBe(0);
    await dte.command("+N\r", `${OK}${framed("+DATA")}one${framed("+DATA")}two${framed("+URC: 1")}`);
    await yieldToIo();
    expect(printed).toBe(2);
  });

  test("larger than what is collected at a time is not split by what comes meanwhile", async () => {
    const { dte, session } = sessionOnMemory([]);
    const payload = Buffer.alloc(100_000, "x");
    void session.packets([{ head: "+DATA", payload }]);
    session.urc("+URC: 1");
    dte.send("AT+N\r");
    const got = await waited(dte);
    expect(got.startsWith(`${framed("+DATA")}${payload.toString()}`)).toBe(true);
    expect(got.length).toBe(framed("+DATA").length + payload.length + framed("+URC: 1").length + OK.length);
  });
});

async function waited(dte: { take(): string }): Promise<string> {
  await yieldToIo();
  await yieldToIo();
  return dte.take();
}
