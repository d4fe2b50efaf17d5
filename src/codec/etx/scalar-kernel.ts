import { ETX, SUB } from "../control-bytes.ts";
import type { EtxCursor, EtxKernel } from "./cursor.ts";

/** A byte at a time, branching only on what is rare: for short spans, and where there is no SIMD. */
export const scalarKernel: EtxKernel = {
  encode(cursor: EtxCursor): void {
    const { source, target } = cursor;
    const end = source.length;
    const room = target.length;
    let { read, written } = cursor;
    while (read < end) {
      const byte = source[read] as number;
      const extra = byte === ETX || byte === SUB ? 1 : 0;
      if (written + extra >= room) break;
      // The byte itself overwrites the ETX unless it needs one: no branch to predict on random data.
      target[written] = ETX;
      written += extra;
      target[written++] = byte;
      read++;
    }
    cursor.read = read;
    cursor.written = written;
  },

  decode(cursor: EtxCursor): void {
    const { source, target } = cursor;
    const end = source.length;
    let { read, written } = cursor;
    while (read < end) {
      const byte = source[read] as number;
      if (byte === SUB) break;
      if (byte !== ETX) {
        target[written++] = byte;
        read++;
      } else {
        if (read + 1 === end) break;
        target[written++] = source[read + 1] as number;
        read += 2;
      }
    }
    cursor.read = read;
    cursor.written = written;
  },
};
