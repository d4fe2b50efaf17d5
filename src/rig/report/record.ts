import type { RigEvent } from "../events.ts";
import type { Journal } from "../journal.ts";

/** Takes the next event of a record, whose bytes may be lent; gives whether it will be written. */
export type WriteEvent = (event: RigEvent) => boolean;

/** Writes every event of a journal as it comes. Events that a slow disk cannot take are missing. */
export class Recorder {
  readonly #write: WriteEvent;
  readonly #journal: Journal;
  #missing = 0;

  constructor(journal: Journal, write: WriteEvent) {
    this.#write = write;
    this.#journal = journal;
    journal.follow((event) => this.#take(event), { lent: true });
  }

  #take(event: RigEvent): void {
    if (!this.#write(event)) {
      this.#missing++;
      return;
    }
    if (this.#missing === 0) return;
    const missing = this.#missing;
    this.#missing = 0;
    this.#journal.port().emit({ type: "log", level: "warn", event: "record-incomplete", missing });
  }
}
