import { CR, ESC, ETX, SUB } from "../../codec/control-bytes.ts";
import type { DataEntry, EntryProgress } from "./data-entry.ts";

export interface DiscardedEntryOptions {
  /** How many bytes are entered; without it Ctrl-Z or ESC ends them, and ETX makes the next byte a part of them. */
  readonly length?: number | undefined;
  /** They are those of a file: they are not echoed, and ESC is one of them. */
  readonly binary: boolean;
  /** Printed behind each CR. */
  readonly reprompt?: string | undefined;
}

type Print = (bytes: Uint8Array) => void;

/** Data entry of which nothing is kept: it stands in for that of a command that a fault answers. */
export class DiscardedEntry implements DataEntry {
  readonly counted: boolean;
  readonly binary: boolean;
  readonly early: boolean;
  readonly #reprompt: Buffer | undefined;
  #left: number;
  #quotes = false;

  constructor({ length, binary, reprompt }: DiscardedEntryOptions) {
    this.counted = length !== undefined;
    this.binary = binary;
    this.early = this.counted;
    this.#left = length ?? Number.POSITIVE_INFINITY;
    this.#reprompt = reprompt === undefined ? undefined : Buffer.from(reprompt, "latin1");
  }

  push(chunk: Buffer, echo: Print | undefined, print: Print): EntryProgress {
    const end = this.counted ? -1 : this.#endIn(chunk);
    const data = chunk.subarray(0, end >= 0 ? end : this.#left);
    this.#left -= data.length;
    this.#show(data, this.binary ? undefined : echo, print);
    const ended = end >= 0 || this.#left === 0;
    return { consumed: end >= 0 ? end + 1 : data.length, ended, escaped: chunk[end] === ESC, ready: undefined };
  }

  /** Where the byte stands that ends the data; -1 where none does. */
  #endIn(chunk: Buffer): number {
    return chunk.findIndex((byte) => {
      const isQuoted = this.#quotes;
      this.#quotes = !isQuoted && byte === ETX;
      return !isQuoted && (byte === SUB || (byte === ESC && !this.binary));
    });
  }

  #show(data: Buffer, echo: Print | undefined, print: Print): void {
    let start = 0;
    if (this.#reprompt !== undefined)
      for (let end = data.indexOf(CR); end >= 0; end = data.indexOf(CR, start)) {
        echo?.(data.subarray(start, end + 1));
        print(this.#reprompt);
        start = end + 1;
      }
    if (start < data.length) echo?.(data.subarray(start));
  }
}
