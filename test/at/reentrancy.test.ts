import { test } from "vitest";
import type { AtLine } from "../../src/at/at-line.ts";
import { EtxEntry } from "../../src/at/entry/etx-entry.ts";
import { SERIAL_LIMITS } from "../../src/platform/serial-line.ts";
import { framed, OK } from "../support/framing.ts";
import { endedByTest, sessionOnMemory, testCommand, yieldToIo } from "../support/session-on-memory.ts";

const GO = framed("GO");

async function prompt(line: AtLine) {
  let entered = "";
  const receive = async (bytes: Buffer) => {
    entered += bytes.toString("latin1");
  };
  const entry = new EtxEntry(receive, { binary: true });
  const outcome = await line.prompt("GO", entry);
  line.info(`${outcome}: ${entered}`);
  return "OK" as const;
}

/** A command that prompts before its first await, as SMTPBODY and CMGS do, and one that has to connect first. */
function bench() {
  const connecting = endedByTest("CONNECTING", "holding");
  return { ...sessionOnMemory([testCommand("DATA", "holding", prompt), connecting.command]), connecting };
}

test.each(["AT+N\r", "\n", "\x1a", "AT+DATA\r", "AT+N\rAT+N\rhalf a li"])(
  "%j that settling delivers while a command is being begun is thrown away",
  async (late) => {
    const { dte, module, session } = bench();
    let settled = 0;
    // As a terminal does that reads at once what its kernel holds.
    module.settle = async () => {
      if (settled++ === 0) void session.data(Buffer.from(late));
      await yieldToIo();
      void session.data(Buffer.from(late));
    };
    await dte.command("AT+DATA\r", GO);
    await dte.expectNothing();
    await dte.command("text\x1a", framed("ended: text") + OK);
    await dte.command("AT+N\r", OK);
  },
);

test("what is delivered while a command runs is run after it, in order", async () => {
  const { session, dte, module } = bench();
  const write = module.write.bind(module);
  let once = true;
  module.write = (bytes) => {
    if (once) {
      once = false;
      void session.data(Buffer.from("AT+NOSUCH\r"));
    }
    return write(bytes);
  };
  await dte.command("AT+N\rAT+N\r", OK + OK + framed("ERROR"));
  await dte.expectNothing();
});

test("a host that fills the queue before a prompt has all of it thrown away", async () => {
  const { dte, host, connecting } = bench();
  dte.send("AT+CONNECTING;+DATA\r");
  let sent = 0;
  let room: Promise<void> | undefined;
  while (room === undefined && sent < 4 * SERIAL_LIMITS.hostBuffer) {
    room = host.write("AT+N\r".repeat(100));
    sent += 500;
  }
  void host.write("AT+N\r".repeat(1000));
  connecting.end("OK");
  await dte.expect(GO);
  await room;
  await dte.command("text\x1a", framed("ended: text") + OK);
  await dte.expectNothing();
});

test("lines that came before a prompt are run where the command fails before it", async () => {
  const { dte, connecting } = bench();
  dte.send("AT+CONNECTING;+DATA\rAT+N\r");
  await yieldToIo();
  connecting.end("ERROR");
  await dte.expect(framed("ERROR") + OK);
});
