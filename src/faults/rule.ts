import type { Random } from "../platform/crypto.ts";
import type { Alarm, Clock } from "../platform/time/clock.ts";
import type { FaultSpec, FaultView } from "./fault.ts";

/** What a rule needs of the engine. */
export interface RuleParts {
  readonly id: string;
  readonly spec: FaultSpec;
  readonly clock: Clock;
  readonly random: Random;
  /** Whether an event of a modem begins it; absent without `on`. */
  readonly trigger: ((modem: string | undefined, event: object) => boolean) | undefined;
  readonly began: (rule: Rule) => void;
  readonly fired: (rule: Rule, modem: string | undefined) => void;
}

/** When a fault holds, and how often it has done its work. A fault that has ended does not begin again. */
export class Rule {
  readonly id: string;
  readonly spec: FaultSpec;
  readonly clock: Clock;
  readonly random: Random;
  readonly #parts: RuleParts;
  readonly #over = new AbortController();
  #state: FaultView["state"] = "waiting";
  #passedOver = 0;
  #fired = 0;
  #alarm: Alarm | undefined;

  constructor(parts: RuleParts) {
    this.id = parts.id;
    this.spec = parts.spec;
    this.clock = parts.clock;
    this.random = parts.random;
    this.#parts = parts;
  }

  /** Aborts when the time of the fault is over, or it is removed; not when its uses are used up. */
  get over(): AbortSignal {
    return this.#over.signal;
  }

  /** Whether it waits for an event. */
  get isWaiting(): boolean {
    return this.#state === "waiting";
  }

  get view(): FaultView {
    return { ...this.spec, id: this.id, state: this.#state, fired: this.#fired };
  }

  /** Whether it concerns a modem. */
  concerns(modem: string | undefined): boolean {
    return this.spec.modem === undefined || this.spec.modem === modem;
  }

  /** Whether it holds for a modem; chance and `after` may still spare a use. */
  holds(modem: string): boolean {
    return this.#state === "active" && this.concerns(modem);
  }

  /** Begins a fault that waits for no event. */
  start(): void {
    if (this.#parts.trigger === undefined) this.#begin();
  }

  /** Begins with an event that matches, once `after` of them have been passed over. */
  hear(modem: string | undefined, event: object): void {
    if (!this.isWaiting || this.#parts.trigger?.(modem, event) !== true) return;
    if (this.#passedOver++ >= (this.spec.after ?? 0)) this.#begin();
  }

  /** Takes one use, if the fault holds, its count allows it and chance has it so. */
  use(modem: string | undefined): boolean {
    const { after = 0, times = Number.POSITIVE_INFINITY, probability = 1, on } = this.spec;
    if (this.#state !== "active" || !this.concerns(modem)) return false;
    if (on === undefined && this.#passedOver < after) {
      this.#passedOver++;
      return false;
    }
    if (probability < 1 && this.random.integer(0x1_0000_0000) >= probability * 0x1_0000_0000) return false;
    this.#fired++;
    if (this.#fired >= times) this.#state = "ended";
    this.#parts.fired(this, modem);
    return true;
  }

  /** Ends it, and what it does at the moment. */
  end(): void {
    this.#state = "ended";
    this.#alarm?.cancel();
    this.#over.abort();
  }

  #begin(): void {
    this.#state = "active";
    if (this.spec.for !== undefined) this.#alarm = this.clock.alarm(this.spec.for, () => this.end());
    this.#parts.began(this);
  }
}
