import { choice, either, integer, object, optional } from "../../platform/schema/schema.ts";
import { milliseconds } from "../fault.ts";
import { defineSerialKind } from "./kind.ts";

export const chunk = defineSerialKind({
  kind: "chunk",
  summary: "Cuts what passes into chunks, with a gap after each",
  fields: object({
    size: integer({ minimum: 1, maximum: 65_536, description: "Bytes of a chunk" }),
    gap: optional(milliseconds("Pause after a chunk")),
  }),
  stage: ({ size, gap = 0 }, { use, wait }) => ({
    async *pass(bytes) {
      if (!use()) {
        yield bytes;
        return;
      }
      for (let start = 0; start < bytes.length; start += size) {
        yield bytes.subarray(start, start + size);
        await wait(gap);
      }
    },
  }),
});

export const lag = defineSerialKind({
  kind: "lag",
  summary: "Delays what passes",
  fields: object({ ms: milliseconds("Delay") }),
  stage: ({ ms }, { use, wait, clock }) => ({
    async *pass(bytes, at) {
      if (use()) await wait(at + ms - clock.monotonic());
      yield bytes;
    },
  }),
});

/** Bits of a character on the line: a start bit, eight data bits, a stop bit. */
const CHARACTER = 10;
/** Milliseconds between two looks at a paced line: as far apart as a host sees bytes of a fast UART. */
const TICK = 1;

export const pace = defineSerialKind({
  kind: "pace",
  summary: "Passes what comes at the rate of a UART; `ipr`: at what AT+IPR says",
  fields: object({ baud: either([integer({ minimum: 50, maximum: 4_000_000 }), choice(["ipr"])]) }),
  stage({ baud }, { use, wait, rate, clock }) {
    let free = 0;
    return {
      async *pass(bytes) {
        if (!use()) {
          yield bytes;
          return;
        }
        for (let start = 0; start < bytes.length; ) {
          const perMs = (baud === "ipr" ? rate() : baud) / CHARACTER / 1000;
          const piece = bytes.subarray(start, start + Math.max(1, Math.floor(perMs * TICK)));
          free = Math.max(free, clock.monotonic()) + piece.length / perMs;
          start += piece.length;
          await wait(free - clock.monotonic());
          yield piece;
        }
      },
    };
  },
});
