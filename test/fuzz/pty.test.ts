import { expect, test } from "vitest";
import { Modem } from "../../src/modem/modem.ts";
import { type LogRecord, silentLog } from "../../src/platform/log.ts";
import { VirtualClock } from "../../src/platform/time/virtual-clock.ts";
import { openPty } from "../../src/transport/pty.ts";
import { PtyHost } from "../support/pty-host.ts";
import { rounds } from "../support/rounds.ts";
import { ScriptedNetwork } from "../support/scripted-network.ts";
import { yieldToIo } from "../support/session-on-memory.ts";
import { showBytes } from "../support/show-bytes.ts";
import { Dice } from "./engine-inputs.ts";

/*
 * The kernel carries a pty's bytes in pieces and at times of its own choice, and a prompting command reads what it still
 * holds. Whatever the splits, lines before a prompt are thrown away, and every line outside is answered once.
 */
const ROUNDS = rounds(80, 400);
const SEED = 20_260_801;
/** Turns of the loop in which nothing comes, after which nothing more will. */
const QUIET_TURNS = 200;

const PROMPTS = [
  { command: "AT+SMTPBODY", prompt: "\r\n>> ", answer: "\r\nOK\r\n" },
  { command: 'AT+CMGS="+15555550142"', prompt: "\r\n> ", answer: "\r\nOK\r\n" },
] as const;

/** Writes `text` in random pieces, with or without turns of the loop between them. */
async function writeInPieces(host: PtyHost, text: string, dice: Dice): Promise<void> {
  for (let at = 0; at < text.length; ) {
    const length = 1 + dice.roll(dice.roll(3) === 0 ? 3 : text.length - at);
    host.write(Buffer.from(text.slice(at, at + length), "latin1"));
    at += length;
    for (let turns = dice.roll(3); turns > 0; turns--) await yieldToIo();
  }
}

async function readUntilQuiet(host: PtyHost, until: (got: string) => boolean): Promise<string> {
  let got = "";
  const giveUp = performance.now() + 5000;
  for (let quiet = 0; quiet < QUIET_TURNS || (!until(got) && performance.now() < giveUp); quiet++) {
    const piece = host.take();
    if (piece.length > 0) quiet = 0;
    got += Buffer.from(piece).toString("latin1");
    await yieldToIo();
  }
  return got;
}

test(`${ROUNDS} bursts around a prompt, split at random, never run a line inside it`, {
  timeout: 120_000,
}, async () => {
  const dice = new Dice(SEED);
  const logged: LogRecord[] = [];
  const transport = await openPty();
  const modem = new Modem({
    transport,
    clock: new VirtualClock(),
    network: new ScriptedNetwork(),
    log: { ...silentLog, error: (record) => logged.push(record) },
  });
  await modem.start();
  const host = new PtyHost(transport.device);
  try {
    host.write(Buffer.from("ATE0+CMGF=1\r"));
    await readUntilQuiet(host, (got) => got.endsWith("OK\r\n"));
    for (let round = 0; round < ROUNDS; round++) {
      const { command, prompt, answer } = dice.pick(PROMPTS);
      // Up to a read's length of noise puts the end of the line anywhere in the kernel's pieces.
      const noise = " ".repeat(dice.pick([0, 1, 10, 2040, 4094 - command.length, 4095 - command.length]));
      const lines = "AT+CSQ\r".repeat(dice.roll(4));
      await writeInPieces(host, `${noise}${command}\r`, dice);
      await writeInPieces(host, lines, dice);
      const before = await readUntilQuiet(host, (got) => got.includes(prompt));
      // A line that the kernel has carried only after the prompt belongs to the data; none may be answered.
      if (before !== prompt) expect.fail(`round ${round}: ${showBytes(before)}`);
      const after = dice.roll(4);
      await writeInPieces(host, `\x1b${"AT+CMEE?\r".repeat(after)}`, dice);
      const expected = answer + "\r\n+CMEE: 2\r\n\r\nOK\r\n".repeat(after);
      const got = await readUntilQuiet(host, (text) => text.length >= expected.length);
      if (got !== expected) expect.fail(`round ${round}: ${showBytes(got)}`);
    }
    expect(logged).toEqual([]);
  } finally {
    host.close();
    await modem.close();
  }
});
