import type { Clock } from "./clock.ts";
import { Deadline } from "./deadline.ts";

/**
 * The slowest pace of a server that sends a long answer: after the first minute, less than 1 KiB in a minute is a
 * time-out, so that a server that dribbles is bounded (decisions 6). Times in milliseconds.
 */
const SLOWEST_PACE = { period: 60_000, bytes: 1024 } as const;

/**
 * The time-outs of one dialogue with a server. Time runs only while the server owes us an answer, not while our own caller
 * is busy. When a granted time runs out, or the parent aborts, everything that waits on {@link signal} ends.
 */
export class ServerTimer {
  readonly #clock: Clock;
  readonly #deadline: Deadline;
  readonly #scale: number;

  /** Every period is multiplied by `scale`. */
  constructor(clock: Clock, scale: number, parent: AbortSignal) {
    this.#clock = clock;
    this.#scale = scale;
    this.#deadline = new Deadline(clock, 0, parent);
    this.#deadline.suspend();
  }

  /** Aborts with `TIMEOUT`, or with the parent's reason. */
  get signal(): AbortSignal {
    return this.#deadline.signal;
  }

  /** Grants a wait that many milliseconds. When they are over, the whole dialogue ends. One wait at a time. */
  async grant<T>(period: number, wait: (signal: AbortSignal) => Promise<T>): Promise<T> {
    this.#deadline.restart(period * this.#scale);
    try {
      return await wait(this.signal);
    } finally {
      this.#deadline.suspend();
    }
  }

  /** Grants a wait that many milliseconds. When they are over, only this wait ends: there is another way to go on. */
  async attempt<T>(period: number, wait: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const deadline = new Deadline(this.#clock, period * this.#scale, this.signal);
    try {
      return await wait(deadline.signal);
    } finally {
      deadline.dispose();
    }
  }

  /** Times the reads of one long answer: `silence` is how many milliseconds may pass without a byte. */
  stream(silence: number): StreamTimer {
    const grant: ServerTimer["grant"] = (period, wait) => this.grant(period, wait);
    return new StreamTimer({ silence, clock: this.#clock, scale: this.#scale, grant });
  }

  /** Releases the timer and the listener. */
  dispose(): void {
    this.#deadline.dispose();
  }
}

interface StreamTimerParts {
  readonly silence: number;
  readonly clock: Clock;
  readonly scale: number;
  readonly grant: ServerTimer["grant"];
}

/** Bounds the reads of one long answer by silence and by {@link SLOWEST_PACE}. */
export class StreamTimer {
  readonly #parts: StreamTimerParts;
  /** Milliseconds, unscaled, spent waiting for the server. */
  #waited = 0;
  /** When, in waited time, the bytes of {@link SLOWEST_PACE} are due. */
  #due = 2 * SLOWEST_PACE.period;
  /** Bytes that count for it. */
  #received = 0;

  constructor(parts: StreamTimerParts) {
    this.#parts = parts;
  }

  /** Runs one read, whose result is the bytes that came, or `undefined` at the end. */
  async read<T extends Uint8Array | undefined>(wait: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const { silence, clock, scale, grant } = this.#parts;
    const start = clock.monotonic();
    const bytes = await grant(Math.min(silence, this.#due - this.#waited), wait);
    this.#waited += (clock.monotonic() - start) / scale;
    if (this.#waited >= SLOWEST_PACE.period) this.#count(bytes?.length ?? 0);
    return bytes;
  }

  #count(received: number): void {
    this.#received += received;
    if (this.#received < SLOWEST_PACE.bytes) return;
    this.#received = 0;
    this.#due = this.#waited + SLOWEST_PACE.period;
  }
}
