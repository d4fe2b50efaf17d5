import { afterMoment } from "../../platform/yield-to-io.ts";
import type { RigEvent } from "../events.ts";
import type { Journal } from "../journal.ts";

/** What a record is written to; gives whether the text will be written. */
export type WriteText = (text: string) => boolean;

/** How long an event waits for others of its batch, in milliseconds. */
const PATIENCE = 20;

/** Writes every event of a journal as it comes, one line of JSON each. Events that a slow disk cannot take are missing. */
export class Recorder {
  readonly #write: WriteText;
  readonly #journal: Journal;
  readonly #size: number;
  #batch: RigEvent[] = [];
  #awaited = false;
  #missing = 0;

  /** With a `batch`, so many events are made text at once, which costs the module less; {@link flush} ends the record. */
  constructor(journal: Journal, write: WriteText, { batch = 1 }: { readonly batch?: number } = {}) {
    this.#write = write;
    this.#journal = journal;
    this.#size = batch;
    journal.follow((event) => this.#take(event));
  }

  /** Writes what waits for others. */
  flush(): void {
    const batch = this.#batch;
    if (batch.length === 0) return;
    this.#batch = [];
    if (!this.#write(batch.map((event) => `${JSON.stringify(event)}\n`).join(""))) {
      this.#missing += batch.length;
      return;
    }
    if (this.#missing === 0) return;
    const missing = this.#missing;
    this.#missing = 0;
    this.#journal.port().emit({ type: "log", level: "warn", event: "record-incomplete", missing });
  }

  #take(event: RigEvent): void {
    this.#batch.push(event);
    if (this.#batch.length >= this.#size) {
      this.flush();
    } else if (!this.#awaited) {
      this.#awaited = true;
      afterMoment(PATIENCE, () => {
        this.#awaited = false;
        this.flush();
      });
    }
  }
}
