import type { Alarm, Clock } from "./clock.ts";

interface Pending {
  readonly due: number;
  readonly callback: () => void;
}

/** A clock that moves only when told to, for tests and replays: no wait costs real time and none depends on luck. */
export class VirtualClock implements Clock {
  #now: number;
  readonly #pending = new Set<Pending>();

  /** Starts at `now`, in milliseconds since the Unix epoch. */
  constructor(now = Date.UTC(2010, 1, 5, 12)) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  alarm(ms: number, callback: () => void): Alarm {
    const pending = { due: this.#now + ms, callback };
    this.#pending.add(pending);
    return { cancel: () => this.#pending.delete(pending) };
  }

  /** How many alarms wait. A closed modem leaves none. */
  get pendingAlarms(): number {
    return this.#pending.size;
  }

  /**
   * Moves the time on by `ms`, running what falls due in order, each with the time at which it was due. Between two alarms
   * the event loop turns once, so that what an alarm sets off may set alarms of its own.
   */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    for (;;) {
      await new Promise(setImmediate);
      let next: Pending | undefined;
      for (const pending of this.#pending) {
        if (pending.due <= end && (next === undefined || pending.due < next.due)) next = pending;
      }
      if (next === undefined) break;
      this.#pending.delete(next);
      this.#now = Math.max(this.#now, next.due);
      next.callback();
    }
    this.#now = end;
  }
}
