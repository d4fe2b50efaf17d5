import fc from "fast-check";
import { expect, test } from "vitest";
import { VirtualClock } from "../../../src/platform/time/virtual-clock.ts";
import { checksum, crc16, frameBlock } from "../../../src/protocols/xmodem/framing.ts";
import { receiveXmodem } from "../../../src/protocols/xmodem/receiver.ts";
import { sendXmodem } from "../../../src/protocols/xmodem/sender.ts";
import { CollectingSink, HandLine, handLine, source } from "./wire.ts";

const C = 0x43;
const ACK = 0x06;
const NAK = 0x15;
const EOT = 0x04;
const CAN = 0x18;
const CANCEL = Array<number>(5).fill(CAN);

function started(content: Buffer, long = false) {
  const parts = handLine();
  const outcome = sendXmodem(source(content, 100), parts.parts, { long, signal: parts.signal });
  outcome.catch(() => undefined);
  const exchange = async (bytes: Uint8Array | readonly number[], ms = 0) => {
    parts.line.send(bytes);
    await parts.clock.advance(ms);
    return parts.line.take();
  };
  return { ...parts, outcome, exchange };
}

const text = Buffer.from("x".repeat(130));
const first = text.subarray(0, 128);
const last = text.subarray(128);

test("the checks of a known text", () => {
  expect(crc16(Buffer.from("123456789"))).toBe(0x31c3);
  expect(checksum(Buffer.from([0xff, 0x02]))).toBe(1);
  expect(frameBlock(257, Buffer.from("a"), 128, "checksum").subarray(0, 5)).toEqual(
    Buffer.from([1, 1, 0xfe, 0x61, 0x1a]),
  );
});

test.each([
  ["NAK: checksums", NAK, "checksum"],
  ["C: CRC", C, "crc"],
] as const)("%s", async (_, start, check) => {
  const { exchange, outcome, clock } = started(text);
  expect(await exchange([start])).toEqual(frameBlock(1, first, 128, check));
  expect(await exchange([ACK])).toEqual(frameBlock(2, last, 128, check));
  expect(await exchange([ACK])).toEqual(Buffer.from([EOT]));
  expect((await exchange([ACK])).length).toBe(0);
  expect(await outcome).toBe("done");
  expect(clock.pendingAlarms).toBe(0);
});

test("1K: long blocks while they save time, short ones for the rest", async () => {
  const { exchange, outcome } = started(Buffer.alloc(1024 + 130, "k"), true);
  expect(await exchange([C])).toEqual(frameBlock(1, Buffer.alloc(1024, "k"), 1024, "crc"));
  expect(await exchange([ACK])).toEqual(frameBlock(2, Buffer.alloc(128, "k"), 128, "crc"));
  expect(await exchange([ACK])).toEqual(frameBlock(3, Buffer.alloc(2, "k"), 128, "crc"));
  await exchange([ACK]);
  await exchange([ACK]);
  expect(await outcome).toBe("done");
});

test("1K needs a receiver that takes a CRC", async () => {
  const { exchange } = started(Buffer.alloc(2000, "k"), true);
  expect(await exchange([NAK])).toEqual(frameBlock(1, Buffer.alloc(128, "k"), 128, "checksum"));
});

test("an empty file is its end alone", async () => {
  const { exchange, outcome } = started(Buffer.alloc(0));
  expect(await exchange([C])).toEqual(Buffer.from([EOT]));
  await exchange([ACK]);
  expect(await outcome).toBe("done");
});

test("starts that piled up are one start", async () => {
  const { exchange, line, clock } = started(text);
  expect(await exchange([C, C, C])).toEqual(frameBlock(1, first, 128, "crc"));
  await clock.advance(0);
  expect(line.take().length).toBe(0);
});

test("an acknowledgement 3 s late is in time, stray bytes do no harm", async () => {
  const { exchange } = started(text);
  await exchange([0x0a, 0, C]);
  expect((await exchange([0, 0x0a], 3_000)).length).toBe(0);
  expect(await exchange([ACK])).toEqual(frameBlock(2, last, 128, "crc"));
});

