import { onTestFinished } from "vitest";
import { InputQueue } from "../../../src/at/input-queue.ts";
import { SessionRawLine } from "../../../src/at/session-raw-line.ts";
import { VirtualClock } from "../../../src/platform/time/virtual-clock.ts";
import type { XmodemParts } from "../../../src/protocols/xmodem/line.ts";

/** One end of a line in memory; the other end is given by `pair`, or played by hand with `send` and `take`. */
export class HandLine {
  readonly #input = new InputQueue();
  readonly #sent: Buffer[] = [];
  readonly wire: SessionRawLine;
  /** Where what the wire writes goes; without it, it waits for `take`. */
  onWrite: ((bytes: Buffer) => void) | undefined;

  constructor(clock: VirtualClock, signal: AbortSignal) {
    this.wire = new SessionRawLine({
      input: this.#input,
      clock,
      signal,
      write: async (bytes) => {
        if (this.onWrite !== undefined) this.onWrite(Buffer.from(bytes));
        else this.#sent.push(Buffer.from(bytes));
      },
    });
  }

  send(bytes: Uint8Array | readonly number[]): void {
    this.#input.push(Buffer.from(bytes));
    this.wire.advance();
  }

  take(): Buffer {
    const taken = Buffer.concat(this.#sent);
    this.#sent.length = 0;
    return taken;
  }
}

interface HandLineParts {
  readonly clock: VirtualClock;
  readonly line: HandLine;
  readonly power: AbortController;
  readonly parts: XmodemParts;
  readonly signal: AbortSignal;
}

/** A line whose far end the test plays; `clock` moves only when told to. */
export function handLine(): HandLineParts {
  const clock = new VirtualClock();
  const power = new AbortController();
  onTestFinished(() => power.abort(new Error("the test is over")));
  const line = new HandLine(clock, power.signal);
  return { clock, line, power, parts: { wire: line.wire, clock, timeoutScale: 1, pause: 0 }, signal: power.signal };
}

/** What is received, and whether it was committed. */
export class CollectingSink {
  readonly pieces: Buffer[] = [];
  committed = false;
  failure: Error | undefined;

  async write(bytes: Uint8Array): Promise<void> {
    if (this.failure !== undefined) throw this.failure;
    this.pieces.push(Buffer.from(bytes));
  }

  async commit(): Promise<void> {
    this.committed = true;
  }

  get content(): Buffer {
    return Buffer.concat(this.pieces);
  }
}

/** A source that gives its bytes in pieces of this size. */
export function source(content: Buffer, pieceSize = 65_536) {
  let at = 0;
  return {
    size: content.length,
    read: async () => {
      if (at >= content.length) return undefined;
      const piece = content.subarray(at, at + pieceSize);
      at += piece.length;
      return piece;
    },
  };
}
