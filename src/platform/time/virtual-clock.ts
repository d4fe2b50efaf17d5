import { type Alarm, type Clock, isNever } from "./clock.ts";

interface Pending {
  readonly due: number;
  readonly callback: () => void;
}

/** A clock that moves only when told to, for tests and replays: no wait costs real time and none depends on luck. */
export class VirtualClock implements Clock {
  /** Wall-clock time at the monotonic time 0. */
  #epoch: number;
  #monotonic = 0;
  readonly #pending = new Set<Pending>();

  /** Starts at `now`, in milliseconds since the Unix epoch. */
  constructor(now = Date.UTC(2010, 1, 5, 12)) {
    this.#epoch = now;
  }

  now(): number {
    return this.#epoch + this.#monotonic;
  }

  monotonic(): number {
    return this.#monotonic;
  }

  alarm(ms: number, callback: () => void): Alarm {
    if (isNever(ms)) return { cancel: () => undefined };
    const pending = { due: this.#monotonic + Math.max(0, ms), callback };
    this.#pending.add(pending);
    return { cancel: () => this.#pending.delete(pending) };
  }

  /** How many alarms wait. A closed modem leaves none. */
  get pendingAlarms(): number {
    return this.#pending.size;
  }

  /** Steps the wall clock by `ms`, forwards or backwards, as NTP or an administrator does. No time passes. */
  stepWallClock(ms: number): void {
    this.#epoch += ms;
  }

  /**
   * Moves the time on by `ms`, running what falls due in order, each with the time at which it was due. Between two alarms
   * the event loop turns once, or `settle` says when to go on, so that what an alarm sets off may set alarms of its own.
   */
  async advance(ms: number, settle: () => Promise<unknown> = turn): Promise<void> {
    const end = this.#monotonic + ms;
    for (;;) {
      await settle();
      let next: Pending | undefined;
      for (const pending of this.#pending) {
        if (pending.due <= end && (next === undefined || pending.due < next.due)) next = pending;
      }
      if (next === undefined) break;
      this.#pending.delete(next);
      this.#monotonic = Math.max(this.#monotonic, next.due);
      next.callback();
    }
    this.#monotonic = Math.max(this.#monotonic, end);
  }
}

function turn(): Promise<unknown> {
  return new Promise(setImmediate);
}
