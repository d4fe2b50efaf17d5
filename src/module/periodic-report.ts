import { onAbort } from "../platform/abortable.ts";
import type { Alarm, Clock } from "../platform/time/clock.ts";

/** Lines that are printed unasked at regular times, until they are stopped or the power goes. */
export class PeriodicReport {
  readonly #clock: Clock;
  readonly #power: AbortSignal;
  readonly #print: (text: string) => void;
  #alarm: Alarm | undefined;
  #release: (() => void) | undefined;

  constructor(clock: Clock, power: AbortSignal, print: (text: string) => void) {
    this.#clock = clock;
    this.#power = power;
    this.#print = print;
  }

  /** Prints what `describe` gives every `period` milliseconds from now on, in place of what it printed before. */
  start(period: number, describe: () => readonly string[]): void {
    this.stop();
    if (this.#power.aborted) return;
    this.#release = onAbort(this.#power, () => this.stop());
    const repeat = () => {
      this.#alarm = this.#clock.alarm(period, () => {
        repeat();
        for (const line of describe()) this.#print(line);
      });
    };
    repeat();
  }

  stop(): void {
    this.#alarm?.cancel();
    this.#release?.();
  }
}
