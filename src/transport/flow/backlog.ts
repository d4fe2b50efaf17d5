import { SERIAL_LIMITS } from "../../platform/serial-line.ts";

/** Shorter pieces are copied together, so that single bytes do not cost one object each. */
const SMALL_PIECE = 1024;
const SCRATCH = 4096;

interface Piece {
  readonly buffer: Uint8Array;
  start: number;
  end: number;
}

/** The bytes that wait for a host, in order, and whether their sender must wait. */
export class Backlog {
  readonly #pieces: Piece[] = [];
  #length = 0;
  #room: Promise<void> | undefined;
  #announceRoom: (() => void) | undefined;
  readonly #watchers: Array<() => void> = [];

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

  /** The piece that is sent next, or `undefined` when none waits. It is borrowed until it is consumed. */
  first(): Uint8Array | undefined {
    const piece = this.#pieces[0];
    return piece?.buffer.subarray(piece.start, piece.end);
  }

  /** Removes the first `count` bytes of the first piece, which were sent. */
  consume(count: number): void {
    const piece = this.#pieces[0];
    if (piece === undefined) return;
    piece.start += count;
    this.#length -= count;
    if (piece.start === piece.end) this.#pieces.shift();
    this.#announce();
  }

  /** Drops everything that waits. */
  clear(): void {
    this.#pieces.length = 0;
    this.#length = 0;
    this.#announce();
  }

  /** `undefined` while less than `SERIAL_LIMITS.hostBuffer` bytes wait, else a promise that resolves when that is so again. */
  room(): Promise<void> | undefined {
    if (this.#length < SERIAL_LIMITS.hostBuffer) return undefined;
    this.#room ??= new Promise((resolve) => {
      this.#announceRoom = resolve;
    });
    return this.#room;
  }

  /** Resolves when something was consumed, or everything dropped. */
  consumed(): Promise<void> {
    return new Promise((resolve) => this.#watchers.push(resolve));
  }

  #announce(): void {
    for (const watcher of this.#watchers.splice(0)) watcher();
    if (this.#announceRoom === undefined || this.#length >= SERIAL_LIMITS.hostBuffer) return;
    this.#announceRoom();
    this.#announceRoom = undefined;
    this.#room = undefined;
  }
}
