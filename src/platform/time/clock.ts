import { onAbort } from "../abortable.ts";

/** A pending call of a {@link Clock}. Cancelling one that has already run does nothing. */
export interface Alarm {
  cancel(): void;
}

/** The port to time. Nothing outside `platform/` reads the time or sets a timer in another way. */
export interface Clock {
  /** Wall-clock time: milliseconds since the Unix epoch. May step forwards and backwards. */
  now(): number;
  /** Milliseconds since an arbitrary moment; never steps. Deadlines and durations use it. */
  monotonic(): number;
  /**
   * Calls back once after `ms` milliseconds of monotonic time; never synchronously. `Infinity` never calls back; a negative
   * number counts as 0. Throws a `RangeError` on `NaN`.
   */
  alarm(ms: number, callback: () => void): Alarm;
}

/** An alarm that never rings. */
const NEVER: Alarm = { cancel: () => undefined };

/** What `setTimeout` can count; it takes a longer delay for 1 ms. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** The machine's own time. */
export class SystemClock implements Clock {
  now(): number {
    return Date.now();
  }

  monotonic(): number {
    return performance.now();
  }

  alarm(ms: number, callback: () => void): Alarm {
    if (isNever(ms)) return NEVER;
    let left = ms;
    let timer: NodeJS.Timeout;
    const next = () => {
      const part = Math.min(left, LONGEST_TIMER);
      left -= part;
      timer = setTimeout(left > 0 ? next : callback, part);
    };
    next();
    return { cancel: () => clearTimeout(timer) };
  }
}

/** Whether an alarm of that delay never rings. Throws on a delay that is not a number. */
export function isNever(ms: number): boolean {
  if (Number.isNaN(ms)) throw new RangeError("a delay must be a number of milliseconds, not NaN");
  return ms === Number.POSITIVE_INFINITY;
}

/**
 * Resolves after `ms` milliseconds of the clock's time, or rejects with the signal's reason as soon as it aborts. Waits for
 * the signal alone when `ms` is `Infinity`.
 */
export function sleep(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(signal.reason);
      return;
    }
    const alarm = clock.alarm(ms, () => {
      release();
      resolve();
    });
    const release = onAbort(signal, () => {
      alarm.cancel();
      reject(signal.reason);
    });
  });
}

/** A clock that is, at each call, the clock of the moment. */
export class FollowingClock implements Clock {
  readonly #current: () => Clock;

  constructor(current: () => Clock) {
    this.#current = current;
  }

  now(): number {
    return this.#current().now();
  }

  monotonic(): number {
    return this.#current().monotonic();
  }

  alarm(ms: number, callback: () => void): Alarm {
    return this.#current().alarm(ms, callback);
  }
}
