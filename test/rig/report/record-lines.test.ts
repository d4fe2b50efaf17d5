import fc from "fast-check";
import { expect, test } from "vitest";
import { withBytes } from "../../../src/platform/long-bytes.ts";
import type { RigEvent } from "../../../src/rig/events.ts";
import { RecordLines, recordLine } from "../../../src/rig/report/record-lines.ts";

const lines = new RecordLines();
function linesOf(events: readonly RigEvent[]): string {
  for (const each of events) lines.add(each);
  return lines.take().toString();
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

test("the lines of events are their JSON", () => {
  fc.assert(
    fc.property(fc.array(event), (events) => {
      expect(linesOf(events)).toBe(events.map(recordLine).join(""));
    }),
  );
});

test.each<readonly [string, Buffer]>([
  ["no byte", Buffer.alloc(0)],
  ["every byte, often", Buffer.from(Array.from({ length: 4096 }, (_, byte) => byte % 256))],
  ["1 MiB of the byte that takes most", Buffer.alloc(1024 * 1024)],
])("%s", (_, payload) => {
  const one = withBytes({ seq: 1, at: 2.5, modem: '"bytes":""', type: "module" } as const, payload);
  expect(linesOf([one, one]) === recordLine(one).repeat(2)).toBe(true);
});
