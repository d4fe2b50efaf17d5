import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { InputQueue } from "../../src/at/input-queue.ts";
import { SERIAL_LIMITS } from "../../src/platform/serial-line.ts";

function drain(queue: InputQueue): { readonly bytes: Buffer; readonly pieces: number } {
  const pieces: Buffer[] = [];
  for (let first = queue.first; first !== undefined; first = queue.first) {
    pieces.push(Buffer.from(first));
    queue.consume(first.length);
  }
  return { bytes: Buffer.concat(pieces), pieces: pieces.length };
}

describe("the input queue", () => {
  test("gives back what it was given, whatever the pieces and however it is taken", () => {
    const step = fc.oneof(
      fc.record({ push: fc.uint8Array({ maxLength: 3000 }) }),
      fc.record({ push: fc.uint8Array({ maxLength: 3 }) }),
      fc.record({ take: fc.nat(5000) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const queue = new InputQueue();
        const pushed: Buffer[] = [];
        const taken: Buffer[] = [];
        for (const act of steps) {
          if ("push" in act) {
            pushed.push(Buffer.from(act.push));
            queue.push(Buffer.from(act.push));
            continue;
          }
          const { first } = queue;
          if (first === undefined) continue;
          const count = Math.min(act.take, first.length);
          // Not copied: an owner keeps what it has taken.
          taken.push(first.subarray(0, count));
          queue.consume(count);
        }
        const { bytes } = drain(queue);
        expect(Buffer.concat([...taken, bytes]).equals(Buffer.concat(pushed))).toBe(true);
      }),
    );
  });

  test.each([1, 100, 1024])("holds few pieces of %i bytes", (size) => {
    const queue = new InputQueue();
    let pushed = 0;
    for (; pushed < SERIAL_LIMITS.hostBuffer; pushed += size) queue.push(Buffer.alloc(size, pushed & 0xff));
    expect(queue.full).toBeInstanceOf(Promise);
    const { bytes, pieces } = drain(queue);
    expect(bytes.length).toBe(pushed);
    expect(pieces).toBeLessThanOrEqual(40);
  });

  test("holds few pieces where large and small ones take turns", () => {
    const queue = new InputQueue();
    for (let at = 0; at < SERIAL_LIMITS.hostBuffer; at += 1026) {
      queue.push(Buffer.alloc(1025));
      queue.push(Buffer.alloc(1));
    }
    expect(drain(queue).pieces).toBeLessThanOrEqual(130);
  });

  test("tells when there is room again", async () => {
    const queue = new InputQueue();
    queue.push(Buffer.alloc(SERIAL_LIMITS.hostBuffer));
    const { full } = queue;
    queue.consume(1);
    await full;
    expect(queue.full).toBeUndefined();
  });

  test.each([
    { given: ["AT\rAT", "+N"], kept: "AT\r" },
    { given: ["AT\r"], kept: "AT\r" },
    { given: ["AT", "+N"], kept: "" },
    { given: [], kept: "" },
    { given: [`AT\r${"x".repeat(2000)}`, "y".repeat(3000)], kept: "AT\r" },
  ])("drops what comes after the last line end", async ({ given, kept }) => {
    const queue = new InputQueue();
    for (const piece of given) queue.push(Buffer.from(piece));
    queue.dropAfterLast(0x0d);
    queue.push(Buffer.from("AT"));
    expect(drain(queue).bytes.toString()).toBe(`${kept}AT`);
  });
});
