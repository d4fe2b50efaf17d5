import { describe, expect, test } from "vitest";
import { frameBlock } from "../../../src/protocols/xmodem/framing.ts";
import { receiveXmodem } from "../../../src/protocols/xmodem/receiver.ts";
import { CollectingSink, handLine } from "./wire.ts";

const C = 0x43;
const ACK = 0x06;
const NAK = 0x15;
const EOT = 0x04;
const CAN = 0x18;
const CANCEL = Array<number>(5).fill(CAN);

const one = Buffer.alloc(128, "1");
const two = Buffer.alloc(128, "2");
const long = Buffer.alloc(1024, "k");
const crc = (number: number, data: Buffer) => frameBlock(number, data, data.length, "crc");
const sum = (number: number, data: Buffer) => frameBlock(number, data, data.length, "checksum");

function damaged(block: Buffer): Buffer {
  const copy = Buffer.from(block);
  copy[50] = (copy[50] ?? 0) ^ 1;
  return copy;
}

/** A receiver that has been started, and a sender to play. */
function started(delay = 0) {
  const parts = handLine();
  const sink = new CollectingSink();
  const outcome = receiveXmodem(sink, parts.parts, { delay, signal: parts.signal });
  outcome.catch(() => undefined);
  /** Sends, and takes the answers that come within `ms`. */
  const exchange = async (bytes: Uint8Array | readonly number[], ms = 0) => {
    parts.line.send(bytes);
    await parts.clock.advance(ms);
    return [...parts.line.take()];
  };
  return { ...parts, sink, outcome, exchange };
}

test("128 bytes to the block, with CRC", async () => {
  const { exchange, outcome, sink, line, clock } = started();
  await clock.advance(0);
  expect([...line.take()]).toEqual([C]);
  expect(await exchange(crc(1, one))).toEqual([ACK]);
  expect(await exchange(crc(2, two))).toEqual([ACK]);
  expect(await exchange([EOT])).toEqual([ACK]);
  expect(await outcome).toBe("done");
  expect(sink.committed).toBe(true);
  expect(sink.content).toEqual(Buffer.concat([one, two]));
  expect(clock.pendingAlarms).toBe(0);
});

test("1024 bytes to the block, mixed with short ones", async () => {
  const { exchange, outcome, sink } = started();
  await exchange(crc(1, long));
  expect(await exchange(crc(2, one))).toEqual([ACK]);
  await exchange([EOT]);
  expect(await outcome).toBe("done");
  expect(sink.content).toEqual(Buffer.concat([long, one]));
});

test("block numbers go round", async () => {
  const { exchange, outcome, sink } = started();
  for (let number = 1; number <= 300; number++) await exchange(crc(number, one));
  await exchange([EOT]);
  expect(await outcome).toBe("done");
  expect(sink.content.length).toBe(300 * 128);
});

test("the padding stays: nothing tells it from data", async () => {
  const { exchange, outcome, sink } = started();
  await exchange(frameBlock(1, Buffer.from("abc"), 128, "crc"));
  await exchange([EOT]);
  await outcome;
  expect(sink.content.toString()).toBe(`abc${"\x1a".repeat(125)}`);
});

test("a sender that knows no CRC gets NAK for its start in the end", async () => {
  const { exchange, outcome, sink, clock, line } = started();
  await clock.advance(12_000);
  expect([...line.take()]).toEqual([C, C, C, C, NAK]);
  expect(await exchange(sum(1, one))).toEqual([ACK]);
  expect(await exchange(sum(2, two))).toEqual([ACK]);
  await exchange([EOT]);
  expect(await outcome).toBe("done");
  expect(sink.content).toEqual(Buffer.concat([one, two]));
});

test("a sender may begin with a CRC upon an early start although the last was NAK", async () => {
  const { exchange, outcome, clock, line } = started();
  await clock.advance(12_000);
  line.take();
  expect(await exchange(crc(1, one))).toEqual([ACK]);
  expect(await exchange(crc(2, two))).toEqual([ACK]);
  await exchange([EOT]);
  expect(await outcome).toBe("done");
});

test("a sender may begin with checksums although the last start was C", async () => {
  const { exchange, outcome } = started();
  await exchange([], 0);
  expect(await exchange(sum(1, one), 1_000)).toEqual([ACK]);
  expect(await exchange(sum(2, two))).toEqual([ACK]);
  await exchange([EOT]);
  expect(await outcome).toBe("done");
});

test("nobody sends: it gives up after a minute", async () => {
  const { outcome, clock, line } = started();
  await clock.advance(60_000);
  expect(await outcome).toBe("failed");
  expect([...line.take()].slice(-5)).toEqual(CANCEL);
  expect(clock.pendingAlarms).toBe(0);
});

