import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Receiver } from "../../../../src/protocols/ip/tcp/receiver.ts";
import { advance } from "../../../../src/protocols/ip/tcp/segment.ts";

const FIRST = 0xffff_ff00;

describe("what the host sends", () => {
  test("is put in order, whatever order, overlaps and repetitions it comes in", () => {
    const piece = fc.record({ at: fc.nat(999), length: fc.nat(200) });
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1000, maxLength: 1000 }), fc.array(piece), (bytes, pieces) => {
        const data = Buffer.from(bytes);
        const receiver = new Receiver(FIRST);
        const take = (at: number, length: number) => {
          const part = data.subarray(at, at + length);
          receiver.take(advance(FIRST, at), part, at + part.length === data.length);
        };
        for (const { at, length } of pieces) take(at, length);
        for (let at = 900; at >= 0; at -= 100) take(at, 100);
        expect(receiver.finished).toBe(true);
        expect(receiver.next).toBe(advance(FIRST, 1001));
        expect(receiver.bytes.copy(0, receiver.bytes.length).equals(data)).toBe(true);
      }),
    );
  });

  test("waits for an earlier segment in a bounded number only, and never beyond the window", () => {
    const receiver = new Receiver(FIRST);
    for (let at = 1; at < 1000; at += 2) receiver.take(advance(FIRST, at), Buffer.from("x"), false);
    receiver.take(advance(FIRST, 40_000), Buffer.from("y"), true);
    receiver.take(FIRST, Buffer.alloc(1000, "z"), false);
    expect(receiver.bytes.length).toBe(1000);
    receiver.take(advance(FIRST, 1000), Buffer.alloc(50_000), true);
    expect(receiver.bytes.room).toBe(0);
    expect(receiver.finished).toBe(false);
  });

  test("opens the window in large steps", () => {
    const receiver = new Receiver(FIRST);
    receiver.take(FIRST, Buffer.alloc(32 * 1024), false);
    expect(receiver.announce()).toBe(0);
    expect(receiver.hasNews).toBe(false);
    receiver.bytes.drop(8 * 1024);
    expect(receiver.hasNews).toBe(true);
    expect(receiver.announce()).toBe(8 * 1024);
    receiver.bytes.drop(8 * 1024);
    expect(receiver.hasNews).toBe(false);
    receiver.bytes.drop(8 * 1024);
    expect(receiver.hasNews).toBe(true);
  });
});
