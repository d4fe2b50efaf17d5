import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SERIAL_LIMITS } from "../../../src/platform/serial-line.ts";
import { Backlog } from "../../../src/transport/flow/backlog.ts";

describe("the backlog", () => {
  test("bytes leave in the order in which they came, however they are cut on the way in and out", () => {
    const steps = fc.array(fc.record({ push: fc.uint8Array({ maxLength: 3000 }), consume: fc.nat(5000) }));
    fc.assert(
      fc.property(steps, (all) => {
        const backlog = new Backlog();
        const out: Uint8Array[] = [];
        const takeFirst = (most: number) => {
          const piece = backlog.first()?.slice(0, most);
          if (piece === undefined) return;
          out.push(piece);
          backlog.consume(piece.length);
        };
        for (const { push, consume } of all) {
          backlog.push(push);
          takeFirst(consume);
        }
        while (backlog.length > 0) takeFirst(Number.POSITIVE_INFINITY);
        expect(Buffer.concat(out).equals(Buffer.concat(all.map((step) => step.push)))).toBe(true);
      }),
    );
  });

  test("a piece that is under way is not disturbed by what comes after it", () => {
    const backlog = new Backlog();
    backlog.push(Buffer.from("abc"));
    const piece = backlog.first();
    backlog.push(Buffer.from("def"));
    expect(Buffer.from(piece ?? []).toString()).toBe("abc");
    backlog.consume(3);
    expect(Buffer.from(backlog.first() ?? []).toString()).toBe("def");
  });

  test("single bytes are kept together", () => {
    const backlog = new Backlog();
    for (let index = 0; index < 4096; index++) backlog.push(Uint8Array.of(index));
    expect(backlog.first()).toHaveLength(4096);
  });

  test("room is asked for from SERIAL_LIMITS.hostBuffer bytes on, and announced once less waits", async () => {
    const backlog = new Backlog();
    backlog.push(Buffer.alloc(SERIAL_LIMITS.hostBuffer - 1));
    expect(backlog.room()).toBeUndefined();
    backlog.push(Buffer.alloc(1));
    const room = backlog.room();
    expect(room).toBeInstanceOf(Promise);
    expect(backlog.room()).toBe(room);
    backlog.consume(1);
    await room;
    expect(backlog.room()).toBeUndefined();
  });

  test("clearing announces room too", async () => {
    const backlog = new Backlog();
    backlog.push(Buffer.alloc(2 * SERIAL_LIMITS.hostBuffer));
    const room = backlog.room();
    backlog.clear();
    await room;
    expect([backlog.length, backlog.first()]).toEqual([0, undefined]);
  });
});
