import fc from "fast-check";
import { expect, test } from "vitest";
import { WaitingBytes } from "../../../src/platform/disk/waiting-bytes.ts";

const MB = 1024 * 1024;
const filled = (size: number, seed: number) =>
  Buffer.alloc(size, Buffer.from(Array.from({ length: 251 }, (_, at) => at ^ seed)));

function push(waiting: WaitingBytes, bytes: Buffer): void {
  waiting.reserve(bytes.length).set(bytes);
  waiting.commit(bytes.length);
}

test("what was given is written in order, each byte once, also while older bytes are being written", async () => {
  const pushes = fc.array(
    fc.record({ size: fc.oneof(fc.nat(100), fc.nat(MB)), seed: fc.nat(255), pours: fc.boolean() }),
    { maxLength: 12 },
  );
  await fc.assert(
    fc.asyncProperty(pushes, async (steps) => {
      const waiting = new WaitingBytes();
      const written: Buffer[] = [];
      let pouring = Promise.resolve();
      const pour = async () => {
        await pouring;
        pouring = waiting.pour(async (bytes) => {
          await Promise.resolve();
          written.push(Buffer.from(bytes));
        });
      };
      const given: Buffer[] = [];
      for (const { size, seed, pours } of steps) {
        const bytes = filled(size, seed);
        given.push(Buffer.from(bytes));
        push(waiting, bytes);
        // It was copied.
        bytes.fill(0);
        if (pours) await pour();
      }
      await pour();
      await pouring;
      expect(waiting.length).toBe(0);
      expect(Buffer.concat(written).equals(Buffer.concat(given))).toBe(true);
    }),
    { numRuns: 50 },
  );
});

test("a write that fails ends the pouring, and what is given later can be written", async () => {
  const waiting = new WaitingBytes();
  push(waiting, filled(MB, 0));
  await expect(waiting.pour(() => Promise.reject(new Error("full")))).rejects.toThrow("full");
  push(waiting, Buffer.from("later"));
  const written: string[] = [];
  await waiting.pour(async (bytes) => void written.push(String(bytes)));
  expect(written).toEqual(["later"]);
});
