import { type Clock, sleep } from "../platform/time/clock.ts";

/** A line that is printed unasked at regular times, until it is stopped or the power goes. */
export class PeriodicReport {
  readonly #clock: Clock;
  readonly #power: AbortSignal;
  readonly #print: (text: string) => void;
  #running = new AbortController();

  constructor(clock: Clock, power: AbortSignal, print: (text: string) => void) {
    this.#clock = clock;
    this.#power = power;
    this.#print = print;
    power.addEventListener("abort", () => this.#running.abort(), { once: true });
  }

  /** Prints what `describe` gives every `period` milliseconds from now on, in place of what it printed before. */
  start(period: number, describe: () => string): void {
    this.stop();
    if (this.#power.aborted) return;
    this.#running = new AbortController();
    void this.#repeat(period, describe, this.#running.signal);
  }

  stop(): void {
    this.#running.abort();
  }

  async #repeat(period: number, describe: () => string, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await sleep(this.#clock, period, signal).catch(() => undefined);
      if (!signal.aborted) this.#print(describe());
    }
  }
}
