import type { DataEntry, EntryProgress } from "./data-entry.ts";

/** Data entry of a number of bytes that the command has named, whatever they are. They are never echoed. */
export class CountedEntry implements DataEntry {
  readonly binary = true;
  readonly counted = true;
  readonly #receive: (data: Buffer) => Promise<void>;
  #left: number;

  /** `receive` owns what it gets and must not reject; it is called again only after it has resolved. */
  constructor(count: number, receive: (data: Buffer) => Promise<void>) {
    this.#left = count;
    this.#receive = receive;
  }

  get complete(): boolean {
    return this.#left === 0;
  }

  push(chunk: Buffer): EntryProgress {
    const data = chunk.subarray(0, this.#left);
    this.#left -= data.length;
    return { consumed: data.length, ended: this.complete, ready: this.#receive(data) };
  }
}