test("the start waits for its delay, whatever comes before", async () => {
  const { line, clock } = started(10_000);
  line.send(Buffer.from("\nstray"));
  await clock.advance(9_999);
  expect(line.take().length).toBe(0);
  await clock.advance(1);
  expect([...line.take()]).toEqual([C]);
});

describe("what goes wrong", () => {
  test.each([
    ["a zero byte after a block", [0]],
    ["line feeds", [0x0a, 0x0d]],
    ["a single CAN", [CAN, 0]],
    ["starts of its own that come back", [C, NAK, ACK]],
  ])("stray between blocks: %s", async (_, stray) => {
    const { exchange, outcome, sink } = started();
    expect(await exchange([...stray, ...crc(1, one), ...stray])).toContain(ACK);
    expect(await exchange(crc(2, two))).toEqual([ACK]);
    await exchange([...stray, EOT]);
    expect(await outcome).toBe("done");
    expect(sink.content).toEqual(Buffer.concat([one, two]));
  });

  test.each([
    ["data", damaged(crc(1, one))],
    ["a wrong complement", Buffer.from(crc(1, one)).fill(7, 2, 3)],
    ["an end that is missing", crc(1, one).subarray(0, 100)],
    ["a tail that could be a block's start", Buffer.concat([damaged(crc(1, one)), Buffer.from([1, 2, 3])])],
  ])("a block with damage is asked for again: %s", async (_, block) => {
    const { exchange, outcome, sink } = started();
    await exchange([]);
    expect(await exchange(block, 2_000)).toEqual([NAK]);
    expect(await exchange(crc(1, one))).toEqual([ACK]);
    await exchange([EOT]);
    expect(await outcome).toBe("done");
    expect(sink.content).toEqual(one);
  });

  test("a block that comes again is acknowledged and not kept twice", async () => {
    const { exchange, outcome, sink } = started();
    await exchange(crc(1, one));
    expect(await exchange(crc(1, one))).toEqual([ACK]);
    await exchange(crc(2, two));
    await exchange([EOT]);
    await outcome;
    expect(sink.content).toEqual(Buffer.concat([one, two]));
  });

  test.each([0, 2, 3, 255])("block %i first cancels", async (number) => {
    const { exchange, outcome, sink } = started();
    expect(await exchange(crc(number, one))).toEqual([C, ...CANCEL]);
    expect(await outcome).toBe("failed");
    expect(sink.committed).toBe(false);
  });

  test("a number that was left out cancels", async () => {
    const { exchange, outcome } = started();
    await exchange(crc(1, one));
    expect(await exchange(crc(3, one))).toEqual(CANCEL);
    expect(await outcome).toBe("failed");
  });

  test("damage without end cancels", async () => {
    const { exchange, outcome } = started();
    await exchange(crc(1, one));
    for (let attempt = 0; attempt < 11; attempt++) await exchange(damaged(crc(2, two)), 1_000);
    expect(await outcome).toBe("failed");
  });

  test("silence is answered with NAK every 10 s, and cancels in the end", async () => {
    const { exchange, outcome, clock, line } = started();
    await exchange(crc(1, one));
    await clock.advance(10_000);
    expect([...line.take()]).toEqual([NAK]);
    await clock.advance(100_000);
    expect(await outcome).toBe("failed");
    expect([...line.take()]).toEqual([...Array<number>(9).fill(NAK), ...CANCEL]);
  });

  test("two CAN end it", async () => {
    const { exchange, outcome, sink } = started();
    await exchange(crc(1, one));
    expect(await exchange([CAN, CAN])).toEqual([]);
    expect(await outcome).toBe("cancelled");
    expect(sink.committed).toBe(false);
  });

  test("two CAN end its delay", async () => {
    const { exchange, outcome } = started(10_000);
    await exchange([CAN]);
    await exchange([CAN]);
    expect(await outcome).toBe("cancelled");
  });

  test("a sink that fails cancels", async () => {
    const { exchange, outcome, sink } = started();
    sink.failure = new Error("full");
    expect(await exchange(crc(1, one))).toEqual([C, ...CANCEL]);
    await expect(outcome).rejects.toThrow("full");
  });

  test("a reset ends it without a word", async () => {
    const { exchange, outcome, power, line, clock } = started();
    await exchange(crc(1, one));
    line.take();
    power.abort(new Error("reset"));
    await expect(outcome).rejects.toThrow("reset");
    expect(line.take().length).toBe(0);
    expect(clock.pendingAlarms).toBe(0);
  });
});
