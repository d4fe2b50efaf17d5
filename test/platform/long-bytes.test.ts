import { describe, expect, test } from "vitest";
import { behind, byteCount, longBytes, sliceBytes, withBytes, withoutBytes } from "../../src/platform/long-bytes.ts";

const payload = (length: number) => Buffer.from(Array.from({ length }, (_, at) => (at * 7) % 256));
const LENGTHS = [0, 1, 511, 512, 100_000];

describe.each(LENGTHS)("an event of %i bytes is like one with their text", (length) => {
  const bytes = payload(length);
  const text = bytes.toString("latin1");
  const plain = { type: "host", typed: true, bytes: text };
  const event = withBytes({ type: "host", typed: true }, bytes);

  test.each<readonly [string, (one: typeof plain) => unknown]>([
    ["its text", (one) => one.bytes],
    ["its fields", (one) => Object.entries(one)],
    ["a copy", (one) => ({ ...one })],
    ["a copy on a line of JSON", (one) => JSON.stringify(one)],
    ["a clone", (one) => structuredClone(one)],
    ["its length", byteCount],
    ["a slice", (one) => sliceBytes(one, 3, 600)],
    ["its end", (one) => sliceBytes(one, -5)],
    ["nothing behind its end", (one) => sliceBytes(one, length)],
    ["the rest of it", withoutBytes],
    ["the same behind other fields", (one) => Object.entries(behind({ seq: 1, at: 2 }, one))],
  ])("%s", (_, look) => {
    expect(look(event)).toEqual(look(plain));
    // And once more: its text may have been made by now.
    expect(look(event)).toEqual(look(plain));
  });
});

test("many bytes are kept as they are, whatever is put before them", () => {
  const bytes = payload(1000);
  const event = behind({ seq: 1 }, withBytes({ type: "module" }, bytes));
  expect(longBytes(event)).toBe(bytes);
  expect(longBytes({ ...event })).toBeUndefined();
  expect(longBytes(withBytes({ type: "module" }, payload(10)))).toBeUndefined();
});
