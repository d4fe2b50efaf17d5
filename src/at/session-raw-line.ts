import type { RawLine } from "../platform/serial-line.ts";
import type { Clock } from "../platform/time/clock.ts";
import type { InputQueue } from "./input-queue.ts";

export interface RawLineParts {
  readonly input: InputQueue;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly write: (bytes: Uint8Array) => Promise<void>;
}

/** The host's line as a command sees it that exchanges raw bytes: it reads from the session's own queue. */
export class SessionRawLine implements RawLine {
  readonly #parts: RawLineParts;
  #arrived: (() => void) | undefined;

  constructor(parts: RawLineParts) {
    this.#parts = parts;
  }

  /** To be called when the queue has got something. */
  arrived(): void {
    this.#arrived?.();
  }

  peek(ms: number): Promise<Buffer | undefined> {
    const { input, clock, signal } = this.#parts;
    return new Promise((resolve, reject) => {
      if (signal.aborted || input.first !== undefined) {
        if (signal.aborted) reject(signal.reason);
        else resolve(input.first);
        return;
      }
      const end = () => {
        alarm.cancel();
        signal.removeEventListener("abort", onAbort);
        this.#arrived = undefined;
      };
      const onAbort = () => {
        end();
        reject(signal.reason);
      };
      const give = () => {
        end();
        resolve(input.first);
      };
      const alarm = clock.alarm(ms, give);
      signal.addEventListener("abort", onAbort, { once: true });
      this.#arrived = give;
    });
  }

  consume(count: number): void {
    this.#parts.input.consume(count);
  }

  discard(): void {
    this.#parts.input.clear();
  }

  write(bytes: Uint8Array): Promise<void> {
    return this.#parts.write(bytes);
  }
}
