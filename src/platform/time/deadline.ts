import { onAbort } from "../abortable.ts";
import { ServiceError } from "../network/service-error.ts";
import type { Alarm, Clock } from "./clock.ts";

/**
 * The time that an operation, or one phase of it, may take. Its signal aborts with `TIMEOUT` when the time is up and with
 * the parent's reason when the parent aborts, so that a wait has one signal to honour. Steps of the wall clock do not
 * change it.
 */
export class Deadline {
  readonly #clock: Clock;
  readonly #controller = new AbortController();
  readonly #releaseParent: () => void;
  #period: number;
  #due = 0;
  /** When the running alarm falls due; never later than `#due`. */
  #armedFor = 0;
  #alarm: Alarm | undefined;
  #disposed = false;

  /** Starts at once. `period` is in milliseconds of the clock; `Infinity` never ends. */
  constructor(clock: Clock, period: number, parent: AbortSignal) {
    this.#clock = clock;
    this.#period = period;
    const abort = () => this.#controller.abort(parent.reason);
    this.#releaseParent = parent.aborted ? () => undefined : onAbort(parent, abort);
    if (parent.aborted) abort();
    this.restart();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Grants the whole period anew, or another one: for the next phase, or after a sign of life. Costs no timer. */
  restart(period = this.#period): void {
    if (this.#disposed) return;
    this.#period = period;
    this.#due = this.#clock.monotonic() + period;
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
    this.#releaseParent();
  }

  #arm(): void {
    this.#armedFor = this.#due;
    this.#alarm = this.#clock.alarm(Math.max(0, this.#due - this.#clock.monotonic()), () => {
      this.#alarm = undefined;
      if (this.#clock.monotonic() < this.#due) this.#arm();
      else this.#controller.abort(new ServiceError("TIMEOUT", `no answer within ${this.#period} ms`));
    });
  }
}
