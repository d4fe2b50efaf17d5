import type { RigEvent } from "../events.ts";
import type { Journal } from "../journal.ts";

/** What a record is written to; gives whether the text will be written. */
export type WriteText = (text: string) => boolean;

/** Writes every event of a journal as it comes, one line of JSON each. Events that a slow disk cannot take are missing. */
export class Recorder {
  readonly #write: WriteText;
  readonly #journal: Journal;
  #missing = 0;

  constructor(journal: Journal, write: WriteText) {
    this.#journal = journal;
    this.#write = write;
    journal.follow((event) => this.#look(event));
  }

  #look(event: RigEvent): void {
    if (!this.#write(`${JSON.stringify(event)}\n`)) {
      this.#missing++;
      return;
    }
    if (this.#missing === 0) return;
    const missing = this.#missing;
    this.#missing = 0;
    this.#journal.port().emit({ type: "log", level: "warn", event: "record-incomplete", missing });
  }
}
