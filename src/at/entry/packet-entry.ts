import { ESC, ETX, SUB } from "../../codec/control-bytes.ts";
import type { DataEntry, EntryProgress } from "./data-entry.ts";

/**
 * Data entry of one packet: Ctrl-Z ends it, ESC gives it up, and ETX makes the next byte a part of it, whatever that is.
 * What is past the limit is dropped, and {@link overflown} then.
 *
 * @spec module.md 1.4
 */
export class PacketEntry implements DataEntry {
  readonly #bytes: Buffer;
  #length = 0;
  #quotes = false;
  #overflown = false;

  /** Takes at most `limit` bytes. */
  constructor(limit: number) {
    this.#bytes = Buffer.alloc(limit);
  }

  /** What was entered. */
  get packet(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Whether more was entered than a packet holds. */
  get overflown(): boolean {
    return this.#overflown;
  }

  push(chunk: Buffer, echo: ((bytes: Uint8Array) => void) | undefined): EntryProgress {
    let at = 0;
    let ended = false;
    let escaped = false;
    while (at < chunk.length && !ended) {
      const byte = chunk[at++] ?? 0;
      if (this.#quotes || (byte !== SUB && byte !== ESC && byte !== ETX)) this.#append(byte);
      else if (byte === ETX) this.#quotes = true;
      else {
        ended = true;
        escaped = byte === ESC;
      }
    }
    echo?.(chunk.subarray(0, ended ? at - 1 : at));
    return { consumed: at, ended, escaped, ready: undefined };
  }

  #append(byte: number): void {
    this.#quotes = false;
    if (this.#length === this.#bytes.length) this.#overflown = true;
    else this.#bytes[this.#length++] = byte;
  }
}
