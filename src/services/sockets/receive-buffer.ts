/** Received bytes that wait for the host, up to a limit; the sender is held back beyond it. */
export class ReceiveBuffer {
  readonly #limit: number;
  readonly #chunks: Buffer[] = [];
  #length = 0;
  #waiting: Array<() => void> = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  get length(): number {
    return this.#length;
  }

  /** Appends bytes, which must not change afterwards; resolves when there is room for more. */
  push(bytes: Buffer): Promise<void> | undefined {
    this.#chunks.push(bytes);
    this.#length += bytes.length;
    if (this.#length < this.#limit) return undefined;
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Removes and returns the first bytes: as many as are there, up to `count`. */
  take(count: number): Buffer {
    const taken: Buffer[] = [];
    let left = Math.min(count, this.#length);
    this.#length -= left;
    while (left > 0) {
      const first = this.#chunks[0] ?? Buffer.alloc(0);
      const part = first.subarray(0, left);
      taken.push(part);
      left -= part.length;
      if (part.length === first.length) this.#chunks.shift();
      else this.#chunks[0] = first.subarray(part.length);
    }
    if (this.#length < this.#limit) this.#release();
    return taken.length === 1 && taken[0] !== undefined ? taken[0] : Buffer.concat(taken);
  }

  clear(): void {
    this.#chunks.length = 0;
    this.#length = 0;
    this.#release();
  }

  #release(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
