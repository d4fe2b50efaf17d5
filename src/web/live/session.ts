import type { RigEvent, RigEventType } from "../../rig/events.ts";
import type { SessionSummary } from "../../rig/report/summary.ts";
import { Conversation } from "../model/conversation.ts";
import { Selection } from "../model/selection.ts";
import { type Api, ApiError, messageOf } from "./api.ts";
import { Changes } from "./changes.ts";
import { readEvents } from "./event-source.ts";
import { embeddedEvents, embeddedSummary, fileEvents, hasRecord } from "./record.ts";

/** How many rows of a live rig are kept, as the journal of the rig is bounded, too. */
const LIVE_ROWS = 300_000;
/** How long the page waits before it asks a rig again that has gone, in milliseconds. */
const RETRY = 1000;
/** How long the page reads a record before it draws again. */
const SLICE = 30;
/** The pause between two emissions of the slow changes. */
const SLOW = 250;

/** Where the events come from, and how that goes. */
export type Status =
  | { readonly kind: "loading" | "live" | "token" }
  | { readonly kind: "lost"; readonly reason: string }
  | { readonly kind: "record"; readonly reading: boolean };

/** What the page shows: the events, from a live rig or from a record, as a conversation. */
export class Session {
  readonly api: Api;
  /** Emits at most once a frame. */
  readonly changes = new Changes();
  /** Emits a few times a second, for what takes longer to draw, and whenever the status changes. */
  readonly slowChanges = new Changes();
  readonly summary: SessionSummary | undefined = embeddedSummary();
  conversation = new Conversation(LIVE_ROWS);
  selection = this.#select();
  status: Status =
    hasRecord() || location.protocol === "file:" ? { kind: "record", reading: true } : { kind: "loading" };
  dropped = 0;
  /** The place in the selection from which on it has changed since it was drawn. */
  changedFrom = 0;
  /** Rows from this id on are held back while the view is paused. */
  pausedAt: number | undefined;
  /** The row with which the rig began anew, while the rows before it are still shown. */
  #freshAt: number | undefined;
  /** The last event. */
  #last = { seq: 0, at: 0 };
  #frame = 0;
  #slow: ReturnType<typeof setTimeout> | undefined;
  readonly #watchers = new Map<() => void, readonly RigEventType[]>();
  /** The types of the events since the last frame. */
  readonly #seen = new Set<RigEventType>();
  readonly #following = new AbortController();

  constructor(api: Api) {
    this.api = api;
  }

  /** Reads the record of this page, or follows the rig that it came from. */
  async start(): Promise<void> {
    if (hasRecord()) await this.#read(embeddedEvents());
    else if (location.protocol === "file:") this.#become({ kind: "record", reading: false });
    else await this.follow();
  }

  /** Follows the rig without end. */
  async follow(): Promise<void> {
    const { signal } = this.#following;
    while (!signal.aborted) {
      try {
        await this.#listen(signal);
        this.#become({ kind: "lost", reason: "the rig has ended" });
      } catch (error) {
        if (error instanceof ApiError && error.status === 401) return this.#become({ kind: "token" });
        if (!signal.aborted) this.#become({ kind: "lost", reason: messageOf(error) });
      }
      await new Promise((resolve) => setTimeout(resolve, RETRY));
    }
  }

  /** Shows a record from a file instead of what is shown now. */
  async open(file: Blob): Promise<void> {
    this.#following.abort();
    this.#forget(new Conversation());
    await this.#read(fileEvents(file));
  }

  /** Calls `listener`, at most once a frame, after events of these types. */
  watch(types: readonly RigEventType[], listener: () => void): () => void {
    this.#watchers.set(listener, types);
    return () => void this.#watchers.delete(listener);
  }

  choose(criteria: Partial<Selection["criteria"]>): void {
    this.selection.choose({ ...this.selection.criteria, ...criteria });
    this.changedFrom = 0;
    this.#draw();
    this.slowChanges.emit();
  }

  /** Forgets the rows that are shown; what comes is added. */
  clear(): void {
    this.#beginAt(this.conversation.nextId);
    this.#draw();
  }

