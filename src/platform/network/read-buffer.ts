import { ServiceError } from "./service-error.ts";

const LF = 0x0a;
const CR = 0x0d;

/** Bytes that have arrived and were not read, in the chunks in which they came. */
export class ReadBuffer {
  readonly #chunks: Buffer[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  get chunks(): number {
    return this.#chunks.length;
  }

  get first(): Buffer | undefined {
    return this.#chunks[0];
  }

  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
  }

  /** Removes and returns the first chunk. */
  shift(): Buffer | undefined {
    const chunk = this.#chunks.shift();
    this.#length -= chunk?.length ?? 0;
    return chunk;
  }

  clear(): void {
    this.#chunks.length = 0;
    this.#length = 0;
  }

  /**
   * Returns the next line without its CR LF or LF. A line of more than `limit` bytes is `REPLY`. `more` is called for
   * more chunks; it pushes them, or rejects.
   */
  async readLine(limit: number, more: () => Promise<void>): Promise<Buffer> {
    let searched = 0;
    for (;;) {
      const length = this.#lineLength(searched);
      if (length !== undefined) {
        if (length > limit + 2) throw tooLong(limit);
        const line = this.#take(length);
        const end = line[length - 2] === CR ? length - 2 : length - 1;
        if (end > limit) throw tooLong(limit);
        return line.subarray(0, end);
      }
      if (this.#length > limit + 1) throw tooLong(limit);
      searched = this.#chunks.length;
      await more();
    }
  }

  /** Returns exactly `length` bytes; `more` as for {@link readLine}. */
  async readExactly(length: number, more: () => Promise<void>): Promise<Buffer> {
    const whole = Buffer.allocUnsafe(length);
    let filled = 0;
    while (filled < length) {
      if (this.#length === 0) await more();
      const part = this.#take(Math.min(this.#length, length - filled));
      filled += part.copy(whole, filled);
    }
    return whole;
  }

  /** The length of the first line with its terminator, or `undefined` while none is complete; skips searched chunks. */
  #lineLength(searched: number): number | undefined {
    let length = 0;
    for (const [index, chunk] of this.#chunks.entries()) {
      const at = index < searched ? -1 : chunk.indexOf(LF);
      if (at >= 0) return length + at + 1;
      length += chunk.length;
    }
    return undefined;
  }

  /** Removes `length` bytes from the front, in one piece and without a copy where they lie in one chunk. */
  #take(length: number): Buffer {
    const first = this.#chunks[0];
    if (first !== undefined && first.length >= length) {
      if (first.length === length) this.#chunks.shift();
      else this.#chunks[0] = first.subarray(length);
      this.#length -= length;
      return first.subarray(0, length);
    }
    const whole = Buffer.allocUnsafe(length);
    let filled = 0;
    while (filled < length) {
      const part = this.#take(Math.min(this.#chunks[0]?.length ?? 0, length - filled));
      filled += part.copy(whole, filled);
    }
    return whole;
  }
}

function tooLong(limit: number): ServiceError {
  return new ServiceError("REPLY", `a line of more than ${limit} bytes`);
}
