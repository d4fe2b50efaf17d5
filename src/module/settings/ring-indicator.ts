import type { ModemLines } from "../../platform/serial-line.ts";
import type { Alarm, Clock } from "../../platform/time/clock.ts";
import type { ModuleState } from "../module-state.ts";

/** How long circuit 125 (RI) goes on, in milliseconds (module.md 9). */
const PULSE = { unsolicited: 60, message: 120 } as const;

/**
 * Drives circuit 125 (RI), which wakes a host that sleeps: on while a call rings, and for a moment with each message that
 * arrives and each unsolicited code.
 */
export class RingIndicator {
  readonly #lines: ModemLines;
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  #rings = false;
  #pulse: Alarm | undefined;
  #pulseEnds = 0;

  constructor(lines: ModemLines, { calls, sms }: ModuleState, clock: Clock, signal: AbortSignal) {
    this.#lines = lines;
    this.#clock = clock;
    this.#signal = signal;
    const ends = [
      calls.rang.add(() => this.#ring(true)),
      calls.changed.add(({ before }) => {
        if (before === "incoming") this.#ring(false);
      }),
      sms.arrived.add(() => this.#pulseFor(PULSE.message)),
    ];
    const stop = () => {
      for (const end of ends) end();
      this.#pulse?.cancel();
      this.#lines.set({ ri: false });
    };
    signal.addEventListener("abort", stop, { once: true });
  }

  /** An unsolicited code is printed, or waits for the line. */
  unsolicited(): void {
    this.#pulseFor(PULSE.unsolicited);
  }

  #ring(on: boolean): void {
    if (this.#rings === on) return;
    this.#rings = on;
    this.#pulse?.cancel();
    this.#pulse = undefined;
    this.#lines.set({ ri: on });
  }

  /** Pulses overlap: the one that ends last decides. */
  #pulseFor(ms: number): void {
    // Services that end with the power of the module may still print.
    if (this.#signal.aborted) return;
    const ends = this.#clock.monotonic() + ms;
    if (this.#rings || (this.#pulse !== undefined && ends <= this.#pulseEnds)) return;
    this.#pulse?.cancel();
    if (this.#pulse === undefined) this.#lines.set({ ri: true });
    this.#pulseEnds = ends;
    this.#pulse = this.#clock.alarm(ms, () => {
      this.#pulse = undefined;
      this.#lines.set({ ri: false });
    });
  }
}
