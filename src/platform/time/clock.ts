/** A pending call of a {@link Clock}. Cancelling one that has already run does nothing. */
export interface Alarm {
  cancel(): void;
}

/** The port to time. Nothing outside `platform/` reads the time or sets a timer in another way. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Calls back once after `ms` milliseconds; never synchronously. */
  alarm(ms: number, callback: () => void): Alarm;
}

/** The machine's own time. */
export class SystemClock implements Clock {
  now(): number {
    return Date.now();
  }

  alarm(ms: number, callback: () => void): Alarm {
    const timer = setTimeout(callback, ms);
    return { cancel: () => clearTimeout(timer) };
  }
}

/**
 * Resolves after `ms` milliseconds of the clock's time, or rejects with the signal's reason as soon as it aborts.
 */
export function sleep(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(signal.reason);
      return;
    }
    const onAbort = () => {
      alarm.cancel();
      reject(signal.reason);
    };
    const alarm = clock.alarm(ms, () => {
      signal.removeEventListener("abort", onAbort);
      resolve();
    });
    signal.addEventListener("abort", onAbort, { once: true });
  });
}
