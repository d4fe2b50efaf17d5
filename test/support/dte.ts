import { expect } from "vitest";
import type { VirtualClock } from "../../src/platform/time/virtual-clock.ts";
import { showBytes } from "./show-bytes.ts";

/** The host's end of any serial line. */
export interface SerialEnd {
  write(bytes: Uint8Array): unknown;
  /** Takes all that has come and was not taken yet. */
  take(): Uint8Array;
}

/**
 * How often the loop may turn before nothing more seems to come. In memory that is certain. A pty, and what comes over
 * TCP, is carried by the kernel, so what is expected there gets real time, too, before it counts as never coming.
 */
const PATIENCE = {
  memory: { turns: 20, milliseconds: 0 },
  pty: { turns: 500, milliseconds: 5000 },
  network: { turns: 500, milliseconds: 5000 },
} as const;

/** After so many milliseconds an unsolicited line no longer holds RI. */
export const RING_PULSE = 100;

/** In how many steps {@link Dte.expect} lets the virtual time pass. */
const STEPS = 4;

/**
 * A host for tests. Text is bytes, one character each (latin1). Nothing waits in real time: what is expected has come
 * after a bounded number of turns of the event loop, and of steps of the virtual clock, or the test fails.
 */
export class Dte {
  readonly clock: VirtualClock;
  readonly #end: SerialEnd;
  readonly #patience: { readonly turns: number; readonly milliseconds: number };
  #received = "";

  constructor(end: SerialEnd, clock: VirtualClock, medium: keyof typeof PATIENCE = "memory") {
    this.#end = end;
    this.clock = clock;
    this.#patience = PATIENCE[medium];
  }

  send(input: string | Uint8Array): void {
    this.#end.write(typeof input === "string" ? Buffer.from(input, "latin1") : input);
  }

  /** Takes all that has come so far. */
  take(): string {
    this.#collect();
    const taken = this.#received;
    this.#received = "";
    return taken;
  }

  /** Takes exactly `text`, which must be what comes next; `within` milliseconds of virtual time may pass for it. */
  async expect(text: string, { within = 0 } = {}): Promise<void> {
    const end = this.clock.now() + within;
    const step = Math.ceil(within / STEPS);
    const giveUp = performance.now() + this.#patience.milliseconds;
    await this.#settle(text.length);
    while (this.#received.length < text.length && (this.clock.now() < end || performance.now() < giveUp)) {
      await this.clock.advance(step);
      await this.#settle(text.length);
    }
    const got = this.#received.slice(0, text.length);
    if (got !== text) expect(showBytes(this.#received)).toBe(showBytes(text));
    this.#received = this.#received.slice(text.length);
  }

  /** Sends a line and takes exactly its answer. */
  async command(line: string, answer: string): Promise<void> {
    this.send(line);
    await this.expect(answer);
  }

  /** Fails if anything comes, also within `ms` milliseconds of virtual time. */
  async expectNothing(ms = 0): Promise<void> {
    await this.clock.advance(ms);
    await this.#settle(1);
    expect(showBytes(this.#received)).toBe("");
  }

  /** Lets the module work until `length` bytes are there, or nothing more comes for a while. */
  async #settle(length: number): Promise<void> {
    this.#collect();
    for (let turn = 0; turn < this.#patience.turns && this.#received.length < length; turn++) {
      await new Promise(setImmediate);
      if (this.#collect()) turn = 0;
    }
  }

  #collect(): boolean {
    const bytes = this.#end.take();
    if (bytes.length === 0) return false;
    this.#received += Buffer.from(bytes).toString("latin1");
    return true;
  }
}
