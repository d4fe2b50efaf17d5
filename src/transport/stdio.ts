import type { Readable, Writable } from "node:stream";
import type { Receiver, SerialLine } from "../platform/serial-line.ts";
import { untilQuiet } from "../platform/yield-to-io.ts";
import { PacedWriter } from "./paced-writer.ts";

/**
 * The serial line on a process's own input and output. It is lost when the input ends. The streams belong to the caller:
 * closing leaves them open.
 */
export function openStdio(input: Readable, output: Writable): SerialLine {
  return new StdioTransport(input, output);
}

class StdioTransport implements SerialLine {
  readonly address = "stdio";
  readonly lines = undefined;
  readonly #input: Readable;
  readonly #writer: PacedWriter;
  readonly #onData = (chunk: Buffer) => this.#deliver(chunk);
  readonly #onEnd = (error?: unknown) =>
    this.#lose(error instanceof Error ? error : new Error(`${this.address} has ended`));
  #receiver: Receiver | undefined;
  #received = 0;
  #held = false;
  #lost: Error | undefined;
  #closed = false;

  constructor(input: Readable, output: Writable) {
    this.#input = input;
    this.#writer = new PacedWriter(
      (bytes) =>
        new Promise((resolve, reject) => {
          output.write(bytes, (error) => (error ? reject(error) : resolve()));
        }),
    );
    input.on("end", this.#onEnd);
    input.on("close", this.#onEnd);
    // These two stay when all else goes: a late EPIPE has nobody else to catch it.
    input.on("error", this.#onEnd);
    output.on("error", this.#onEnd);
  }

  start(receiver: Receiver): void {
    if (this.#lost !== undefined) {
      receiver.lost(this.#lost);
      return;
    }
    this.#receiver = receiver;
    this.#input.on("data", this.#onData);
  }

  write(bytes: Uint8Array): Promise<void> | undefined {
    return this.#writer.write(bytes);
  }

  get backlog(): number {
    return this.#writer.backlog;
  }

  async settle(): Promise<void> {
    if (!this.#held) await untilQuiet(() => this.#received);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#receiver = undefined;
    this.#writer.close();
    this.#input.removeListener("end", this.#onEnd);
    this.#input.removeListener("close", this.#onEnd);
    this.#input.removeListener("data", this.#onData);
    this.#input.pause();
  }

  /** The medium is gone for good; only the first news of it counts. */
  #lose(reason: Error): void {
    if (this.#lost !== undefined || this.#closed) return;
    this.#lost = reason;
    this.#writer.close();
    this.#receiver?.lost(reason);
  }

  #deliver(chunk: Buffer): void {
    this.#received += chunk.length;
    const taking = this.#receiver?.data(chunk);
    if (taking === undefined) return;
    this.#held = true;
    this.#input.pause();
    const release = () => {
      this.#held = false;
      if (!this.#closed) this.#input.resume();
    };
    taking.then(release, release);
  }
}
