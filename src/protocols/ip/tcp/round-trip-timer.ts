import { IP_LIMITS } from "../limits.ts";
import { distance } from "./segment.ts";

/** Measures round trips and gives the time after which a segment is sent again. @rfc 6298 */
export class RoundTripTimer {
  #smoothed: number | undefined;
  #variation = 0;
  #timeout: number = IP_LIMITS.rtoFirst;
  /** The segment that is timed: the number that acknowledges it, and when it was sent. */
  #timed: { readonly end: number; readonly at: number } | undefined;

  get timeout(): number {
    return this.#timeout;
  }

  /** A new segment was sent; one at a time is timed. */
  sent(end: number, now: number): void {
    this.#timed ??= { end, at: now };
  }

  acknowledged(ack: number, now: number): void {
    if (this.#timed === undefined || distance(ack, this.#timed.end) < 0) return;
    const time = now - this.#timed.at;
    this.#timed = undefined;
    const smoothed = this.#smoothed;
    this.#variation = smoothed === undefined ? time / 2 : 0.75 * this.#variation + 0.25 * Math.abs(smoothed - time);
    this.#smoothed = smoothed === undefined ? time : 0.875 * smoothed + 0.125 * time;
    this.#timeout = bounded(this.#smoothed + 4 * this.#variation);
  }

  /** A segment is sent again: its acknowledgement says nothing of the time (Karn), and the next wait is longer. */
  backOff(): void {
    this.#timed = undefined;
    this.#timeout = bounded(this.#timeout * 2);
  }
}

function bounded(timeout: number): number {
  return Math.min(IP_LIMITS.rtoMost, Math.max(IP_LIMITS.rtoLeast, timeout));
}
