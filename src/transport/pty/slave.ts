import { closeSync, readSync } from "node:fs";
import { openTerminal } from "./bare-pty.ts";

/** Our own descriptor of a pty's slave end, which keeps the line alive while no host has it open. Never read for its bytes. */
export class PtySlave {
  readonly #device: string;
  #fd: number | undefined;

  /** Takes over an open descriptor. */
  constructor(device: string, fd: number) {
    this.#device = device;
    this.#fd = fd;
  }

  get held(): boolean {
    return this.#fd !== undefined;
  }

  /** Opens the slave, if it is not open. Returns whether it is; a host that has set TIOCEXCL forbids it. */
  hold(): boolean {
    try {
      this.#fd ??= openTerminal(this.#device);
    } catch {
      this.#fd = undefined;
    }
    return this.held;
  }

  release(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }

  /** Drops the output that no host has read. */
  drain(): void {
    if (this.#fd === undefined) return;
    const scratch = Buffer.allocUnsafe(4096);
    try {
      while (readSync(this.#fd, scratch) > 0);
    } catch {
      // EAGAIN: it is empty.
    }
  }
}
