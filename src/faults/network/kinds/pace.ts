import { choice, integer, object, optional } from "../../../platform/schema/schema.ts";
import { milliseconds } from "../../fault.ts";
import type { Stage } from "../../flow.ts";
import { defineNetworkKind, type Link } from "../kind.ts";

/** Delays what has come at a moment until `delay` later; what follows closely is not delayed more. */
function delayed({ clock, wait }: Link, delay: () => number): Stage {
  return {
    async *pass(bytes, at) {
      await wait(at + delay() - clock.monotonic());
      yield bytes;
    },
  };
}

/** Pieces of a slow line: small enough that their end is not noticed, large enough to cost little. */
const PIECE = 1460;

/** Lets so many bytes a second pass. */
function paced({ clock, wait }: Link, bytesPerSecond: number): Stage {
  /** When the line is free again. */
  let free = 0;
  return {
    async *pass(bytes) {
      for (let start = 0; start < bytes.length; start += PIECE) {
        const piece = bytes.subarray(start, start + PIECE);
        free = Math.max(free, clock.monotonic()) + (piece.length / bytesPerSecond) * 1000;
        await wait(free - clock.monotonic());
        yield piece;
      }
    },
  };
}

export const latency = defineNetworkKind({
  kind: "latency",
  summary: "Delays what passes by `latency`, more or less by up to `jitter`",
  fields: object({ latency: milliseconds("Delay"), jitter: optional(milliseconds("Deviation")) }),
  open({ latency: delay, jitter = 0 }, link) {
    const one = () => delay + (jitter === 0 ? 0 : link.random.integer(2 * jitter + 1) - jitter);
    return { up: delayed(link, one), down: delayed(link, one) };
  },
});

export const bandwidth = defineNetworkKind({
  kind: "bandwidth",
  summary: "Lets `rate` KB/s pass in each direction",
  fields: object({ rate: integer({ minimum: 1, maximum: 1_000_000, description: "KB/s, of 1000 bytes" }) }),
  open: ({ rate }, link) => ({ up: paced(link, rate * 1000), down: paced(link, rate * 1000) }),
});

export const slicer = defineNetworkKind({
  kind: "slicer",
  summary: "Cuts what passes into small pieces, with a pause after each",
  fields: object({
    average_size: integer({ minimum: 1, maximum: 65_536, description: "Bytes of a piece" }),
    size_variation: optional(integer({ minimum: 0, maximum: 65_536, description: "Deviation, in bytes" })),
    delay: optional(milliseconds("Pause after a piece")),
  }),
  open({ average_size: average, size_variation: variation = 0, delay = 0 }, { random, wait }) {
    const stage = (): Stage => ({
      async *pass(bytes) {
        for (let start = 0; start < bytes.length; ) {
          const deviation = variation === 0 ? 0 : random.integer(2 * variation + 1) - variation;
          const end = start + Math.max(1, average + deviation);
          yield bytes.subarray(start, end);
          start = end;
          await wait(delay);
        }
      },
    });
    return { up: stage(), down: stage() };
  },
});

export const slowClose = defineNetworkKind({
  kind: "slow_close",
  summary: "Delays the end of a connection",
  fields: object({ delay: milliseconds("Delay") }),
  open({ delay }, { wait }) {
    const stage = (): Stage => ({ end: () => wait(delay) });
    return { up: stage(), down: stage() };
  },
});

/**
 * Round-trip time in ms, rates in kbit/s.
 *
 * Rates: those of the Android emulator (android/android-constants.c of Android 5.1.1: `gprs`, `edge`, `umts`, `hsdpa`).
 * Times: Grigorik, High Performance Browser Networking (2013), chapter 7, table 7-2, "Data rates and latency for an active
 * mobile connection": 300-1000 for 2G, 100-500 for 3G. The older network of a generation has the middle of the range, the
 * newer one its low end.
 */
const PRESETS = {
  gprs: { roundTrip: 650, down: 80, up: 40 },
  edge: { roundTrip: 300, down: 236.8, up: 118.4 },
  umts: { roundTrip: 300, down: 1920, up: 128 },
  hspa: { roundTrip: 100, down: 14_400, up: 348 },
} as const;

export const linkPreset = defineNetworkKind({
  kind: "link",
  summary: "Delay and rate of a radio network",
  fields: object({ preset: choice(["gprs", "edge", "umts", "hspa"]) }),
  open({ preset }, link) {
    const { roundTrip, down, up } = PRESETS[preset];
    return { up: both(link, up, roundTrip / 2), down: both(link, down, roundTrip / 2) };
  },
});

/** A rate in kbit/s, and a delay behind it which does not add to it: pieces that are on the way overlap. */
function both(link: Link, kilobits: number, delay: number): Stage {
  const rate = paced(link, (kilobits * 1000) / 8);
  let isFirst = true;
  let free = 0;
  return {
    async *pass(bytes, at) {
      const { clock, wait } = link;
      // What comes after a pause is delayed; what follows at once is on its way already.
      if (isFirst || at > free) await wait(at + delay - clock.monotonic());
      isFirst = false;
      for await (const piece of rate.pass?.(bytes, at) ?? []) {
        free = clock.monotonic();
        yield piece;
      }
    },
  };
}
