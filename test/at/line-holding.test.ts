import { describe, expect, test } from "vitest";
import type { Result } from "../../src/at/result-code.ts";
import { SERIAL_LIMITS } from "../../src/platform/serial-line.ts";
import { ERROR, framed, OK } from "../support/framing.ts";
import { endedByTest, sessionOnMemory, testCommand, yieldToIo } from "../support/session-on-memory.ts";

describe("a holding command", () => {
  test("keeps the lines that come meanwhile, in order", async () => {
    const hold = endedByTest("HOLD", "holding");
    const { dte } = sessionOnMemory([hold.command]);
    dte.send("AT+HOLD\rAT+N\rAT+NOSUCH\r");
    dte.send("AT+N\rAT+");
    await dte.expectNothing();
    hold.end("OK");
    await dte.expect(OK + OK + ERROR + OK);
    await dte.command("N\r", OK);
  });

  test("holds back a host that sends more than 64 KiB, and loses nothing of it", async () => {
    const hold = endedByTest("HOLD", "holding");
    const { dte, host } = sessionOnMemory([hold.command]);
    dte.send("AT+HOLD\r");
    const line = Buffer.from("AT+N\r");
    let sent = 0;
    let room: Promise<void> | undefined;
    while (room === undefined && sent < 100_000) {
      room = host.write(line);
      sent++;
    }
    expect(room).toBeInstanceOf(Promise);
    expect(sent * line.length).toBeGreaterThanOrEqual(SERIAL_LIMITS.hostBuffer);
    hold.end("OK");
    await room;
    await dte.expect(OK.repeat(sent + 1));
    await dte.expectNothing();
  });

  test("continues a line where it stopped, and stops it where it fails", async () => {
    const hold = endedByTest("HOLD", "holding");
    const noted = testCommand("NOTE", "synchronous", (line) => {
      line.info("noted");
      return "OK";
    });
    const { dte } = sessionOnMemory([hold.command, noted]);
    dte.send("AT+NOTE;+HOLD;+NOTE\r");
    await dte.expect(framed("noted"));
    hold.end("OK");
    await dte.expect(framed("noted") + OK);
    dte.send("AT+HOLD;+NOTE\r");
    await yieldToIo();
    hold.end("ERROR");
    await dte.expect(ERROR);
    await dte.expectNothing();
  });

  test("goes on after the final result code of its line, which stays busy", async () => {
    const early = testCommand("EARLY", "detached", async (line): Promise<Result> => {
      await yieldToIo();
      line.afterwards(() => line.info("begun"));
      return "OK";
    });
    const { dte } = sessionOnMemory([early]);
    await dte.command("AT+EARLY\r", OK + framed("begun"));
    await dte.command("AT+EARLY;+N\rAT+N\r", framed("begun") + OK + OK);
    await dte.command("AT+EARLY;+NOSUCH\r", framed("begun") + ERROR);
    await dte.expectNothing();
  });
});

describe("an asynchronous command", () => {
  const slow = () => {
    let end: () => void = () => undefined;
    const command = testCommand("SLOW", "asynchronous", async (line): Promise<Result> => {
      await new Promise<void>((resolve) => (end = resolve));
      line.info("slow");
      return "OK";
    });
    return { command, end: () => end() };
  };

  test("leaves the line to others", async () => {
    const { command, end } = slow();
    const { dte } = sessionOnMemory([command]);
    dte.send("AT+SLOW\r");
    await dte.expectNothing();
    await dte.command("AT+N\r", OK);
    end();
    await dte.expect(framed("slow") + OK);
  });

  test("answers in one piece, not inside a line that is being typed", async () => {
    const { command, end } = slow();
    const { dte, session } = sessionOnMemory([command]);
    dte.send("AT+SLOW\rAT+");
    end();
    session.urc("+URC: 1");
    await dte.expectNothing();
    await dte.command("N\r", OK);
    const rest = await remainder(dte);
    expect([framed("slow") + OK + framed("+URC: 1"), framed("+URC: 1") + framed("slow") + OK]).toContain(rest);
  });

  test("that STOP ends has no result code of its own: STOP's is the only one", async () => {
    const stopped = endedByTest("SEND", "asynchronous");
    const stop = testCommand("STOP", "synchronous", () => {
      stopped.end("NONE");
      return "OK";
    });
    const { dte } = sessionOnMemory([stopped.command, stop]);
    dte.send("AT+SEND\r");
    await dte.expectNothing();
    await dte.command("AT+STOP\r", OK);
    await dte.expectNothing();
    await dte.command("AT+N\r", OK);
  });

  test("holds the line where another command follows on it", async () => {
    const { command, end } = slow();
    const { dte } = sessionOnMemory([command]);
    dte.send("AT+SLOW;+N\rAT+N\r");
    await dte.expectNothing();
    end();
    await dte.expect(framed("slow") + OK + OK);
  });
});

describe("a handler that fails", () => {
  test.each([
    [
      "throws",
      () => {
        throw new Error("a bug");
      },
    ],
    [
      "rejects",
      async () => {
        await yieldToIo();
        throw new Error("a bug");
      },
    ],
    [
      "throws what is no error",
      () => {
        throw "a bug" as unknown;
      },
    ],
  ] as const)("that %s answers ERROR, is logged, and costs nothing else", async (_, execute) => {
    const { dte, logged } = sessionOnMemory(
      (["synchronous", "holding", "asynchronous"] as const).map((kind) =>
        testCommand(kind.toUpperCase(), kind, execute),
      ),
    );
    for (const name of ["SYNCHRONOUS", "HOLDING", "ASYNCHRONOUS"]) await dte.command(`AT+${name}\r`, ERROR);
    await dte.command("AT+N\r", OK);
    expect(logged.map(({ event, detail }) => [event, String(detail).includes("a bug")])).toEqual(
      Array(3).fill(["handler-failed", true]),
    );
  });
});

async function remainder(dte: { expectNothing(): Promise<void>; take(): string }): Promise<string> {
  await yieldToIo();
  return dte.take();
}
