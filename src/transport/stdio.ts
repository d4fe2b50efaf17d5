import type { Readable, Writable } from "node:stream";
import type { Receiver, SerialLine } from "../platform/serial-line.ts";
import { untilQuiet } from "../platform/yield-to-io.ts";
import { Intake } from "./flow/intake.ts";
import { PacedWriter } from "./flow/paced-writer.ts";

const CR = 0x0d;
const LF = 0x0a;

/**
 * The serial line on a process's own input and output. When the input ends, what still runs may finish and print; then the
 * line is lost. At a terminal Enter sends CR, as on a serial line. The streams belong to the caller: closing leaves them
 * open.
 */
export function openStdio(input: Readable, output: Writable): SerialLine {
  return new StdioTransport(input, output);
}

class StdioTransport implements SerialLine {
  readonly address = "stdio";
  readonly lines = undefined;
  readonly #input: Readable & { readonly isTTY?: boolean };
  readonly #writer: PacedWriter;
  readonly #intake = new Intake(() => this.#deliver());
  /** Chunks that came while the receiver was busy: the stream may have one more under way when it is paused. */
  readonly #early: Buffer[] = [];
  readonly #onData = (chunk: Buffer) => this.#take(chunk);
  readonly #onEnd = () => void this.#end();
  readonly #onError = (error: Error) => this.#lose(error);
  #received = 0;
  #started = false;
  #ended = false;
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
    // These two stay when all else goes: nothing else would catch a late EPIPE.
    input.on("error", this.#onError);
    output.on("error", this.#onError);
  }

  start(receiver: Receiver): void {
    if (this.#lost !== undefined) {
      receiver.lost(this.#lost);
      return;
    }
    this.#started = true;
    this.#intake.start(receiver);
    this.#intake.opened();
    this.#input.on("data", this.#onData);
    if (this.#ended) void this.#finish();
  }

  write(bytes: Uint8Array): Promise<void> | undefined {
    return this.#writer.write(bytes);
  }

  get backlog(): number {
    return this.#writer.backlog;
  }

  async settle(): Promise<void> {
    if (this.#intake.ready) await untilQuiet(() => this.#received);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#intake.close();
    this.#writer.close();
    this.#early.length = 0;
    this.#input.removeListener("end", this.#onEnd);
    this.#input.removeListener("close", this.#onEnd);
    this.#input.removeListener("data", this.#onData);
    this.#input.pause();
  }

  #take(chunk: Buffer): void {
    // The terminal has made a line feed of the CR that Enter is.
    if (this.#input.isTTY === true)
      for (let at = chunk.indexOf(LF); at >= 0; at = chunk.indexOf(LF, at)) chunk[at] = CR;
    this.#early.push(chunk);
    this.#deliver();
  }

  #deliver(): void {
    while (this.#intake.ready) {
      const chunk = this.#early.shift();
      if (chunk === undefined) break;
      this.#received += chunk.length;
      this.#intake.give(chunk);
    }
    if (this.#closed || this.#ended) return;
    if (this.#intake.ready) this.#input.resume();
    else this.#input.pause();
  }

  /** The input has ended, or was closed without an end. Only the first report counts. */
  #end(): void {
    if (this.#ended || this.#lost !== undefined || this.#closed) return;
    this.#ended = true;
    if (this.#started) void this.#finish();
  }

  /** Reports the loss once everything was taken, what still runs has finished, and its output has left. */
  async #finish(): Promise<void> {
    while (this.#early.length > 0 && this.#lost === undefined) await this.#intake.settled;
    await this.#intake.finish();
    await this.#writer.idle();
    this.#lose(new Error(`${this.address} has ended`));
  }

  /** The medium is gone for good. Only the first report counts. */
  #lose(reason: Error): void {
    if (this.#lost !== undefined || this.#closed) return;
    this.#lost = reason;
    this.#early.length = 0;
    this.#writer.close();
    this.#intake.lose(reason);
  }
}
