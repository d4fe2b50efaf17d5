import fc from "fast-check";
import { expect, test } from "vitest";
import { withBytes } from "../../src/platform/long-bytes.ts";
import { EventRing } from "../../src/rig/event-ring.ts";
import type { RigEvent } from "../../src/rig/events.ts";

const event = (seq: number, length = 0): RigEvent => ({ seq, at: seq, type: "host", bytes: "x".repeat(length) });
/** What the ring counts for one event. */
function eventSize(one: RigEvent): number {
  const ring = new EventRing(0);
  ring.push(one);
  return ring.bytes;
}

const SMALL = eventSize(event(1));

test("the size of an event grows with its texts, wherever they are", () => {
  expect(eventSize(event(1, 1000))).toBe(SMALL + 1000);
  const mail = (subject: string): RigEvent => ({
    seq: 1,
    at: 1,
    type: "mail",
    from: "",
    recipients: [subject],
    subject,
    size: 0,
  });
  expect(eventSize(mail("x".repeat(100)))).toBe(eventSize(mail("")) + 200);
  expect(eventSize(mail("é"))).toBe(eventSize(mail("")) + 4);
});

test.each<RigEvent>([
  { seq: 7, at: 1.234, type: "host", bytes: "AT\r" },
  { seq: 7, at: 1.234, modem: "m1", type: "module", bytes: Buffer.from([...Array(256).keys()]).toString("latin1") },
  { seq: 7, at: 0, modem: "m12", type: "urc", text: "grün \u2028 \ud83d" },
  { seq: 7, at: 5, type: "rig", now: "2026", version: "1", seed: 2 ** 32, options: { modems: [{ link: null }] } },
  { seq: 7, at: 5, modem: "m1", type: "sent", id: 3, bytes: "\u00ff\u0000" },
  { seq: 7, at: 5, modem: "m1", type: "host", bytes: "x".repeat(200_000) },
  withBytes(
    { seq: 7, at: 5, modem: "m1", type: "host", typed: true } as const,
    Buffer.from("\xe9\0".repeat(50_000), "latin1"),
  ),
])("an event comes back as it was: %j", (each) => {
  const ring = new EventRing(1e6);
  ring.push(each);
  expect(ring.at(0)).toEqual(each);
  expect([ring.typeAt(0), ring.modemAt(0)]).toEqual([each.type, each.modem]);
});

test("it keeps the last events that fit, in order, and counts the others", () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat({ max: 3 * SMALL }), { maxLength: 300 }),
      fc.nat({ max: 20 * SMALL }),
      (lengths, capacity) => {
        const ring = new EventRing(capacity);
        const events = lengths.map((length, index) => event(index + 1, length));
        for (const each of events) ring.push(each);
        const kept = Array.from({ length: ring.length }, (_, place) => ring.at(place));
        expect(kept).toEqual(events.slice(events.length - ring.length));
        expect(ring.evicted).toBe(events.length - ring.length);
        const size = (some: readonly RigEvent[]) => some.reduce((sum, each) => sum + eventSize(each), 0);
        expect(ring.bytes).toBe(size(events.slice(events.length - ring.length)));
        // As many as fit, and always the last.
        if (ring.length > 1) expect(ring.bytes).toBeLessThanOrEqual(capacity);
        if (events.length > 0) expect(ring.length).toBeGreaterThan(0);
        const next = events[events.length - ring.length - 1];
        if (next !== undefined) expect(ring.bytes + eventSize(next)).toBeGreaterThan(capacity);
      },
    ),
  );
});

test("bytes that are kept for an event stay until it is evicted, whatever comes in between", () => {
  const step = fc.record({ length: fc.nat({ max: 70_000 }), isDropped: fc.boolean(), isLate: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), fc.nat({ max: 300_000 }), (steps, capacity) => {
      const ring = new EventRing(capacity);
      const expected: string[] = [];
      const late: (() => void)[] = [];
      for (const { length, isDropped, isLate } of steps) {
        const bytes = Buffer.alloc(length, String.fromCharCode(65 + (expected.length % 26)));
        const text = bytes.toString("latin1");
        const kept = ring.keep(bytes);
        bytes.fill(0);
        const push = () => {
          if (isDropped) return ring.drop(kept);
          expected.push(text);
          ring.push(withBytes({ seq: expected.length, at: 0, type: "host" } as const, kept.bytes), kept);
        };
        late.push(push);
        if (!isLate) for (const next of late.splice(0)) next();
      }
      for (const next of late) next();
      const found = Array.from({ length: ring.length }, (_, place) => ring.at(place));
      const texts = found.map((each) => (each?.type === "host" ? each.bytes : undefined));
      expect(texts).toEqual(expected.slice(expected.length - ring.length));
    }),
    { numRuns: 200 },
  );
});

test("no place outside of it has an event", () => {
  const ring = new EventRing(1e6);
  ring.push(event(1));
  expect([ring.at(-1), ring.at(1)]).toEqual([undefined, undefined]);
  ring.clear();
  expect([ring.at(0), ring.length, ring.bytes, ring.evicted]).toEqual([undefined, 0, 0, 0]);
});

test("evicting costs the same however many events are kept", () => {
  const time = (kept: number) => {
    const ring = new EventRing(kept * SMALL);
    for (let seq = 1; seq <= kept; seq++) ring.push(event(seq));
    let best = Number.POSITIVE_INFINITY;
    for (let round = 0; round < 5; round++) {
      const start = performance.now();
      for (let seq = 1; seq <= 20_000; seq++) ring.push(event(seq));
      best = Math.min(best, performance.now() - start);
    }
    expect(ring.length).toBe(kept);
    return best;
  };
  const [few, many] = [time(1000), time(64_000)];
  // Sixty-four times the events: shifting an array would cost as many times more.
  expect(many / few).toBeLessThan(16);
});
