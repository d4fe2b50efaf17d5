import { Backlog } from "./backlog.ts";

/** Gives bytes to a medium piece by piece, each when the medium has taken the one before. */
export class PacedWriter {
  readonly #waiting = new Backlog();
  readonly #send: (bytes: Uint8Array) => Promise<void>;
  #sending = false;
  #closed = false;

  /** `send` resolves when the medium has taken the bytes; a rejection means that it takes no more. */
  constructor(send: (bytes: Uint8Array) => Promise<void>) {
    this.#send = send;
  }

  get backlog(): number {
    return this.#waiting.length;
  }

  /** As {@link SerialLine.write}; a piece that meets an idle medium is sent at once. */
  write(bytes: Uint8Array): Promise<void> | undefined {
    if (this.#closed || bytes.length === 0) return undefined;
    this.#waiting.push(bytes);
    if (!this.#sending) void this.#pump();
    return this.#waiting.room();
  }

  /** Resolves when the medium has taken everything, or takes no more. */
  async idle(): Promise<void> {
    while (this.#waiting.length > 0) await this.#waiting.consumed();
  }

  /** Drops what waits and what is written later. */
  close(): void {
    this.#closed = true;
    this.#waiting.clear();
  }

  async #pump(): Promise<void> {
    this.#sending = true;
    try {
      for (let piece = this.#waiting.first(); piece !== undefined; piece = this.#waiting.first()) {
        await this.#send(piece);
        this.#waiting.consume(piece.length);
      }
    } catch {
      this.close();
    }
    this.#sending = false;
  }
}
