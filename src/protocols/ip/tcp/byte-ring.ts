/** A bounded queue of bytes, which pieces of any size fill without costing more than their bytes. */
export class ByteRing {
  readonly #capacity: number;
  #bytes: Buffer | undefined;
  #start = 0;
  #length = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get length(): number {
    return this.#length;
  }

  get room(): number {
    return this.#capacity - this.#length;
  }

  /** Copies as many of the bytes as there is room for, and gives their number. */
  push(bytes: Uint8Array): number {
    const count = Math.min(bytes.length, this.room);
    this.#bytes ??= Buffer.allocUnsafeSlow(this.#capacity);
    const at = (this.#start + this.#length) % this.#capacity;
    const first = Math.min(count, this.#capacity - at);
    this.#bytes.set(bytes.subarray(0, first), at);
    this.#bytes.set(bytes.subarray(first, count), 0);
    this.#length += count;
    return count;
  }

  /** A copy of `length` bytes from `offset` on; all of them must be there. */
  copy(offset: number, length: number): Buffer {
    const copy = Buffer.allocUnsafe(length);
    const at = (this.#start + offset) % this.#capacity;
    const first = Math.min(length, this.#capacity - at);
    this.#bytes?.copy(copy, 0, at, at + first);
    this.#bytes?.copy(copy, first, 0, length - first);
    return copy;
  }

  /** Drops the first `count` bytes. */
  drop(count: number): void {
    this.#start = (this.#start + count) % this.#capacity;
    this.#length -= count;
  }
}
