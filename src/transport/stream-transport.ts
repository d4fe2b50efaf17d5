import type { Readable, Writable } from "node:stream";
import type { ModemLines, Receiver, Transport } from "../platform/transport.ts";
import { PacedWriter } from "./paced-writer.ts";
import { quiet } from "./quiet.ts";

/** What a {@link StreamTransport} is made of. */
export interface StreamMedium {
  readonly address: string;
  readonly lines: ModemLines | undefined;
  readonly input: Readable;
  readonly output: Writable;
  /** Gives the medium back; called once. */
  release(): Promise<void>;
}

/** A serial line over a pair of node streams. */
export class StreamTransport implements Transport {
  readonly address: string;
  readonly lines: ModemLines | undefined;
  readonly #medium: StreamMedium;
  readonly #writer: PacedWriter;
  readonly #onData = (chunk: Buffer) => this.#deliver(chunk);
  readonly #onEnd = (error?: unknown) =>
    this.#lose(error instanceof Error ? error : new Error(`${this.address} has ended`));
  #receiver: Receiver | undefined;
  #received = 0;
  #held = false;
  #lost: Error | undefined;
  #closed: Promise<void> | undefined;

  constructor(medium: StreamMedium) {
    this.address = medium.address;
    this.lines = medium.lines;
    this.#medium = medium;
    this.#writer = new PacedWriter(
      (bytes) =>
        new Promise((resolve, reject) => {
          medium.output.write(bytes, (error) => (error ? reject(error) : resolve()));
        }),
    );
    // These stay when all else goes: a late EPIPE has nobody else to catch it.
    medium.input.on("error", this.#onEnd);
    medium.output.on("error", this.#onEnd);
    medium.input.on("end", this.#onEnd);
    medium.input.on("close", this.#onEnd);
  }

  start(receiver: Receiver): void {
    if (this.#lost !== undefined) {
      receiver.lost(this.#lost);
      return;
    }
    this.#receiver = receiver;
    this.#medium.input.on("data", this.#onData);
  }

  write(bytes: Uint8Array): Promise<void> | undefined {
    return this.#writer.write(bytes);
  }

  get backlog(): number {
    return this.#writer.backlog;
  }

  async settle(): Promise<void> {
    if (!this.#held) await quiet(() => this.#received);
  }

  close(): Promise<void> {
    this.#closed ??= this.#release();
    return this.#closed;
  }

  /** The medium is gone for good; only the first news of it counts. */
  #lose(reason: Error): void {
    if (this.#lost !== undefined || this.#closed !== undefined) return;
    this.#lost = reason;
    this.#writer.close();
    this.#receiver?.lost(reason);
  }

  async #release(): Promise<void> {
    this.#receiver = undefined;
    this.#writer.close();
    this.#medium.input.removeListener("end", this.#onEnd);
    this.#medium.input.removeListener("close", this.#onEnd);
    this.#medium.input.removeListener("data", this.#onData);
    this.#medium.input.pause();
    await this.#medium.release();
  }

  #deliver(chunk: Buffer): void {
    this.#received += chunk.length;
    const taking = this.#receiver?.data(chunk);
    if (taking === undefined) return;
    this.#held = true;
    this.#medium.input.pause();
    const release = () => {
      this.#held = false;
      if (this.#closed === undefined) this.#medium.input.resume();
    };
    taking.then(release, release);
  }
}
