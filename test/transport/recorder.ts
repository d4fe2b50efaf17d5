import type { Receiver } from "../../src/platform/serial-line.ts";

/** A receiver that keeps the very chunks it is given, and holds the host back on demand. */
export class Recorder implements Receiver {
  readonly chunks: Buffer[] = [];
  readonly losses: Error[] = [];
  /** What was heard, in order: `opened`, `closed`, `ended`, and the bytes in between as text. */
  readonly heard: string[] = [];
  length = 0;
  /** Calls that came although the one before was not settled. */
  trespasses = 0;
  #busy = false;
  #hold: Promise<void> | undefined;
  #wake: () => void = () => undefined;

  data(chunk: Buffer): Promise<void> | undefined {
    if (this.#busy) this.trespasses++;
    this.chunks.push(chunk);
    this.length += chunk.length;
    if (chunk.length < 100) this.heard.push(chunk.toString("latin1"));
    this.#wake();
    if (this.#hold === undefined) return undefined;
    this.#busy = true;
    return this.#hold.finally(() => {
      this.#busy = false;
    });
  }

  lost(reason: Error): void {
    this.losses.push(reason);
    this.#note("lost");
  }

  opened(): void {
    this.#note("opened");
  }

  closed(): void {
    this.#note("closed");
  }

  #note(what: string): void {
    this.heard.push(what);
    this.#wake();
  }

  /** Holds the host back from the next chunk on, until the function it gives is called. */
  hold(): () => void {
    let release: () => void = () => undefined;
    this.#hold = new Promise((resolve) => {
      release = resolve;
    });
    return () => {
      this.#hold = undefined;
      release();
    };
  }

  /** Resolves when the condition holds; it is looked at whenever something has come. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => (this.#wake = resolve));
  }

  async received(length: number): Promise<Buffer> {
    await this.until(() => this.length >= length);
    return Buffer.concat(this.chunks);
  }
}
