import { closeSync, readSync, writeSync } from "node:fs";
import { Duplex } from "node:stream";
import { EVENTS, Poller } from "@serialport/bindings-cpp/dist/poller.js";

/** A host program's view of a terminal: a duplex over a non-blocking descriptor, which it closes at its end. */
export class FdStream extends Duplex {
  readonly #fd: number;
  readonly #poller: Poller;
  #wantsInput = false;
  #output: { bytes: Buffer; done: (error?: Error | null) => void } | undefined;

  constructor(fd: number) {
    super({ highWaterMark: 4096 });
    this.#fd = fd;
    this.#poller = new Poller(fd);
    this.#poller.on("readable", () => {
      if (this.#wantsInput) this.#receive();
      this.#watch();
    });
    this.#poller.on("writable", () => {
      this.#send();
      this.#watch();
    });
  }

  override _read(): void {
    this.#wantsInput = true;
    this.#watch();
  }

  override _write(bytes: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    this.#output = { bytes, done };
    this.#send();
    this.#watch();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#poller.removeAllListeners();
    this.#poller.stop();
    this.#poller.destroy();
    closeSync(this.#fd);
    done(error);
  }

  #watch(): void {
    if (this.destroyed) return;
    this.#poller.poll(
      (this.#wantsInput ? EVENTS.UV_READABLE : 0) | (this.#output === undefined ? 0 : EVENTS.UV_WRITABLE),
    );
  }

  #receive(): void {
    const buffer = Buffer.alloc(4096);
    const length = this.#attempt(() => readSync(this.#fd, buffer));
    if (length > 0) this.#wantsInput = this.push(buffer.subarray(0, length));
  }

  #send(): void {
    const output = this.#output;
    if (output === undefined) return;
    output.bytes = output.bytes.subarray(this.#attempt(() => writeSync(this.#fd, output.bytes)));
    if (output.bytes.length > 0) return;
    this.#output = undefined;
    output.done();
  }

  #attempt(operation: () => number): number {
    try {
      return operation();
    } catch (error) {
      // Any other error means that the other end has gone.
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") this.destroy();
      return 0;
    }
  }
}
