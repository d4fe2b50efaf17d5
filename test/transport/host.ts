import { once } from "node:events";
import { constants, openSync } from "node:fs";
import type { Duplex, Readable, Writable } from "node:stream";
import { FdStream } from "./fd-stream.ts";

/** A host program at the far end of a transport, as the contract suite needs one. */
export interface Host {
  /** Resolves when the medium has taken the bytes. */
  write(bytes: Uint8Array | string): Promise<void>;
  readExactly(length: number): Promise<Buffer>;
  /** Reads nothing until {@link resume}, not even in secret. */
  pause(): void;
  resume(): void;
  close(): Promise<void>;
}

export class StreamHost implements Host {
  readonly #input: Readable;
  readonly #output: Writable;
  readonly #chunks: Buffer[] = [];
  #length = 0;
  #wake: () => void = () => undefined;

  constructor(input: Readable, output: Writable) {
    this.#input = input;
    this.#output = output;
    input.on("data", (chunk: Buffer) => {
      this.#chunks.push(chunk);
      this.#length += chunk.length;
      this.#wake();
    });
    input.on("error", () => undefined);
    output.on("error", () => undefined);
  }

  write(bytes: Uint8Array | string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#output.write(bytes, (error) => (error ? reject(error) : resolve()));
    });
  }

  async readExactly(length: number): Promise<Buffer> {
    while (this.#length < length) await new Promise<void>((resolve) => (this.#wake = resolve));
    const all = Buffer.concat(this.#chunks.splice(0));
    this.#chunks.push(all.subarray(length));
    this.#length = all.length - length;
    return all.subarray(0, length);
  }

  pause(): void {
    this.#input.pause();
  }

  resume(): void {
    this.#input.resume();
  }

  async close(): Promise<void> {
    if (this.#input.destroyed) return;
    const closed = once(this.#input, "close");
    this.#input.destroy();
    this.#output.destroy();
    await closed;
  }
}

export function duplexHost(stream: Duplex): StreamHost {
  return new StreamHost(stream, stream);
}

/** A host that opens a terminal with a plain open(2), and sets nothing. */
export function openTerminal(path: string): StreamHost {
  return duplexHost(new FdStream(openSync(path, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK)));
}
