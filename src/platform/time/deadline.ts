import { ServiceError } from "../network/service-error.ts";
import type { Alarm, Clock } from "./clock.ts";

/**
 * The time an operation, or one phase of it, may take. Its signal aborts with `TIMEOUT` when the time is up and with the
 * parent's reason when the parent aborts, so that whoever waits has one signal to honour.
 */
export class Deadline {
  readonly #clock: Clock;
  readonly #parent: AbortSignal;
  readonly #controller = new AbortController();
  readonly #onParentAbort = () => this.#controller.abort(this.#parent.reason);
  #period: number;
  #due = 0;
  /** When the running alarm falls due; never later than `#due`. */
  #armedFor = 0;
  #alarm: Alarm | undefined;
  #disposed = false;

  /** Starts at once. `period` is in milliseconds of the clock. */
  constructor(clock: Clock, period: number, parent: AbortSignal) {
    this.#clock = clock;
    this.#parent = parent;
    this.#period = period;
    if (parent.aborted) this.#onParentAbort();
    else parent.addEventListener("abort", this.#onParentAbort, { once: true });
    this.restart();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Grants the whole period anew, or another one: for the next phase, or after a sign of life. Costs no timer. */
  restart(period = this.#period): void {
    if (this.#disposed) return;
    this.#period = period;
    this.#due = this.#clock.now() + period;
    if (this.signal.aborted) return;
    // A running alarm that comes no later than the new time re-arms itself when it falls due.
    if (this.#alarm !== undefined && this.#armedFor <= this.#due) return;
    this.#alarm?.cancel();
    this.#arm();
  }

  /** Stops the time until the next {@link restart}: while it is the host, not the server, that keeps us waiting. */
  suspend(): void {
    this.#alarm?.cancel();
    this.#alarm = undefined;
  }

  /** Releases the timer and the listener. The signal does not abort any more. */
  dispose(): void {
    this.#disposed = true;
    this.suspend();
    this.#parent.removeEventListener("abort", this.#onParentAbort);
  }

  #arm(): void {
    this.#armedFor = this.#due;
    this.#alarm = this.#clock.alarm(Math.max(0, this.#due - this.#clock.now()), () => {
      this.#alarm = undefined;
      if (this.#clock.now() < this.#due) this.#arm();
      else this.#controller.abort(new ServiceError("TIMEOUT", `no answer within ${this.#period} ms`));
    });
  }
}
