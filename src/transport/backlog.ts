import { HOST_BUFFER } from "../platform/limits.ts";

/** Shorter pieces are copied together, so that a flood of single bytes costs no object each. */
const SMALL_PIECE = 1024;
const SCRATCH = 4096;

interface Piece {
  readonly buffer: Uint8Array;
  start: number;
  end: number;
}

/** The bytes that wait for a host, in order. Knows when the sender should wait, too. */
export class Backlog {
  readonly #pieces: Piece[] = [];
  #length = 0;
  #room: Promise<void> | undefined;
  #announceRoom: (() => void) | undefined;

  get length(): number {
    return this.#length;
  }

  /** Takes bytes; they must not change until they are consumed. */
  push(bytes: Uint8Array): void {
    this.#length += bytes.length;
    if (bytes.length >= SMALL_PIECE) {
      this.#pieces.push({ buffer: bytes, start: 0, end: bytes.length });
      return;
    }
    let tail = this.#pieces.at(-1);
    if (tail === undefined || tail.buffer.length - tail.end < bytes.length) {
      tail = { buffer: Buffer.allocUnsafe(SCRATCH), start: 0, end: 0 };
      this.#pieces.push(tail);
    }
    tail.buffer.set(bytes, tail.end);
    tail.end += bytes.length;
  }

  /** The piece that goes next, or `undefined` when none waits. It is borrowed until it is consumed. */
  first(): Uint8Array | undefined {
    const piece = this.#pieces[0];
    return piece?.buffer.subarray(piece.start, piece.end);
  }

  /** Removes the first `count` bytes of the first piece: they are under way. */
  consume(count: number): void {
    const piece = this.#pieces[0];
    if (piece === undefined) return;
    piece.start += count;
    this.#length -= count;
    if (piece.start === piece.end) this.#pieces.shift();
    this.#announce();
  }

  /** Loses all that waits. */
  clear(): void {
    this.#pieces.length = 0;
    this.#length = 0;
    this.#announce();
  }

  /** `undefined` while less than `HOST_BUFFER` bytes wait, else a promise for the moment when that is so again. */
  room(): Promise<void> | undefined {
    if (this.#length < HOST_BUFFER) return undefined;
    this.#room ??= new Promise((resolve) => {
      this.#announceRoom = resolve;
    });
    return this.#room;
  }

  #announce(): void {
    if (this.#announceRoom === undefined || this.#length >= HOST_BUFFER) return;
    this.#announceRoom();
    this.#announceRoom = undefined;
    this.#room = undefined;
  }
}