  pause(paused: boolean): void {
    this.pausedAt = paused ? this.conversation.nextId : undefined;
    this.#beginAnew();
    this.#draw();
  }

  async #listen(signal: AbortSignal): Promise<void> {
    const take = (events: readonly RigEvent[], dropped: number) => {
      this.dropped += dropped;
      this.#take(events);
      if (this.status.kind !== "live") this.#become({ kind: "live" });
    };
    await this.#recognize();
    await this.#meetModems();
    this.#become({ kind: "live" });
    await readEvents(this.api, this.#last.seq, take, signal);
  }

  /** Forgets what is shown when another rig listens at the address now, which does not have the last event. */
  async #recognize(): Promise<void> {
    const { seq, at } = this.#last;
    const path = `/api/events?limit=1&after=${Math.max(0, seq - 1)}`;
    const { events } = await this.api.json<{ readonly events: readonly RigEvent[] }>(path);
    const [event] = events;
    const isSame = event !== undefined && (event.seq > seq || event.at === at);
    if (seq > 0 && !isSame) this.#forget(new Conversation(LIVE_ROWS));
  }

  /** Learns which modems there are: those that nothing has happened in yet, and not those that a reset has closed. */
  async #meetModems(): Promise<void> {
    const { modems } = await this.api.json<{ readonly modems: readonly { readonly id: string }[] }>("/api/modems");
    const known = this.conversation.modems;
    known.clear();
    for (const { id } of modems) known.add(id);
    const { modem } = this.selection.criteria;
    if (modem !== undefined && !known.has(modem)) this.choose({ modem: undefined });
    this.slowChanges.emit();
  }

  async #read(pieces: Iterable<readonly RigEvent[]> | AsyncIterable<readonly RigEvent[]>): Promise<void> {
    this.#become({ kind: "record", reading: true });
    let start = performance.now();
    for await (const events of pieces) {
      this.#take(events);
      if (performance.now() - start < SLICE) continue;
      await new Promise((resolve) => setTimeout(resolve));
      start = performance.now();
    }
    this.#become({ kind: "record", reading: false });
  }

  #take(events: readonly RigEvent[]): void {
    for (const event of events) {
      if (event.type === "rig" && this.status.kind !== "record") this.#becomeFresh();
      this.#last = event;
      this.conversation.add(event);
      this.#seen.add(event.type);
    }
    this.#beginAnew();
    if (events.length > 0) this.#draw();
  }

  /** The rig began anew, with the next row. */
  #becomeFresh(): void {
    // The first event of all that are shown begins nothing anew.
    if (this.conversation.nextId === 0) return;
    this.#freshAt = this.conversation.nextId;
    // Where the rig has gone meanwhile, the stream of events ends, too.
    this.#meetModems().catch(() => undefined);
  }

  /**
   * Forgets what came before the last reset of the rig: its journal has forgotten it, too. A view that is paused keeps what
   * the user reads.
   */
  #beginAnew(): void {
    if (this.#freshAt !== undefined && this.pausedAt === undefined) this.#beginAt(this.#freshAt);
  }

  #beginAt(row: number): void {
    this.conversation.beginAt(row);
    this.#freshAt = undefined;
    this.dropped = 0;
  }

  #become(status: Status): void {
    this.status = status;
    this.#draw();
    this.slowChanges.emit();
  }

  #forget(conversation: Conversation): void {
    this.conversation = conversation;
    this.selection = this.#select();
    this.changedFrom = 0;
    this.dropped = 0;
    this.#freshAt = undefined;
    this.#last = { seq: 0, at: 0 };
  }

  #select(): Selection {
    const criteria = this.selection?.criteria ?? { hidden: new Set(), modem: undefined, search: "", problems: false };
    return new Selection(this.conversation, criteria);
  }

  #draw(): void {
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      const place = this.selection.update(this.conversation.takeChanges());
      this.changedFrom = Math.min(this.changedFrom, place);
      for (const [listener, types] of this.#watchers) if (types.some((type) => this.#seen.has(type))) listener();
      this.#seen.clear();
      this.changes.emit();
    });
    this.#slow ??= setTimeout(() => {
      this.#slow = undefined;
      this.slowChanges.emit();
    }, SLOW);
  }
}
