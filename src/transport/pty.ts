import { closeSync, constants, openSync, readSync } from "node:fs";
import type { Receiver, SerialLine } from "../platform/serial-line.ts";
import { type BarePty, openBarePty } from "./bare-pty.ts";
import { DescriptorLine } from "./descriptor-line.ts";
import { placeLink, removeLink } from "./link.ts";

/** Opens a pseudo-terminal for one module. `link` is a stable name for it, a symbolic link that lives as long as it does. */
export async function openPty(options: { readonly link?: string | undefined } = {}): Promise<PtyTransport> {
  const pty = await openBarePty();
  try {
    if (options.link !== undefined) placeLink(options.link, pty.path);
  } catch (error) {
    closeSync(pty.master);
    closeSync(pty.slave);
    throw error;
  }
  return new PtyTransport(pty, options.link);
}

/**
 * The serial line as a pseudo-terminal, which hosts open and close as they like.
 *
 * We keep the slave open ourselves, never reading it, so that the line outlives its hosts. What is written while no host
 * has it open stays in the kernel, as in the buffer of a USB adapter, and the next host finds it. Only when that buffer
 * (about 20 KB) is full does it matter whether anybody is there, and then we let go of the slave: as soon as no host has
 * it open the kernel hangs up, and all that waits, there and here, is lost, as on a wire. A host that is there but does
 * not read holds the module back for as long as it likes.
 */
export class PtyTransport implements SerialLine {
  readonly address: string;
  /** The device itself, whatever the link is called. */
  readonly device: string;
  /** A pty carries none: TIOCMGET is ENOTTY. */
  readonly lines = undefined;
  readonly #link: string | undefined;
  readonly #master: number;
  readonly #line: DescriptorLine;
  #slave: number | undefined;
  #closed = false;

  /** Takes over the descriptors and the link. */
  constructor(pty: BarePty, link: string | undefined) {
    this.device = pty.path;
    this.address = link ?? pty.path;
    this.#link = link;
    this.#master = pty.master;
    this.#slave = pty.slave;
    this.#line = new DescriptorLine(pty.master, {
      stalled: () => this.#releaseSlave(),
      flowing: () => this.#holdSlave(),
      hungUp: () => this.#takeBack(),
    });
  }

  start(receiver: Receiver): void {
    this.#line.start(receiver);
  }

  write(bytes: Uint8Array): Promise<void> | undefined {
    return this.#line.write(bytes);
  }

  get backlog(): number {
    return this.#line.backlog;
  }

  settle(): Promise<void> {
    return this.#line.settle();
  }

  /** Everything is done before it returns, so that it also serves in a process's "exit" event. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#line.close();
    closeSync(this.#master);
    this.#releaseSlave();
    if (this.#link !== undefined) removeLink(this.#link, this.device);
  }

  /** The last host has gone while we had let go: keeps the line open for the next and throws away what none has read. */
  #takeBack(): boolean {
    if (this.#slave !== undefined) return false;
    this.#holdSlave();
    if (this.#slave === undefined) return false;
    drain(this.#slave);
    return true;
  }

  /** Opens the slave again. A host that has it for itself alone (TIOCEXCL) forbids that: then later. */
  #holdSlave(): void {
    try {
      this.#slave ??= openSync(this.device, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
    } catch {
      this.#slave = undefined;
    }
  }

  #releaseSlave(): void {
    if (this.#slave !== undefined) closeSync(this.#slave);
    this.#slave = undefined;
  }
}

function drain(slave: number): void {
  const scratch = Buffer.allocUnsafe(4096);
  try {
    while (readSync(slave, scratch) > 0);
  } catch {
    // EAGAIN: it is empty.
  }
}
