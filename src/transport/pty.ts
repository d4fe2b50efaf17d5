import { closeSync, constants, openSync, readSync, writeSync } from "node:fs";
import { setImmediate as turn } from "node:timers/promises";
import { EVENTS, Poller } from "@serialport/bindings-cpp/dist/poller.js";
import { HOST_BUFFER } from "../platform/limits.ts";
import type { Receiver, Transport } from "../platform/transport.ts";
import { Backlog } from "./backlog.ts";
import { type BarePty, openBarePty } from "./bare-pty.ts";
import { placeLink, removeLink } from "./link.ts";

/** The kernel hands out at most this much at a time; less means that it has no more just now. */
const PIECE = 4096;

/** Received bytes are handed out as parts of allocations of this size; it is also what one turn of the loop may read. */
const SLAB = HOST_BUFFER;

/** Opens a pseudo-terminal for one module. `link` is a stable name for it, a symbolic link that lives as long as it does. */
export async function openPty(options: { readonly link?: string | undefined } = {}): Promise<PtyTransport> {
  const pty = await openBarePty();
  try {
    if (options.link !== undefined) placeLink(options.link, pty.path);
    return new PtyTransport(pty, options.link);
  } catch (error) {
    closeSync(pty.master);
    closeSync(pty.slave);
    throw error;
  }
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
export class PtyTransport implements Transport {
  readonly address: string;
  /** The device itself, whatever the link is called. */
  readonly device: string;
  /** A pty carries none: TIOCMGET is ENOTTY. */
  readonly lines = undefined;
  readonly #link: string | undefined;
  readonly #master: number;
  #slave: number | undefined;
  readonly #poller: Poller;
  readonly #backlog = new Backlog();
  #slab = Buffer.allocUnsafeSlow(SLAB);
  #used = 0;
  #receiver: Receiver | undefined;
  /** The receiver holds the host back. */
  #held = false;
  #lost = false;
  #closed = false;

  /** Takes over the descriptors. */
  constructor(pty: BarePty, link?: string) {
    this.device = pty.path;
    this.address = link ?? pty.path;
    this.#link = link;
    this.#master = pty.master;
    this.#slave = pty.slave;
    this.#poller = new Poller(pty.master);
    this.#poller.on("readable", (error: Error | null) => {
      if (error !== null) return this.#lose(error);
      this.#receive(SLAB);
      this.#watch();
    });
    this.#poller.on("writable", (error: Error | null) => {
      if (error === null) this.#flush();
    });
    this.#poller.on("disconnect", (error: Error | null) => {
      if (error === null) this.#hostsGone();
    });
  }

  start(receiver: Receiver): void {
    this.#receiver = receiver;
    this.#watch();
  }

  write(bytes: Uint8Array): Promise<void> | undefined {
    if (this.#closed || this.#lost) return undefined;
    if (this.#backlog.length > 0) {
      this.#backlog.push(bytes);
      return this.#backlog.room();
    }
    const sent = this.#send(bytes);
    if (sent === bytes.length) return undefined;
    this.#backlog.push(bytes.subarray(sent));
    this.#releaseSlave();
    this.#watch();
    return this.#backlog.room();
  }

  get backlog(): number {
    return this.#backlog.length;
  }

  /** Reads at once, and again two turns later: a worker of the kernel carries bytes from the slave to the master. */
  async settle(): Promise<void> {
    this.#receiveAll();
    await turn();
    await turn();
    this.#receiveAll();
  }

  /** Everything is done before it returns, so that it also serves in a process's "exit" event. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#pour();
    this.#closed = true;
    this.#poller.removeAllListeners();
    this.#poller.stop();
    this.#poller.destroy();
    closeSync(this.#master);
    this.#releaseSlave();
    this.#backlog.clear();
    if (this.#link !== undefined) removeLink(this.#link, this.device);
  }

  /** Tells the poller exactly what to wait for; after each event it waits for something of its own choice. */
  #watch(): void {
    if (this.#closed) return;
    let events = 0;
    if (this.#receiver !== undefined && !this.#held) events |= EVENTS.UV_READABLE;
    if (this.#backlog.length > 0) events |= EVENTS.UV_WRITABLE | EVENTS.UV_DISCONNECT;
    this.#poller.poll(this.#lost ? 0 : events);
  }

  /** Delivers all that can be read; a host that never stops gets no more than the kernel can have held. */
  #receiveAll(): void {
    let left = 2 * SLAB;
    for (let taken = 1; taken > 0 && left > 0; left -= taken) taken = this.#receive(left);
  }

  /** Delivers what can be read, about `limit` bytes and as long as the receiver takes it; gives how much that was. */
  #receive(limit: number): number {
    let taken = 0;
    while (taken < limit && this.#receiver !== undefined && !this.#held && !this.#closed && !this.#lost) {
      const length = this.#read();
      if (length === 0) break;
      taken += length;
      const chunk = this.#slab.subarray(this.#used, this.#used + length);
      this.#used += length;
      const taking = this.#receiver.data(chunk);
      if (taking !== undefined) this.#hold(taking);
      // Most likely there is no more, and being told so costs an exception.
      if (length < PIECE) break;
    }
    return taken;
  }

  #hold(taking: Promise<void>): void {
    this.#held = true;
    const release = () => {
      this.#held = false;
      this.#watch();
    };
    taking.then(release, release);
  }

  /** Reads behind the used part of the slab; 0 when nothing is there. */
  #read(): number {
    if (SLAB - this.#used < PIECE) {
      this.#slab = Buffer.allocUnsafeSlow(SLAB);
      this.#used = 0;
    }
    try {
      return readSync(this.#master, this.#slab, this.#used, SLAB - this.#used, null);
    } catch (error) {
      if (isBusy(error)) return 0;
      // EIO: no host has the slave open, nor have we.
      if (this.#slave === undefined) this.#hostsGone();
      else this.#lose(error as Error);
      return 0;
    }
  }

  /** Writes what the kernel takes at once and gives its length. */
  #send(bytes: Uint8Array): number {
    try {
      return writeSync(this.#master, bytes);
    } catch (error) {
      return isBusy(error) ? 0 : bytes.length;
    }
  }

  /** Sends what waits until the kernel takes no more. */
  #pour(): void {
    for (let piece = this.#backlog.first(); piece !== undefined; piece = this.#backlog.first()) {
      const sent = this.#send(piece);
      this.#backlog.consume(sent);
      if (sent < piece.length) return;
    }
  }

  #flush(): void {
    this.#pour();
    if (this.#backlog.length === 0) this.#holdSlave();
    this.#watch();
  }

  #hostsGone(): void {
    // Late news: the way out is free again, and the slave is ours.
    if (this.#slave !== undefined || this.#closed || this.#lost) return;
    this.#holdSlave();
    if (this.#slave === undefined) {
      this.#lose(new Error(`${this.device} cannot be opened any more`));
      return;
    }
    drain(this.#slave);
    this.#backlog.clear();
    this.#watch();
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

  #lose(reason: Error): void {
    if (this.#lost || this.#closed) return;
    this.#lost = true;
    this.#backlog.clear();
    this.#watch();
    this.#receiver?.lost(reason);
  }
}

/** Throws away what no host has read. */
function drain(slave: number): void {
  const scratch = Buffer.allocUnsafe(PIECE);
  try {
    while (readSync(slave, scratch, 0, PIECE, null) > 0);
  } catch {
    // EAGAIN: it is empty.
  }
}

function isBusy(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === "EAGAIN" || code === "EINTR";
}
