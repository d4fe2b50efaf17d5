import { integer, object } from "../../../platform/schema/schema.ts";
import { milliseconds } from "../../fault.ts";
import type { Stage } from "../../flow.ts";
import { defineNetworkKind } from "../kind.ts";

/** Holds back all that is sent, and the end. */
export const holding = (held: () => Promise<void>): Stage => ({
  async *pass(bytes) {
    await held();
    yield bytes;
  },
  end: held,
});

export const timeout = defineNetworkKind({
  kind: "timeout",
  summary: "Holds back all that is sent; closes the connection after `timeout`, with 0 never",
  fields: object({ timeout: milliseconds("Time until the connection is closed") }),
  open({ timeout: ms }, { wait, held, hangUp }) {
    if (ms > 0) void wait(ms).then(hangUp);
    return { up: holding(held), down: holding(held) };
  },
});

export const resetPeer = defineNetworkKind({
  kind: "reset_peer",
  summary: "Resets the connection `timeout` after it was made, or after the fault has begun",
  fields: object({ timeout: milliseconds("Time until the reset") }),
  hasDirection: false,
  open({ timeout: ms }, { wait, reset }) {
    void wait(ms).then(reset);
    return {};
  },
});

export const limitData = defineNetworkKind({
  kind: "limit_data",
  summary: "Closes the connection when `bytes` bytes have passed",
  fields: object({ bytes: integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }) }),
  isUsedLate: true,
  open({ bytes: limit }, { hangUp, use }) {
    const stage = (): Stage => {
      let left = limit;
      return {
        async *pass(bytes) {
          const piece = bytes.subarray(0, left);
          left -= piece.length;
          if (left > 0 || !use()) {
            yield bytes;
            return;
          }
          if (piece.length > 0) yield piece;
          hangUp();
        },
      };
    };
    return { up: stage(), down: stage() };
  },
});
