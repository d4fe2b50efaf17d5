import { integer, number, object, optional } from "../../platform/schema/schema.ts";
import type { Stage } from "../flow.ts";
import { defineSerialKind, type LineMeans } from "./kind.ts";

const PLACE = object({
  at: integer({ minimum: 0, description: "Place of the first byte, from 0, since the fault holds" }),
  count: optional(integer({ minimum: 1, default: 1, description: "Number of bytes" })),
});

/** Changes the bytes from `at` on, `count` of them, and leaves the others alone. One use, however they are cut. */
function atPlace(at: number, count: number, { use }: LineMeans, change: (bytes: Buffer) => Buffer): Stage {
  let passed = 0;
  let isOn: boolean | undefined;
  return {
    async *pass(bytes) {
      const start = Math.min(Math.max(at - passed, 0), bytes.length);
      const end = Math.min(Math.max(at + count - passed, 0), bytes.length);
      passed += bytes.length;
      if (start < end) isOn ??= use();
      if (start >= end || isOn !== true) {
        yield bytes;
        return;
      }
      yield bytes.subarray(0, start);
      yield change(bytes.subarray(start, end));
      yield bytes.subarray(end);
    },
  };
}

export const drop = defineSerialKind({
  kind: "drop",
  summary: "Loses bytes",
  fields: PLACE,
  stage: ({ at, count = 1 }, means) => atPlace(at, count, means, () => Buffer.alloc(0)),
});

export const duplicate = defineSerialKind({
  kind: "duplicate",
  summary: "Repeats bytes",
  fields: PLACE,
  stage: ({ at, count = 1 }, means) => atPlace(at, count, means, (bytes) => Buffer.concat([bytes, bytes])),
});

export const flip = defineSerialKind({
  kind: "flip",
  summary: "Inverts the lowest bit of bytes",
  fields: PLACE,
  stage: ({ at, count = 1 }, means) => atPlace(at, count, means, (bytes) => Buffer.from(bytes.map((byte) => byte ^ 1))),
});

export const noise = defineSerialKind({
  kind: "noise",
  summary: "Inverts one bit of a byte now and then",
  fields: object({ rate: number({ minimum: 0, maximum: 1, description: "Chance of each byte" }) }),
  stage: ({ rate }, { random, use }) => ({
    async *pass(bytes) {
      if (!use()) {
        yield bytes;
        return;
      }
      yield Buffer.from(
        bytes.map((byte) => {
          const isHit = random.integer(0x1_0000_0000) < rate * 0x1_0000_0000;
          return isHit ? byte ^ (1 << random.integer(8)) : byte;
        }),
      );
    },
  }),
});

/** Loses what passes. */
const lost = ({ use }: LineMeans): Stage => ({
  async *pass(bytes) {
    if (!use()) yield bytes;
  },
});

export const mute = defineSerialKind({
  kind: "mute",
  summary: "Nothing comes out of the module",
  fields: object({}),
  only: () => "out",
  stage: (_, means) => lost(means),
});

export const deaf = defineSerialKind({
  kind: "deaf",
  summary: "The module reads nothing: what the host sends is lost",
  fields: object({}),
  only: () => "in",
  stage: (_, means) => lost(means),
});

export const overrun = defineSerialKind({
  kind: "overrun",
  summary: "What comes while a command runs is lost past `buffer` bytes, as on a UART without flow control",
  fields: object({ buffer: integer({ minimum: 0, description: "Bytes of the receive buffer" }) }),
  only: () => "in",
  stage({ buffer }, { use, phase }) {
    let waiting = 0;
    return {
      async *pass(bytes) {
        for (let start = 0, end = 0; start < bytes.length; start = end) {
          // A command begins with its CR: from there on the buffer fills.
          end = bytes.indexOf("\r", start) + 1 || bytes.length;
          const piece = bytes.subarray(start, end);
          const isHeld = phase() === "busy";
          const fits = isHeld ? Math.max(0, buffer - waiting) : piece.length;
          waiting = isHeld ? waiting + piece.length : 0;
          yield piece.length > fits && use() ? piece.subarray(0, fits) : piece;
        }
      },
    };
  },
});
