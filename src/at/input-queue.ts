import { SERIAL_LIMITS } from "../platform/serial-line.ts";
import { AT_LIMITS } from "./limits.ts";

/** Small pieces are copied together into buffers of this size. */
const SCRATCH = 4 * AT_LIMITS.smallPiece;

const NO_BYTES = Buffer.alloc(0);

/**
 * What the host has sent and nobody has taken yet, in order. It holds the host back when it is full. Bytes and pieces are
 * both bounded: small pieces are copied together.
 */
export class InputQueue {
  readonly #chunks: Buffer[] = [];
  #bytes = 0;
  /** The buffer that small pieces go to; the last chunk lies in it, or it is not used any more. */
  #scratch = NO_BYTES;
  #room: { readonly promise: Promise<void>; readonly resolve: () => void } | undefined;

  /** Appends a chunk, which the queue then owns; the caller decides whether to wait for {@link full}. */
  push(chunk: Buffer): void {
    if (chunk.length === 0) return;
    const last = this.#chunks.at(-1);
    const joined = last === undefined ? undefined : this.#joined(last, chunk);
    if (joined === undefined) this.#chunks.push(chunk);
    else this.#chunks[this.#chunks.length - 1] = joined;
    this.#bytes += chunk.length;
  }

  /** Present while the queue is full; resolves when there is room. */
  get full(): Promise<void> | undefined {
    if (this.#bytes < SERIAL_LIMITS.hostBuffer) return undefined;
    if (this.#room === undefined) {
      let resolve: () => void = () => undefined;
      const promise = new Promise<void>((settle) => {
        resolve = settle;
      });
      this.#room = { promise, resolve };
    }
    return this.#room.promise;
  }

  get first(): Buffer | undefined {
    return this.#chunks[0];
  }

  /** Removes the first `count` bytes of the first chunk. */
  consume(count: number): void {
    const first = this.#chunks[0];
    if (first === undefined) return;
    if (count < first.length) this.#chunks[0] = first.subarray(count);
    else this.#chunks.shift();
    this.#bytes -= count;
    this.#wake();
  }

  /** Throws everything away. */
  clear(): void {
    this.#chunks.length = 0;
    this.#bytes = 0;
    this.#wake();
  }

  /** Throws away what comes after the last `byte`: the beginning of a line that the host has not ended. */
  dropAfterLast(byte: number): void {
    for (let last = this.#chunks.pop(); last !== undefined; last = this.#chunks.pop()) {
      const kept = last.lastIndexOf(byte) + 1;
      this.#bytes -= last.length - kept;
      if (kept === 0) continue;
      this.#chunks.push(last.subarray(0, kept));
      break;
    }
    this.#wake();
  }

  /** The last chunk and the next one as one chunk, where that costs little. */
  #joined(last: Buffer, chunk: Buffer): Buffer | undefined {
    const end = last.byteOffset + last.length;
    // A transport's pieces of 4 KB lie side by side in memory: as one they cost a receiver of data far less.
    if (last.buffer === chunk.buffer && end === chunk.byteOffset) return extended(last, chunk.length);
    if (chunk.length > AT_LIMITS.smallPiece) return undefined;
    if (last.buffer === this.#scratch.buffer && this.#scratch.length - end >= chunk.length) {
      chunk.copy(this.#scratch, end);
      return extended(last, chunk.length);
    }
    if (last.length > AT_LIMITS.smallPiece) return undefined;
    this.#scratch = Buffer.allocUnsafeSlow(SCRATCH);
    last.copy(this.#scratch);
    chunk.copy(this.#scratch, last.length);
    return this.#scratch.subarray(0, last.length + chunk.length);
  }

  #wake(): void {
    if (this.#bytes >= SERIAL_LIMITS.hostBuffer) return;
    this.#room?.resolve();
    this.#room = undefined;
  }
}

function extended(buffer: Buffer, by: number): Buffer {
  return Buffer.from(buffer.buffer, buffer.byteOffset, buffer.length + by);
}
