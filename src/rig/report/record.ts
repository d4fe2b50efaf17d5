import { byteCount } from "../../platform/long-bytes.ts";
import { afterMoment } from "../../platform/yield-to-io.ts";
import type { RigEvent } from "../events.ts";
import type { Journal } from "../journal.ts";

/** Where a record goes. */
export interface RecordSink {
  /** Takes an event, whose bytes may be lent. */
  add(event: RigEvent): void;
  /** Writes what was added; gives whether it will be written. */
  write(): boolean;
}

/** How long an event waits for others of its batch, in milliseconds. */
const PATIENCE = 20;
/** A batch with payloads of so many bytes is written at once, however few its events are. */
const PAYLOAD = 64 * 1024;

/** Writes every event of a journal as it comes. Events that a slow disk cannot take are missing. */
export class Recorder {
  readonly #sink: RecordSink;
  readonly #journal: Journal;
  readonly #size: number;
  /** How many events were added and not written. */
  #added = 0;
  #payload = 0;
  #awaited = false;
  #missing = 0;

  /** With a `batch`, so many events are written at once, which costs the module less; {@link flush} ends the record. */
  constructor(journal: Journal, sink: RecordSink, { batch = 1 }: { readonly batch?: number } = {}) {
    this.#sink = sink;
    this.#journal = journal;
    this.#size = batch;
    journal.follow((event) => this.#take(event), { lent: true });
  }

  /** Writes what waits for others. */
  flush(): void {
    const added = this.#added;
    if (added === 0) return;
    this.#added = 0;
    this.#payload = 0;
    if (!this.#sink.write()) {
      this.#missing += added;
      return;
    }
    if (this.#missing === 0) return;
    const missing = this.#missing;
    this.#missing = 0;
    this.#journal.port().emit({ type: "log", level: "warn", event: "record-incomplete", missing });
  }

  #take(event: RigEvent): void {
    this.#sink.add(event);
    this.#added++;
    if (event.type === "host" || event.type === "module") this.#payload += byteCount(event);
    if (this.#added >= this.#size || this.#payload >= PAYLOAD) {
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
