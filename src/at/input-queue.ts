import { SERIAL_LIMITS } from "../platform/serial-line.ts";

/** What the host has sent and nobody has taken yet, in order. It holds the host back when it is full. */
export class InputQueue {
  readonly #chunks: Buffer[] = [];
  #bytes = 0;
  #room: { readonly promise: Promise<void>; readonly resolve: () => void } | undefined;

  /** Appends; the caller owns the decision to wait for {@link full}. */
  push(chunk: Buffer): void {
    const last = this.#chunks.at(-1);
    // A transport's pieces of 4 KB lie side by side in memory: as one they cost a receiver of data far less.
    if (last !== undefined && last.buffer === chunk.buffer && last.byteOffset + last.length === chunk.byteOffset) {
      this.#chunks[this.#chunks.length - 1] = Buffer.from(last.buffer, last.byteOffset, last.length + chunk.length);
    } else {
      this.#chunks.push(chunk);
    }
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

  #wake(): void {
    if (this.#bytes >= SERIAL_LIMITS.hostBuffer) return;
    this.#room?.resolve();
    this.#room = undefined;
  }
}
