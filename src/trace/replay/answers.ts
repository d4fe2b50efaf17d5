import { onAbort } from "../../platform/abortable.ts";
import type { Receiver } from "../../platform/serial-line.ts";
import { type Clock, sleep } from "../../platform/time/clock.ts";
import type { Comparison } from "../compare/comparison.ts";

/** Bytes that a module may be ahead of the record before it is held back. */
const AHEAD = 256 * 1024;

/** What a module answers, as it comes. */
export class Answers implements Receiver {
  readonly #comparison: Comparison;
  readonly #clock: Clock;
  readonly #watchers = new Set<() => void>();
  #lost: string | undefined;

  constructor(comparison: Comparison, clock: Clock) {
    this.#comparison = comparison;
    this.#clock = clock;
  }

  data(chunk: Buffer): Promise<void> | undefined {
    this.#comparison.say(chunk.toString("latin1"));
    this.looked();
    return this.#isAhead ? this.#when(() => !this.#isAhead || this.#lost !== undefined) : undefined;
  }

  lost(reason: Error): void {
    this.#lost = `the port is gone: ${reason.message}`;
    this.looked();
  }

  /** Has everybody who waits look again. */
  looked(): void {
    for (const look of [...this.#watchers]) look();
  }

  /**
   * Waits until the module has said all that is awaited, or all but so many bytes. Gives `different`, or in words why that
   * will not be; nothing where it is so.
   */
  async until(goal: "same" | number, patience: number, signal: AbortSignal): Promise<string | undefined> {
    const reached = () => {
      const { state, backlog } = this.#comparison;
      if (state === "different" || this.#lost !== undefined) return true;
      return goal === "same" ? state === "same" || state === "ahead" : backlog.awaited < goal;
    };
    const inTime = await this.inTime(this.#when(reached), patience, signal);
    // What is ahead belongs to what the record has next.
    if (this.#comparison.state === "different") return "different";
    if (this.#lost !== undefined && !isSaid(this.#comparison)) return this.#lost;
    return inTime ? undefined : `the module said nothing more for ${Math.round(patience)} ms`;
  }

  /** Whether a promise resolves within that time. */
  async inTime(promise: Promise<void>, ms: number, signal: AbortSignal): Promise<boolean> {
    const over = new AbortController();
    const release = onAbort(signal, () => over.abort(signal.reason));
    try {
      const late = sleep(this.#clock, ms, over.signal).then(() => false);
      late.catch(() => undefined);
      return await Promise.race([promise.then(() => true), late]);
    } finally {
      release();
      over.abort();
    }
  }

  /** Resolves when nothing has come for that time. */
  async quiet(ms: number, signal: AbortSignal): Promise<void> {
    let more = true;
    while (more && this.#lost === undefined) {
      let seen = 0;
      more = await this.inTime(
        this.#when(() => seen++ > 0),
        ms,
        signal,
      );
      if (this.#comparison.state !== "same") return;
    }
  }

  get #isAhead(): boolean {
    return this.#comparison.backlog.said > AHEAD && this.#comparison.state !== "different";
  }

  #when(holds: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!holds()) return;
        this.#watchers.delete(look);
        resolve();
      };
      this.#watchers.add(look);
      look();
    });
  }
}

function isSaid({ state }: Comparison): boolean {
  return state === "same" || state === "ahead";
}
