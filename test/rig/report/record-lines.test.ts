import fc from "fast-check";
import { expect, test } from "vitest";
import { withBytes } from "../../../src/platform/long-bytes.ts";
import { WaitingBytes } from "../../../src/platform/disk/waiting-bytes.ts";
import type { RigEvent } from "../../../src/rig/events.ts";
import { recordLine, type TextMemory, writeRecordLine } from "../../../src/rig/report/record-lines.ts";

/** What is written of events where so many bytes may wait. */
async function writtenOf(events: readonly RigEvent[], room = Number.POSITIVE_INFINITY): Promise<string> {
  const waiting = new WaitingBytes();
  const memory: TextMemory = {
    write(text) {
      const length = Buffer.byteLength(text);
      if (!memory.takes(length)) return false;
      memory.commit(memory.reserve(length).write(text));
      return true;
    },
    takes: (length) => waiting.length + length <= room,
    reserve: (length) => waiting.reserve(length),
    commit: (length) => waiting.commit(length),
  };
  for (const each of events) writeRecordLine(each, memory);
  const written: Buffer[] = [];
  await waiting.pour(async (block) => void written.push(Buffer.from(block)));
  return Buffer.concat(written).toString();
}

const array = fc.uint8Array({ size: "large" });
const bytes = array.map((payload) => Buffer.from(payload).toString("latin1"));
const place = { seq: fc.nat(), at: fc.double({ min: 0, noNaN: true }), modem: fc.string() };
const event: fc.Arbitrary<RigEvent> = fc.oneof(
  fc.record({ ...place, type: fc.constantFrom("host" as const, "module" as const), bytes }),
  fc.record({ ...place, type: fc.constant("host" as const), bytes, typed: fc.constant(true as const) }),
  fc
    .record({ ...place, type: fc.constant("host" as const), payload: array })
    .map(({ payload, ...fields }) => withBytes(fields, payload)),
  fc.record({ ...place, type: fc.constant("urc" as const), text: fc.string({ unit: "binary", size: "large" }) }),
);

test("the lines of events are their JSON", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(event), async (events) => {
      expect(await writtenOf(events)).toBe(events.map(recordLine).join(""));
    }),
  );
});

test("a line is written whole or not at all", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(event), fc.nat({ max: 100_000 }), async (events, room) => {
      const written = await writtenOf(events, room);
      expect(Buffer.byteLength(written)).toBeLessThanOrEqual(room);
      const lines = written.split("\n");
      expect(lines.pop()).toBe("");
      const all = events.map(recordLine);
      let from = 0;
      for (const line of lines) from = all.indexOf(`${line}\n`, from) + 1 || Number.NaN;
      expect(from).not.toBeNaN();
    }),
  );
});

test.each<readonly [string, Buffer]>([
  ["no byte", Buffer.alloc(0)],
  ["every byte, often", Buffer.from(Array.from({ length: 4096 }, (_, byte) => byte % 256))],
  ["1 MiB of the byte that takes most", Buffer.alloc(1024 * 1024)],
])("%s", async (_, payload) => {
  const one = withBytes({ seq: 1, at: 2.5, modem: '"bytes":""', type: "module" } as const, payload);
  expect((await writtenOf([one, one])) === recordLine(one).repeat(2)).toBe(true);
});
