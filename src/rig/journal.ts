import type { Events } from "../platform/events.ts";
import { type Log, silentLog } from "../platform/log.ts";
import { behind, byteCount, longBytes, moveBytes, ownBytes } from "../platform/long-bytes.ts";
import type { Clock } from "../platform/time/clock.ts";
import { afterIo } from "../platform/yield-to-io.ts";
import { EventRing, type KeptBytes } from "./event-ring.ts";
import type { RigEvent, RigEventBody, RigEventType } from "./events.ts";
import type { LintMoment } from "./lint/view.ts";
import { type NearMiss, NearMisses } from "./near-misses.ts";
import type { Pattern } from "./pattern.ts";

/** The default number of bytes that a journal keeps (instrument 1). */
const JOURNAL_SIZE = 16 * 1024 * 1024;
/** The queue is processed at once when it holds so many events, or payloads of so many bytes, so that it stays small. */
const WAITING = { events: 64, bytes: 256 * 1024 } as const;

export interface JournalParts {
  /** The rig's clock. */
  readonly clock: Clock;
  readonly log?: Log;
  /** Bytes of memory, about. */
  readonly size?: number;
}

/** How the events of one port are processed. */
export interface PortReader {
  /** Called as an event is emitted. What it gives goes to the listeners, who hear of the event later. */
  momentOf?(event: RigEventBody): LintMoment | undefined;
  /** What the journal keeps of an event. Called later, in the order of the events. */
  refine?(event: RigEventBody): RigEventBody;
}

/** An event that waits in the queue. */
interface Emitted {
  readonly body: RigEventBody;
  readonly modem: string | undefined;
  readonly at: number;
  readonly moment: LintMoment | undefined;
  readonly reader: PortReader;
  /** Its bytes, which were lent, in the ring. */
  readonly kept: KeptBytes | undefined;
}

type Listener = (event: RigEvent, moment?: LintMoment) => void;

interface ListenerOptions {
  /** It keeps no event, which spares the journal a copy: many bytes are lent to it, until it returns (`long-bytes.ts`). */
  readonly lent?: boolean;
}

/** Which events to give. */
export interface JournalQuery {
  /** Only events with a larger `seq`. */
  readonly after?: number;
  readonly types?: readonly RigEventType[];
  readonly modem?: string;
  readonly match?: Pattern;
  /** At most so many. */
  readonly limit?: number;
}

/** What a query found. */
export interface JournalPage {
  readonly events: readonly RigEvent[];
  /** To be given as `after` next time: every event up to it has been looked at. */
  readonly next: number;
  /** How many events after the query's `after` were evicted before they could be given. */
  readonly dropped: number;
}

/**
 * Everything that happened in a rig, in order; bounded, the oldest go first.
 *
 * Emitting an event does not wait for its readers. The journal queues events, and processes the queue when the event loop
 * turns or a caller asks for events; by then the module has answered its host.
 */
export class Journal {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #ring: EventRing;
  readonly #start: number;
  #listeners: readonly (Required<ListenerOptions> & { readonly listener: Listener })[] = [];
  #emitted: Emitted[] = [];
  /** Bytes of payload in the queue. */
  #payload = 0;
  #taking = false;
  #scheduled = false;
  #last = 0;
  /** The `seq` of the last event before the last {@link clear}. */
  #cleared = 0;

  /** `at` counts from now on. */
  constructor({ clock, log = silentLog, size = JOURNAL_SIZE }: JournalParts) {
    if (!Number.isSafeInteger(size) || size < 0)
      throw new RangeError(`the size of the journal must be a number of bytes, not ${size}`);
    this.#clock = clock;
    this.#log = log;
    this.#ring = new EventRing(size);
    this.#start = clock.monotonic();
  }