test.each([
  ["NAK", [NAK], 0],
  ["a start once more", [C], 0],
  ["silence", [], 10_000],
] as const)("the first block goes again upon %s", async (_, reply, ms) => {
  const { exchange } = started(text);
  await exchange([C]);
  expect(await exchange(reply, ms)).toEqual(frameBlock(1, first, 128, "crc"));
});

test("the end goes again upon NAK", async () => {
  const { exchange, outcome } = started(Buffer.alloc(0));
  await exchange([C]);
  expect(await exchange([NAK])).toEqual(Buffer.from([EOT]));
  await exchange([ACK]);
  expect(await outcome).toBe("done");
});

test("a receiver that never acknowledges is cancelled", async () => {
  const { exchange, outcome } = started(text);
  await exchange([C]);
  let answers: Uint8Array = Buffer.alloc(0);
  for (let attempt = 0; attempt < 11; attempt++) answers = await exchange([NAK]);
  expect([...answers]).toEqual(CANCEL);
  expect(await outcome).toBe("failed");
});

test("a receiver that never starts: it gives up after a minute, without a word", async () => {
  const { outcome, clock, line } = started(text);
  await clock.advance(60_000);
  expect(await outcome).toBe("failed");
  expect(line.take().length).toBe(0);
});

test.each(["before the start", "after a block"])("two CAN end it %s", async (when) => {
  const { exchange, outcome } = started(text);
  if (when === "after a block") await exchange([C]);
  await exchange([CAN]);
  expect((await exchange([CAN])).length).toBe(0);
  expect(await outcome).toBe("cancelled");
});

test("a source that fails cancels", async () => {
  const { parts, line, clock, signal } = handLine();
  const broken = { size: 5, read: () => Promise.reject(new Error("gone")) };
  const outcome = sendXmodem(broken, parts, { long: false, signal });
  outcome.catch(() => undefined);
  line.send([C]);
  await clock.advance(0);
  expect([...line.take()]).toEqual(CANCEL);
  await expect(outcome).rejects.toThrow("gone");
});

test("any file comes over a line that splits and damages what it likes", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ maxLength: 3000 }),
      fc.boolean(),
      fc.array(fc.record({ after: fc.nat(2500), flip: fc.integer({ min: 1, max: 255 }) }), { maxLength: 3 }),
      fc.integer({ min: 1, max: 400 }),
      async (bytes, long, damages, split) => {
        const content = Buffer.from(bytes);
        const clock = new VirtualClock();
        const power = new AbortController();
        const [left, right] = [new HandLine(clock, power.signal), new HandLine(clock, power.signal)];
        let sent = 0;
        // Only the way from the sender to the receiver is bad, and only inside blocks.
        left.onWrite = (frame) => {
          for (const { after, flip } of damages) {
            const at = after - sent;
            if (at >= 3 && at < frame.length && frame.length > 1) frame[at] = (frame[at] ?? 0) ^ flip;
          }
          sent += frame.length;
          for (let at = 0; at < frame.length; at += split) right.send(frame.subarray(at, at + split));
        };
        right.onWrite = (answer) => left.send(answer);
        const sink = new CollectingSink();
        const ends = Promise.all([
          sendXmodem(
            source(content, 77),
            { wire: left.wire, clock, timeoutScale: 1, pause: 0 },
            { long, signal: power.signal },
          ),
          receiveXmodem(
            sink,
            { wire: right.wire, clock, timeoutScale: 1, pause: 0 },
            { delay: 0, signal: power.signal },
          ),
        ]);
        let over = false;
        void ends.then(() => (over = true));
        for (let step = 0; step < 200 && !over; step++) await clock.advance(500);
        expect(await ends).toEqual(["done", "done"]);
        expect(sink.content.subarray(0, content.length)).toEqual(content);
        expect([...sink.content.subarray(content.length)].every((byte) => byte === 0x1a)).toBe(true);
        power.abort();
      },
    ),
    { numRuns: 60 },
  );
});
