export interface HistoryOptions<Entry> {
  /** The oldest entries go when the costs of all exceed it; the last one stays. */
  readonly capacity: number;
  readonly costOf: (entry: Entry) => number;
  /** Whether {@link History.next} may give the entry; every entry without it. See {@link History.changed}. */
  readonly isWhole?: (entry: Entry) => boolean;
}

/** An entry with its number. */
export type Numbered<Entry> = Entry & { readonly id: number };

/** What came to a server, oldest first, within bounds. */
export class History<Entry extends object> {
  readonly #options: HistoryOptions<Entry>;
  readonly #waiting = new Set<() => void>();
  #entries: Numbered<Entry>[] = [];
  #used = 0;
  #lastId = 0;

  constructor(options: HistoryOptions<Entry>) {
    this.#options = options;
  }

  /** A copy: it does not change when more comes. */
  get entries(): readonly Numbered<Entry>[] {
    return [...this.#entries];
  }

  /** Adds an entry and gives it its number, which counts from 1. The entry itself is kept, and may change. */
  add<Added extends Entry>(entry: Added): Numbered<Added> {
    const added = Object.assign(entry, { id: ++this.#lastId });
    const { capacity, costOf } = this.#options;
    this.#entries.push(added);
    this.#used += costOf(added);
    while (this.#used > capacity && this.#entries.length > 1) {
      const [forgotten] = this.#entries.splice(0, 1);
      if (forgotten !== undefined) this.#used -= costOf(forgotten);
    }
    this.changed();
    return added;
  }

  /** Forgets every entry. Numbers go on, so that a {@link next} that waits is not confused. */
  clear(): void {
    this.#entries = [];
    this.#used = 0;
  }

  /** Forgets every entry, and counts from 1 again. */
  reset(): void {
    this.clear();
    this.#lastId = 0;
  }

  /** To be called when an entry has become whole. */
  changed(): void {
    for (const wake of this.#waiting) wake();
  }

  /** Gives the first whole entry with a number above `after`, as soon as there is one. */
  async next(after: number, signal: AbortSignal): Promise<Numbered<Entry>> {
    const isWhole = this.#options.isWhole ?? (() => true);
    for (;;) {
      const entry = this.#entries.find((candidate) => candidate.id > after && isWhole(candidate));
      if (entry !== undefined) return entry;
      await this.#change(signal);
    }
  }

  #change(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (action: () => void) => () => {
        this.#waiting.delete(wake);
        signal.removeEventListener("abort", onAbort);
        action();
      };
      const wake = settle(resolve);
      const onAbort = settle(() => reject(signal.reason));
      if (signal.aborted) {
        reject(signal.reason);
        return;
      }
      this.#waiting.add(wake);
      signal.addEventListener("abort", onAbort, { once: true });
    });
  }
}
