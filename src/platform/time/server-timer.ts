import type { Clock } from "./clock.ts";
import { Deadline } from "./deadline.ts";

/**
 * How long a session waits for its server: one deadline that runs only while the server keeps us waiting, not while our
 * own caller does. When it runs out, or the session is dropped, everything that waits ends.
 */
export class ServerTimer {
  readonly #deadline: Deadline;
  readonly #scale: number;

  /** Every period is multiplied by `scale`. */
  constructor(clock: Clock, scale: number, parent: AbortSignal) {
    this.#scale = scale;
    this.#deadline = new Deadline(clock, 0, parent);
    this.#deadline.suspend();
  }

  /** Aborts with `TIMEOUT` or the parent's reason. */
  get signal(): AbortSignal {
    return this.#deadline.signal;
  }

  /** Grants a wait that many milliseconds. One wait at a time is counted. */
  async grant<T>(period: number, wait: (signal: AbortSignal) => Promise<T>): Promise<T> {
    this.#deadline.restart(period * this.#scale);
    try {
      return await wait(this.signal);
    } finally {
      this.#deadline.suspend();
    }
  }

  /** Frees the timer and the listener. */
  dispose(): void {
    this.#deadline.dispose();
  }
}
