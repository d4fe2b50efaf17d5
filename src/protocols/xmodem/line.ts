import type { RawLine } from "../../platform/serial-line.ts";
import { type Clock, sleep } from "../../platform/time/clock.ts";
import { CAN } from "./framing.ts";
import { XMODEM_LIMITS } from "./limits.ts";

export interface XmodemParts {
  readonly wire: RawLine;
  readonly clock: Clock;
  /** Every time-out is multiplied by it. */
  readonly timeoutScale: number;
  /** Milliseconds before each block that is sent. */
  readonly pause: number;
}

/** The line as both ends of XMODEM read it: control bytes, and blocks. */
export class XmodemLine {
  readonly #wire: RawLine;
  readonly #clock: Clock;
  readonly #scale: number;
  readonly #pause: number;

  constructor({ wire, clock, timeoutScale, pause }: XmodemParts) {
    this.#pause = pause;
    this.#wire = wire;
    this.#clock = clock;
    this.#scale = timeoutScale;
  }

  write(bytes: Uint8Array): Promise<void> {
    return this.#wire.write(bytes);
  }

  /** Waits as long as a receiver may need to be ready for a block. */
  async pause(signal: AbortSignal): Promise<void> {
    if (this.#pause > 0) await sleep(this.#clock, this.#pause, signal);
  }

  discard(): void {
    this.#wire.discard();
  }

  /**
   * Waits for one of these bytes, at most `ms` milliseconds in all, and drops stray bytes before it. Gives CAN for two CANs
   * in a row: a single one is noise.
   */
  awaitOneOf(wanted: readonly number[], ms: number): Promise<number | undefined> {
    return this.#find(wanted, this.#scaled(ms));
  }

  /** Waits for `ms` milliseconds, which are not scaled; gives whether the other side has cancelled meanwhile. */
  async cancelledWithin(ms: number): Promise<boolean> {
    return ms > 0 && (await this.#find([], ms)) === CAN;
  }

  async #find(wanted: readonly number[], ms: number): Promise<number | undefined> {
    const end = this.#clock.monotonic() + ms;
    let cancelling = false;
    for (;;) {
      const chunk = await this.#wire.peek(Math.max(0, end - this.#clock.monotonic()));
      if (chunk === undefined) return undefined;
      for (const [index, byte] of chunk.entries()) {
        if (wanted.includes(byte) || (byte === CAN && cancelling)) {
          this.#wire.consume(index + 1);
          return byte;
        }
        cancelling = byte === CAN;
      }
      this.#wire.consume(chunk.length);
      if (this.#clock.monotonic() >= end) return undefined;
    }
  }

  /** Fills the target; gives whether it was filled before the line fell silent. */
  async fill(target: Buffer): Promise<boolean> {
    for (let filled = 0; filled < target.length; ) {
      const chunk = await this.#wire.peek(this.#scaled(XMODEM_LIMITS.silence));
      if (chunk === undefined) return false;
      const copied = chunk.copy(target, filled);
      this.#wire.consume(copied);
      filled += copied;
    }
    return true;
  }

  /** Discards bytes until the line is silent, for `ms` milliseconds at most. */
  async drain(ms: number): Promise<void> {
    const end = this.#clock.monotonic() + this.#scaled(ms);
    while (this.#clock.monotonic() < end) {
      const chunk = await this.#wire.peek(this.#scaled(XMODEM_LIMITS.silence));
      if (chunk === undefined) return;
      this.#wire.consume(chunk.length);
    }
  }

  #scaled(ms: number): number {
    return ms * this.#scale;
  }
}
