import type { RawLine } from "../platform/serial-line.ts";
import type { Clock } from "../platform/time/clock.ts";
import type { InputQueue } from "./input-queue.ts";
import type { LineOwner } from "./line/owner.ts";

export interface RawLineParts {
  readonly input: InputQueue;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly write: (bytes: Uint8Array) => Promise<void>;
}

/** The host has gone: what a command has begun with it cannot be finished. */
export class HostGoneError extends Error {
  constructor() {
    super("the host has gone");
  }
}

/**
 * Owns the line while a command exchanges raw bytes with the host under a protocol of its own: that reads from the
 * session's queue. When the host goes away, every wait rejects with a {@link HostGoneError}.
 */
export class SessionRawLine implements RawLine, LineOwner {
  readonly state = "raw";
  readonly letsUrcsPass = false;
  readonly #parts: RawLineParts;
  readonly #gone = new AbortController();
  #arrived: (() => void) | undefined;

  constructor(parts: RawLineParts) {
    this.#parts = parts;
  }

  /** Takes nothing itself: wakes the protocol that waits for bytes. */
  advance(): boolean {
    if (this.#parts.input.first !== undefined) this.#arrived?.();
    return false;
  }

  hostGone(): void {
    this.#parts.input.clear();
    this.#gone.abort(new HostGoneError());
  }

  peek(ms: number): Promise<Buffer | undefined> {
    const { input, clock } = this.#parts;
    return new Promise((resolve, reject) => {
      const signals = [this.#parts.signal, this.#gone.signal];
      const aborted = signals.find((signal) => signal.aborted);
      if (aborted !== undefined) {
        reject(aborted.reason);
        return;
      }
      if (input.first !== undefined) {
        resolve(input.first);
        return;
      }
      const end = () => {
        alarm.cancel();
        for (const signal of signals) signal.removeEventListener("abort", onAbort);
        this.#arrived = undefined;
      };
      const onAbort = () => {
        end();
        reject(signals.find((signal) => signal.aborted)?.reason);
      };
      const give = () => {
        end();
        resolve(input.first);
      };
      const alarm = clock.alarm(ms, give);
      for (const signal of signals) signal.addEventListener("abort", onAbort, { once: true });
      this.#arrived = give;
    });
  }

  /** Once the host has gone, what is queued is the next host's. */
  consume(count: number): void {
    if (!this.#gone.signal.aborted) this.#parts.input.consume(count);
  }

  discard(): void {
    if (!this.#gone.signal.aborted) this.#parts.input.clear();
  }

  /** What a host that has gone does not read is lost. */
  async write(bytes: Uint8Array): Promise<void> {
    if (!this.#gone.signal.aborted) await this.#parts.write(bytes);
  }
}
