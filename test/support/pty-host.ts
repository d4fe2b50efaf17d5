import { closeSync, constants, openSync, readSync, writeSync } from "node:fs";
import type { SerialEnd } from "./dte.ts";

/** A host that has a pty open, as a terminal program has. */
export class PtyHost implements SerialEnd {
  readonly #descriptor: number;
  readonly #piece = Buffer.alloc(4096);

  constructor(path: string) {
    this.#descriptor = openSync(path, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
  }

  /** For what the kernel takes at once, some kilobytes. */
  write(bytes: Uint8Array): void {
    if (writeSync(this.#descriptor, bytes) !== bytes.length) throw new Error("the pty is full");
  }

  take(): Uint8Array {
    try {
      return Buffer.from(this.#piece.subarray(0, readSync(this.#descriptor, this.#piece, 0, this.#piece.length, null)));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EAGAIN") return Buffer.alloc(0);
      throw error;
    }
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}
