import { SERIAL_LIMITS } from "../../platform/serial-line.ts";

/** Room for what a line buffers, for what is written beyond that, and for the place that is lost where the memory ends. */
const SIZE = 4 * SERIAL_LIMITS.hostBuffer;

/** A piece that the line may still have to send. */
interface Lent {
  readonly piece: Buffer;
  readonly start: number;
  /** Where it ends, counted from the first byte that was ever written; infinite until it is. */
  end: number;
}

/**
 * Memory for what is written to a line that gives it back ({@link SerialLine.returnsMemory}), used round and round: memory
 * taken anew for all that passes costs page faults, and the garbage collector's time.
 */
export class OutputMemory {
  /** Taken at the first use: most of a thousand modems print little. */
  #memory: Buffer | undefined;
  readonly #lent: Lent[] = [];
  #next = 0;
  #written = 0;

  /** Memory for so many bytes, which are written in one piece; none where the line, with its backlog, has too much of it. */
  take(length: number, backlog: number): Buffer | undefined {
    const sent = this.#written - backlog;
    while (this.#lent[0] !== undefined && this.#lent[0].end <= sent) this.#lent.shift();
    const start = this.#room(length);
    if (start === undefined) return undefined;
    this.#memory ??= Buffer.allocUnsafeSlow(SIZE);
    this.#next = start + length;
    const piece = this.#memory.subarray(start, this.#next);
    this.#lent.push({ piece, start, end: Number.POSITIVE_INFINITY });
    return piece;
  }

  /** These bytes are written now, wherever they stand. */
  written(bytes: Uint8Array): void {
    this.#written += bytes.length;
    const lent = this.#lent.findLast(({ piece }) => piece === bytes);
    if (lent !== undefined) lent.end = this.#written;
  }

  /** Where there is room for so many bytes. */
  #room(length: number): number | undefined {
    const oldest = this.#lent[0]?.start;
    if (oldest === undefined) return length <= SIZE ? 0 : undefined;
    if (this.#next <= oldest) return this.#next + length <= oldest ? this.#next : undefined;
    if (this.#next + length <= SIZE) return this.#next;
    return length <= oldest ? 0 : undefined;
  }
}