  /** The port for what happens in one modem, or, without an id, in what all modems share. */
  port(modem?: string, reader: PortReader = {}): Events & { emit(event: RigEventBody): void } {
    return { active: true, emit: (event) => this.#emit(event, modem, reader) };
  }

  /** The `seq` of the last event; 0 before the first. */
  get last(): number {
    this.settle();
    return this.#last;
  }

  /** Events evicted since the start, or the last {@link clear}. */
  get dropped(): number {
    this.settle();
    return this.#ring.evicted;
  }

  /** Milliseconds since the journal began, on the rig's clock; never decreases. */
  get now(): number {
    return this.#since(this.#clock.monotonic());
  }

  /**
   * Calls `listener` with every event from now on, in their order, until the function that it gives is called. It may emit
   * events, which are delivered after the current one. Errors that it throws are logged.
   */
  on(listener: Listener, { lent = false }: ListenerOptions = {}): () => void {
    this.settle();
    const own = { listener, lent };
    this.#listeners = [...this.#listeners, own];
    return () => {
      this.#listeners = this.#listeners.filter((other) => other !== own);
    };
  }

  /** Calls `listener` with every event that the journal still has, and then as {@link on} does. */
  follow(listener: Listener, options?: ListenerOptions): () => void {
    for (const event of this.query().events) listener(event);
    return this.on(listener, options);
  }

  /** The events that a query selects, oldest first. */
  query({ after = 0, types, modem, match, limit = Number.POSITIVE_INFINITY }: JournalQuery = {}): JournalPage {
    this.settle();
    const oldest = this.#last - this.#ring.length + 1;
    const from = Math.max(after + 1, oldest);
    const dropped = Math.max(0, oldest - 1 - Math.max(after, this.#cleared));
    const wanted = types === undefined ? undefined : new Set<string>(types);
    const events: RigEvent[] = [];
    let seq = from;
    for (; seq <= this.#last && events.length < limit; seq++) {
      const place = seq - oldest;
      if (wanted !== undefined && !wanted.has(this.#ring.typeAt(place) ?? "")) continue;
      if (modem !== undefined && this.#ring.modemAt(place) !== modem) continue;
      const event = this.#ring.at(place);
      if (event === undefined) continue;
      if (match === undefined || match.matches(event)) events.push(event);
    }
    return { events, next: Math.max(after, seq - 1), dropped };
  }

  /**
   * Gives the first event that a query selects, as soon as there is one. Rejects with the signal's reason when it aborts.
   */
  async next(query: JournalQuery, signal: AbortSignal): Promise<RigEvent> {
    let { after = 0 } = query;
    for (;;) {
      signal.throwIfAborted();
      const { events, next } = this.query({ ...query, after, limit: 1 });
      if (events[0] !== undefined) return events[0];
      after = next;
      await this.#grown(after, signal);
    }
  }

  /** The events after `after` that came closest to a pattern: fewest differing fields first, the latest of equals first. */
  near(pattern: Pattern, after = 0): readonly NearMiss[] {
    const misses = new NearMisses(pattern);
    for (const event of this.query({ after }).events) misses.offer(event);
    return misses.best;
  }

  /** Forgets all events. `seq` and `at` go on, and listeners stay. */
  clear(): void {
    this.settle();
    this.#ring.clear();
    this.#cleared = this.#last;
  }

  /** Processes the queue: stores its events and calls the listeners. Called from a listener, it does nothing. */
  settle(): void {
    if (this.#taking) return;
    this.#taking = true;
    // A listener may emit more, which joins the others.
    for (let next = 0; next < this.#emitted.length; next++) {
      const emitted = this.#emitted[next];
      if (emitted !== undefined) this.#take(emitted);
    }
    this.#emitted = [];
    this.#payload = 0;
    this.#taking = false;
  }

  #emit(body: RigEventBody, modem: string | undefined, reader: PortReader): void {
    const at = this.#clock.monotonic();
    this.#emitted.push({ body, modem, at, moment: reader.momentOf?.(body), reader, kept: this.#keep(body) });
    if (body.type === "host" || body.type === "module") this.#payload += byteCount(body);
    if (this.#emitted.length >= WAITING.events || this.#payload >= WAITING.bytes) this.settle();
    else if (!this.#scheduled) this.#schedule();
  }

  /** Copies lent bytes into the ring at once: their memory is used for something else as soon as the emitter goes on. */
  #keep(body: RigEventBody): KeptBytes | undefined {
    const bytes = longBytes(body);
    if (bytes === undefined) return undefined;
    const kept = this.#ring.keep(bytes);
    moveBytes(body, kept.bytes);
    return kept;
  }

  #schedule(): void {
    this.#scheduled = true;
    afterIo(() => {
      this.#scheduled = false;
      this.settle();
    });
  }

  #take({ body, modem, at: emitted, moment, reader, kept }: Emitted): void {
    const refined = reader.refine === undefined ? body : reader.refine(body);
    const seq = ++this.#last;
    const at = this.#since(emitted);
    const event: RigEvent = behind(modem === undefined ? { seq, at } : { seq, at, modem }, refined);
    if (kept !== undefined && refined !== body) this.#ring.drop(kept);
    this.#ring.push(event, refined === body ? kept : undefined);
    let own: RigEvent | undefined;
    for (const { listener, lent } of this.#listeners) {
      if (!lent) own ??= ownBytes(event);
      this.#call(listener, (lent ? undefined : own) ?? event, moment);
    }
  }

  #call(listener: Listener, event: RigEvent, moment: LintMoment | undefined): void {
    try {
      listener(event, moment);
    } catch (error) {
      this.#log.error({ event: "journal-listener-failed", error: String(error) });
    }
  }

  #since(moment: number): number {
    return Math.round((moment - this.#start) * 1000) / 1000;
  }

  /** Resolves when there is an event after `after`. */
  #grown(after: number, signal: AbortSignal): Promise<void> {
    if (this.#last > after) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const release = () => {
        remove();
        signal.removeEventListener("abort", onAbort);
      };
      const onAbort = () => {
        release();
        reject(signal.reason);
      };
      const grown = () => {
        release();
        resolve();
      };
      const remove = this.on(grown, { lent: true });
      signal.addEventListener("abort", onAbort, { once: true });
    });
  }
}
