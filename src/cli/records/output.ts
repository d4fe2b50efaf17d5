import type { Writable } from "node:stream";

/** Characters that are collected for one write. */
const COLLECTED = 64 * 1024;

/** Text to the standard output, as fast as it is read there. Ends quietly when its reader does. */
export class Output {
  readonly #stream: Writable;
  readonly #over = new AbortController();
  #collected: string[] = [];
  #size = 0;

  constructor(stream: Writable) {
    this.#stream = stream;
    // What went wrong, other than the end of the reader, is told by the program.
    for (const event of ["error", "close"]) stream.once(event, () => this.#over.abort());
  }

  /** Aborts when nothing more can be written. */
  get over(): AbortSignal {
    return this.#over.signal;
  }

  /** Writes lines; a promise asks to wait. */
  lines(lines: readonly string[]): Promise<void> | undefined {
    return this.text(lines.map((line) => `${line}\n`));
  }

  /** Writes pieces of text as they are; a promise asks to wait. */
  text(pieces: readonly string[]): Promise<void> | undefined {
    for (const piece of pieces) {
      this.#collected.push(piece);
      this.#size += piece.length;
    }
    return this.#size < COLLECTED ? undefined : this.flush();
  }

  /** Writes what was collected. */
  async flush(): Promise<void> {
    const text = this.#collected.join("");
    this.#collected = [];
    this.#size = 0;
    if (text === "" || this.#over.signal.aborted || this.#stream.write(text)) return;
    await new Promise<void>((resolve) => {
      const done = () => {
        this.#stream.off("drain", done);
        this.#over.signal.removeEventListener("abort", done);
        resolve();
      };
      this.#stream.once("drain", done);
      this.#over.signal.addEventListener("abort", done, { once: true });
      if (this.#over.signal.aborted) done();
    });
  }
}
