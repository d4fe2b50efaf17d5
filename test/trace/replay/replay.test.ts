import { expect, test } from "vitest";
import type { Receiver } from "../../../src/platform/serial-line.ts";
import { SystemClock } from "../../../src/platform/time/clock.ts";
import { VirtualClock } from "../../../src/platform/time/virtual-clock.ts";
import type { RigEvent } from "../../../src/rig/events.ts";
import { Mask } from "../../../src/trace/compare/mask.ts";
import { type ReplayResult, replay } from "../../../src/trace/replay/replay.ts";
import { type HostEnd, memoryPair } from "../../../src/transport/memory.ts";

type Said = readonly [mark: ">" | "<", bytes: string, at?: number];

async function* session(said: readonly Said[]): AsyncGenerator<RigEvent> {
  for (const [index, [mark, bytes, at = 0]] of said.entries())
    yield { seq: index + 1, at, modem: "m1", type: mark === ">" ? "host" : "module", bytes };
}

const SESSION: readonly Said[] = [
  [">", "AT\r"],
  ["<", "AT\r\r\nOK\r\n"],
  [">", "AT+CMGS\r"],
  ["<", "\r\n> "],
  [">", "hi\x1a"],
  ["<", "\r\nOK\r\n", 60_000],
];

/** Replays a session against a module that a test plays. */
async function play(
  said: readonly Said[],
  module: (port: HostEnd, clock: VirtualClock) => Promise<void>,
): Promise<ReplayResult> {
  const { module: port, host } = memoryPair();
  const clock = new VirtualClock();
  const mask = new Mask();
  const { signal } = new AbortController();
  const playing = replay(session(said), port, { mask, timeout: 1000, clock, signal });
  await module(host, clock);
  // What is left is the time in which no more may come.
  for (let turn = 0; turn < 10; turn++) {
    await new Promise(setImmediate);
    await clock.advance(200);
  }
  return playing;
}

test("each piece is sent when the module has said what comes before it, and not earlier", async () => {
  const result = await play(SESSION, async (module) => {
    await module.waitFor("AT\r");
    void module.write("AT\r\r\n");
    void module.write("OK\r");
    await new Promise(setImmediate);
    expect(String(module.take())).toBe("");
    void module.write("\n");
    await module.waitFor("AT+CMGS\r");
    void module.write("\r\n>");
    await new Promise(setImmediate);
    expect(String(module.take())).toBe("");
    void module.write(" ");
    await module.waitFor("hi\x1a");
    void module.write("\r\nOK\r\n");
  });
  expect(result).toEqual({});
});

test("a difference is told at once, with its surroundings", async () => {
  const { difference, reason } = await play(SESSION, async (module) => {
    await module.waitFor("AT\r");
    void module.write("AT\r\r\nERROR\r\n");
  });
  expect(reason).toBeUndefined();
  expect(difference).toEqual(["  > AT<CR>", "  < AT<CR><CR><LF>", "- < OK<CR><LF>", "+ < ERROR<CR><LF>"]);
});

test("a module may take as long as in the record, and the time-out longer", async () => {
  const { difference, reason } = await play(SESSION, async (module, clock) => {
    await module.waitFor("AT\r");
    void module.write("AT\r\r\nOK\r\n");
    await module.waitFor("CMGS\r");
    void module.write("\r\n> ");
    await module.waitFor("\x1a");
    await clock.advance(60_500);
    await new Promise(setImmediate);
    await clock.advance(600);
  });
  expect(reason).toBe("the module said nothing more for 61000 ms");
  expect(difference?.slice(-3)).toEqual(["- < > <CR><LF>", "- < OK<CR><LF>", "+ < > "]);
});

test("what a module says at the end is a difference, too", async () => {
  const { difference } = await play(SESSION.slice(0, 2), async (module) => {
    await module.waitFor("AT\r");
    void module.write("AT\r\r\nOK\r\n\r\nRING\r\n");
  });
  expect(difference?.slice(-3)).toEqual(["- < (nothing)", "+ < <CR><LF>", "+ < RING<CR><LF>"]);
});

test("a port that goes away is told", async () => {
  const { reason } = await play(SESSION, async (module) => {
    await module.waitFor("AT\r");
    module.hangUp();
  });
  expect(reason).toBe("the port is gone: the host has hung up");
});

test("a module that says much more than the record is held back", async () => {
  const said: readonly Said[] = [
    [">", "AT\r"],
    ["<", "x".repeat(4096)],
    [">", "AT\r"],
  ];
  const { difference } = await play(said, async (module) => {
    await module.waitFor("AT\r");
    for (let piece = 0; piece < 8; piece++) void module.write("x".repeat(65_536));
  });
  expect(difference?.at(-1)).toMatch(/^\+ < x/);
});

test("a long record is replayed in constant memory", async () => {
  const total = 64 * 1024 * 1024;
  const asked = `AT+FSWRITE="${"x".repeat(1000)}"\r`;
  const answer = Buffer.from(`\r\n+FSREAD: ${"y".repeat(3000)}\r\n\r\nOK\r\n`);
  let most = 0;
  async function* long(): AsyncGenerator<RigEvent> {
    for (let seq = 1, bytes = 0; bytes < total; seq += 2, bytes += asked.length + answer.length) {
      yield { seq, at: seq, modem: "m1", type: "host", bytes: asked };
      // As in a record that is read, each is a string of its own.
      yield { seq: seq + 1, at: seq, modem: "m1", type: "module", bytes: answer.toString("latin1") };
      if (seq % 512 === 1) most = Math.max(most, process.memoryUsage().heapUsed);
    }
  }
  let module: Pick<Receiver, "data"> | undefined;
  const port = {
    start: (receiver: Receiver) => {
      module = receiver;
    },
    write: () => void setImmediate(() => module?.data(Buffer.from(answer))),
  };
  const before = process.memoryUsage().heapUsed;
  const { signal } = new AbortController();
  const clock = new SystemClock();
  expect(await replay(long(), port, { mask: new Mask(), timeout: 10_000, clock, signal })).toEqual({});
  expect(most - before).toBeLessThan(48 * 1024 * 1024);
});
