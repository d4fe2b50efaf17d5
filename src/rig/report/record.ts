import { byteCount } from "../../platform/long-bytes.ts";
import { afterMoment } from "../../platform/yield-to-io.ts";
import type { RigEvent } from "../events.ts";
import type { Journal } from "../journal.ts";

/** Takes events for a record; gives whether they will be written. */
export type WriteEvents = (events: readonly RigEvent[]) => boolean;

/** How long an event waits for others of its batch, in milliseconds. */
const PATIENCE = 20;
/** A batch with payloads of so many bytes is written at once, however few its events are. */
const PAYLOAD = 64 * 1024;

/** Writes every event of a journal as it comes. Events that a slow disk cannot take are missing. */
export class Recorder {
  readonly #write: WriteEvents;
  readonly #journal: Journal;
  readonly #size: number;
  #batch: RigEvent[] = [];
  #payload = 0;
  #awaited = false;
  #missing = 0;

  /** With a `batch`, so many events are written at once, which costs the module less; {@link flush} ends the record. */
  constructor(journal: Journal, write: WriteEvents, { batch = 1 }: { readonly batch?: number } = {}) {
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
    this.#payload = 0;
    if (!this.#write(batch)) {
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
    if (event.type === "host" || event.type === "module") this.#payload += byteCount(event);
    if (this.#batch.length >= this.#size || this.#payload >= PAYLOAD) {
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
