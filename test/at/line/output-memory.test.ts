import fc from "fast-check";
import { expect, test } from "vitest";
import { OutputMemory } from "../../../src/at/line/output-memory.ts";
import { SERIAL_LIMITS } from "../../../src/platform/serial-line.ts";

const { hostBuffer } = SERIAL_LIMITS;

/** A line that has sent so much of what was written. */
function lineWith(memory: OutputMemory) {
  const waiting: Buffer[] = [];
  const backlog = () => waiting.reduce((sum, piece) => sum + piece.length, 0);
  return {
    backlog,
    take: (length: number) => memory.take(length, backlog()),
    write(piece: Buffer): void {
      memory.written(piece);
      waiting.push(piece);
    },
    send(count: number): Buffer[] {
      const sent: Buffer[] = [];
      for (let left = count; left > 0 && waiting[0] !== undefined; ) {
        const piece = waiting[0].subarray(0, left);
        sent.push(Buffer.from(piece));
        left -= piece.length;
        if (piece.length === waiting[0].length) waiting.shift();
        else waiting[0] = waiting[0].subarray(piece.length);
      }
      return sent;
    },
  };
}

test("what waits stays as it was written, whatever comes in between", () => {
  const step = fc.record({
    length: fc.integer({ min: 1, max: 3 * hostBuffer }),
    sent: fc.nat({ max: 4 * hostBuffer }),
    foreign: fc.nat({ max: 100 }),
    /** Another piece is taken and written before this one is. */
    nested: fc.option(fc.integer({ min: 1, max: hostBuffer }), { nil: 0 }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const line = lineWith(new OutputMemory());
      const [written, sent]: [Buffer[], Buffer[]] = [[], []];
      for (const [number, { length, foreign, nested, sent: count }] of steps.entries()) {
        const other = Buffer.alloc(foreign, 255);
        line.write(other);
        const piece = line.take(length) ?? Buffer.allocUnsafe(length);
        piece.fill(number);
        const first = line.take(nested) ?? Buffer.allocUnsafe(nested);
        first.fill(100 + number);
        line.write(first);
        line.write(piece);
        written.push(other, Buffer.from(first), Buffer.from(piece));
        sent.push(...line.send(count));
      }
      sent.push(...line.send(Number.POSITIVE_INFINITY));
      expect(Buffer.concat(sent).equals(Buffer.concat(written))).toBe(true);
    }),
  );
});

test("a line that is kept full all the time needs no other memory", () => {
  const line = lineWith(new OutputMemory());
  const buffers = new Set<ArrayBufferLike>();
  const length = hostBuffer + 5000;
  for (let round = 0; round < 1000; round++) {
    line.send(Math.max(0, line.backlog() - hostBuffer + 1));
    const piece = line.take(length);
    if (piece === undefined) throw new Error(`no room in round ${round}`);
    buffers.add(piece.buffer);
    line.write(piece);
  }
  expect(buffers.size).toBe(1);
});

test("there is none for more than it has", () => {
  const memory = new OutputMemory();
  expect(memory.take(4 * hostBuffer, 0)?.length).toBe(4 * hostBuffer);
  expect(new OutputMemory().take(4 * hostBuffer + 1, 0)).toBeUndefined();
});
