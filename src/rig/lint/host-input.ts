import { byteCount, sliceBytes } from "../../platform/long-bytes.ts";

/** What is kept of bytes that the module has not taken: as much as its own queue holds. */
const PENDING = 64 * 1024;

/** A command line among the host's bytes. */
export interface FoundLine {
  /** Its characters, without its end. */
  readonly length: number;
  /** How many bytes had come by its end. */
  readonly end: number;
  /** The event that brought its end. */
  readonly cause: number;
}

/**
 * The host's bytes that no event has accounted for, and which events brought them. Where they are no command lines (online
 * data mode, XMODEM) or far too many, no more of them is kept until the next line is taken.
 */
export class HostInput {
  #pending = "";
  /** How many bytes had come before the first pending one. */
  #start = 0;
  #received = 0;
  /** Where each piece of the pending bytes ends, and its event. */
  #pieces: { readonly end: number; readonly seq: number }[] = [];
  #raw = false;
  #begunLine = false;

  /** How many bytes have come so far. */
  get received(): number {
    return this.#received;
  }

  get pending(): string {
    return this.#pending;
  }

  /** Whether the pending bytes begin with a command line, noise before it aside. */
  get begunLine(): boolean {
    if (!this.#begunLine) this.#dropNoise();
    return this.#begunLine;
  }

  add(said: { readonly bytes: string }, seq: number): void {
    this.#received += byteCount(said);
    if (this.#raw) return;
    this.#pending += sliceBytes(said, 0, PENDING - this.#pending.length);
    this.#pieces.push({ end: this.#received, seq });
    this.#raw = this.#pending.length >= PENDING;
  }

  /** What comes now is no command line, until one is taken. */
  becomeRaw(): void {
    this.takeAll();
    this.#raw = true;
  }

  /**
   * Accounts for the first complete command line and what stands before it. `undefined` where it is not among the bytes
   * that were kept.
   */
  takeLine(terminator: string): FoundLine | undefined {
    const line = this.#raw ? undefined : findLine(this.#pending, terminator);
    if (line === undefined) {
      this.takeAll();
      return undefined;
    }
    const found = { length: line.length, end: this.#start + line.end, cause: this.seqAt(line.end - 1) };
    this.#drop(line.end);
    return found;
  }

  /** Accounts for everything. */
  takeAll(): void {
    this.#raw = false;
    this.#drop(this.#pending.length);
    this.#start = this.#received;
    this.#pieces = [];
  }

  /** The event that brought a pending byte; 0 where there is none. */
  seqAt(index: number): number {
    return this.#pieces.find(({ end }) => end > this.#start + index)?.seq ?? 0;
  }

  #drop(count: number): void {
    this.#pending = this.#pending.slice(count);
    this.#start += count;
    this.#begunLine = false;
    const kept = this.#pieces.findIndex(({ end }) => end > this.#start);
    this.#pieces.splice(0, kept < 0 ? this.#pieces.length : kept);
  }

  /** Drops what stands before a command line, so that noise is looked at once. */
  #dropNoise(): void {
    const start = this.#pending.search(/a[t/]/i);
    this.#drop(start >= 0 ? start : this.#pending.length - (/a$/i.test(this.#pending) ? 1 : 0));
    this.#begunLine = start >= 0;
  }
}

/** Finds the first complete command line: `A/`, or from `AT` to the terminator. `end` is behind the terminator. */
function findLine(text: string, terminator: string): { readonly length: number; readonly end: number } | undefined {
  const start = text.search(/a[t/]/i);
  if (start < 0) return undefined;
  if (text[start + 1] === "/") return { length: 2, end: start + 2 };
  const end = text.indexOf(terminator, start);
  return end < 0 ? undefined : { length: end - start, end: end + 1 };
}
