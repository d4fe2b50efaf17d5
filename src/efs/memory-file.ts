import { EfsError } from "./efs-error.ts";
import { EFS_LIMITS } from "./limits.ts";
import type { EfsReader, EfsWriter } from "./store.ts";

/** A file in memory. */
export interface MemoryFile {
  readonly kind: "file";
  name: string;
  readonly modified: number;
  readonly size: number;
  /** Never changed, so that readers may go on with them after the file was removed. */
  readonly pieces: readonly Uint8Array[];
}

/** Goes through the pieces of a file. */
export class MemoryReader implements EfsReader {
  readonly size: number;
  #rest: readonly Uint8Array[];
  #next = 0;

  constructor(file: MemoryFile) {
    this.size = file.size;
    this.#rest = file.pieces;
  }

  async read(signal: AbortSignal): Promise<Uint8Array | undefined> {
    signal.throwIfAborted();
    return this.#rest[this.#next++];
  }

  async close(): Promise<void> {
    this.#rest = [];
  }
}

/** What the volume does for a file that is being written. */
export interface MemoryAccount {
  /** Takes bytes of the space; returns whether there was room. */
  take(bytes: number): boolean;
  /** Returns what an unfinished file took: its bytes and its entry. */
  giveBack(bytes: number): void;
  /** Makes the file appear. */
  keep(pieces: readonly Uint8Array[], size: number): void;
}

/** Gathers what is written, however small its pieces, into pieces of {@link EFS_LIMITS}.chunk; the last one grows up to that. */
export class MemoryWriter implements EfsWriter {
  readonly #account: MemoryAccount;
  #pieces: Uint8Array[] = [];
  #last = new Uint8Array(0);
  #lastFilled = 0;
  #size = 0;
  #failure: EfsError | undefined;
  #done = false;

  constructor(account: MemoryAccount) {
    this.#account = account;
  }

  async write(bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    this.#checkOpen();
    if (!this.#account.take(bytes.length)) this.#fail(new EfsError("NO_SPACE", "the volume is full"));
    this.#size += bytes.length;
    for (let from = 0; from < bytes.length; ) {
      this.#makeRoom(bytes.length - from);
      const part = bytes.subarray(from, from + this.#last.length - this.#lastFilled);
      this.#last.set(part, this.#lastFilled);
      this.#lastFilled += part.length;
      from += part.length;
    }
  }

  async commit(): Promise<void> {
    this.#checkOpen();
    if (this.#lastFilled > 0) this.#pieces.push(this.#last.slice(0, this.#lastFilled));
    try {
      this.#account.keep(this.#pieces, this.#size);
    } catch (error) {
      this.#fail(error as EfsError);
    }
    this.#done = true;
  }

  async abandon(): Promise<void> {
    if (!this.#done) this.#release();
  }

  #makeRoom(wanted: number): void {
    if (this.#lastFilled < this.#last.length) return;
    if (this.#last.length === EFS_LIMITS.chunk) {
      this.#pieces.push(this.#last);
      this.#last = new Uint8Array(0);
      this.#lastFilled = 0;
    }
    const grown = new Uint8Array(Math.min(EFS_LIMITS.chunk, Math.max(this.#last.length * 2, wanted, 256)));
    grown.set(this.#last);
    this.#last = grown;
  }

  #checkOpen(): void {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#done) throw new Error("the file is written and closed");
  }

  #fail(failure: EfsError): never {
    this.#failure = failure;
    this.#release();
    throw failure;
  }

  #release(): void {
    this.#done = true;
    this.#pieces = [];
    this.#last = new Uint8Array(0);
    this.#account.giveBack(this.#size);
  }
}
