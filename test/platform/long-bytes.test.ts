import { describe, expect, test } from "vitest";
import {
  behind,
  byteCount,
  keepLastBytes,
  longBytes,
  moveBytes,
  ownBytes,
  sliceBytes,
  withBytes,
  withoutBytes,
} from "../../src/platform/long-bytes.ts";

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
    ["an own copy", (one) => Object.entries(ownBytes(one))],
    ["its last bytes, all", (one) => keepLastBytes(one, Buffer.alloc(length)).bytes],
    ["its last bytes", (one) => keepLastBytes(one, Buffer.alloc(700)).bytes],
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

test("lent bytes may change once they were copied, or stand elsewhere", () => {
  const lent = payload(1000);
  const text = lent.toString("latin1");
  const event = withBytes({ type: "host" }, lent);
  const [own, end] = [ownBytes(event), keepLastBytes(event, Buffer.alloc(600))];
  const moved = withBytes({ type: "host" }, lent);
  moveBytes(moved, Buffer.from(lent));
  lent.fill(0);
  expect([own.bytes, end.bytes, moved.bytes]).toEqual([text, text.slice(-600), text]);
});
