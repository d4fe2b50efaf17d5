import type { DataEntry, EntryProgress } from "./data-entry.ts";

export interface CountedEntryOptions {
  /** As of {@link DataEntry}. */
  readonly early?: boolean;
  /** The data are text: they are echoed while ATE1 is in force. Those of a file never are. */
  readonly echoed?: boolean;
}

/** Data entry of a number of bytes that the command has named, whatever they are. */
export class CountedEntry implements DataEntry {
  readonly binary = true;
  readonly counted = true;
  readonly #receive: (data: Buffer) => Promise<void>;
  readonly early: boolean;
  readonly #echoed: boolean;
  #left: number;

  /** `receive` owns what it gets and must not reject; it is called again only after it has resolved. */
  constructor(count: number, receive: (data: Buffer) => Promise<void>, options: CountedEntryOptions = {}) {
    const { early = false, echoed = false } = options;
    this.#left = count;
    this.#receive = receive;
    this.early = early;
    this.#echoed = echoed;
  }

  get complete(): boolean {
    return this.#left === 0;
  }

  push(chunk: Buffer, echo: ((bytes: Uint8Array) => void) | undefined): EntryProgress {
    const data = chunk.subarray(0, this.#left);
    if (this.#echoed) echo?.(data);
    this.#left -= data.length;
    return { consumed: data.length, ended: this.complete, ready: this.#receive(data) };
  }
}
