import type { Receiver } from "../../platform/serial-line.ts";
import { Backlog } from "./backlog.ts";
import { Intake } from "./intake.ts";

/** An {@link Intake} that keeps, in order, what the receiver cannot take yet. */
export class QueuedIntake {
  readonly #waiting = new Backlog();
  readonly #intake = new Intake(() => this.#deliver());
  readonly #changed: () => void;

  /** `changed` is called when the receiver has taken something that waited. */
  constructor(changed: () => void = () => undefined) {
    this.#changed = changed;
  }

  start(receiver: Receiver): void {
    this.#intake.start(receiver);
    this.#deliver();
  }

  /** Takes a chunk over; gives a promise while so much waits that the host is to be held back. */
  take(chunk: Buffer): Promise<void> | undefined {
    if (this.#waiting.length === 0 && this.#intake.ready) this.#intake.give(chunk);
    else this.#waiting.push(chunk);
    this.#deliver();
    return this.#waiting.room();
  }

  /** How many bytes the receiver has not taken yet. */
  get length(): number {
    return this.#waiting.length;
  }

  /** Whether the receiver can take a chunk now. */
  get ready(): boolean {
    return this.#intake.ready;
  }

  /** Resolves when the receiver has taken everything, or when it was dropped. */
  async settled(): Promise<void> {
    while (this.#waiting.length > 0) await this.#waiting.consumed();
    await this.#intake.settled;
  }

  /** Drops what the receiver has not taken. */
  clear(): void {
    this.#waiting.clear();
  }

  opened(): void {
    this.#intake.opened();
  }

  closed(): void {
    this.#intake.closed();
  }

  lose(reason: Error): void {
    this.#intake.lose(reason);
  }

  /** The receiver hears nothing any more. */
  close(): void {
    this.#intake.close();
    this.#waiting.clear();
  }

  #deliver(): void {
    while (this.#intake.ready) {
      const piece = this.#waiting.first();
      if (piece === undefined) return;
      // A part of a backlog is never written to again.
      this.#waiting.consume(piece.length);
      this.#intake.give(Buffer.from(piece.buffer, piece.byteOffset, piece.length));
      this.#changed();
    }
  }
}
