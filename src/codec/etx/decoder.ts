import { ETX, SUB } from "../control-bytes.ts";
import type { EtxCursor } from "./cursor.ts";
import { etxKernel } from "./kernel.ts";
import { indexOfControl } from "./scan.ts";

/** What one chunk brought. */
export interface EtxDecoded {
  /** The data bytes: the chunk itself or a part of it. */
  readonly data: Buffer;
  /** Bytes of the chunk that were used, the ending SUB included; the rest is the next command line's, and untouched. */
  readonly consumed: number;
  /** Whether the SUB that ends the data has come. */
  readonly ended: boolean;
}

/**
 * Takes the ETX code off what a host enters as data: SUB (Ctrl-Z) ends it, ETX makes the next byte literal, whatever it is. One
 * decoder reads one data entry, cut into chunks anywhere. It decodes **in place**: the chunk must be the caller's to give away, a
 * chunk without ETX and SUB is handed on as it is, and no chunk costs a copy of the data elsewhere.
 *
 * @spec AT Command Set for Internet Service 5.10, 6.1
 */
export class EtxDecoder {
  #literal = false;
  #ended = false;

  decode(chunk: Buffer): EtxDecoded {
    if (this.#ended) return { data: chunk.subarray(0, 0), consumed: 0, ended: true };
    if (chunk.length === 0) return { data: chunk, consumed: 0, ended: false };
    const at = indexOfControl(chunk, this.#literal ? 1 : 0);
    if (at === chunk.length) {
      this.#literal = false;
      return { data: chunk, consumed: chunk.length, ended: false };
    }
    const cursor: EtxCursor = { source: chunk, read: at, target: chunk, written: at };
    etxKernel.decode(cursor);
    const stop = chunk[cursor.read];
    this.#literal = stop === ETX;
    this.#ended = stop === SUB;
    return {
      data: chunk.subarray(0, cursor.written),
      consumed: this.#ended ? cursor.read + 1 : chunk.length,
      ended: this.#ended,
    };
  }
}
