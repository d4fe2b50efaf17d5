import { closeSync, readSync, writeSync } from "node:fs";
import { openBarePty } from "./pty/bare-pty.ts";
import { type Link, placeLink } from "./pty/link.ts";
import { type PtyPermissions, setPermissions } from "./pty/permissions.ts";
import { PtySlave } from "./pty/slave.ts";

/** Bytes of a host that are dropped at a time; what it writes beyond them holds it back. */
const DROPPED = 64 * 1024;

/** Opens a pseudo-terminal of that name on which a module only speaks. */
export async function openPtyOutlet(link: string, permissions: PtyPermissions): Promise<PtyOutlet> {
  const { master, slave, path } = await openBarePty();
  try {
    await setPermissions(path, permissions);
    return new PtyOutlet(master, new PtySlave(path, slave), path, await placeLink(link, path, "--nmea-link"));
  } catch (error) {
    closeSync(master);
    closeSync(slave);
    throw error;
  }
}

/**
 * A pseudo-terminal on which a module only speaks. Nothing is kept for a host: what nobody reads is dropped once the buffer of
 * the kernel (about 20 KB) is full, and what comes while nobody has the port open at once.
 */
export class PtyOutlet {
  /** The symbolic link that a host opens, and the device that it leads to. */
  readonly link: string;
  readonly device: string;
  readonly #master: number;
  readonly #slave: PtySlave;
  readonly #placed: Link;
  readonly #scratch = Buffer.allocUnsafe(4096);
  /** Whether the kernel may hold something that the last host has not read. */
  #filled = false;
  #closed = false;

  /** Takes over the descriptors and the link. */
  constructor(master: number, slave: PtySlave, device: string, link: Link) {
    this.#master = master;
    this.#slave = slave;
    this.device = device;
    this.link = link.path;
    this.#placed = link;
    // While we hold the slave ourselves the kernel does not tell whether a host does.
    slave.release();
  }

  /** Gives bytes to the host that has the port open and reads; to another they are lost, in whole or in part. */
  send(bytes: Uint8Array): void {
    if (this.#closed) return;
    if (!this.#isOpen()) {
      this.#forget();
      return;
    }
    this.#filled = true;
    try {
      writeSync(this.#master, bytes);
    } catch {
      // The buffer is full, or the host has gone in this moment.
    }
  }

  /** Everything is done before it returns, so that it also serves in a process's "exit" event. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    closeSync(this.#master);
    this.#slave.release();
    this.#placed.remove();
  }

  /** Whether a host has the port open. Drops what it has written: nothing here listens. */
  #isOpen(): boolean {
    try {
      for (let dropped = 0; dropped < DROPPED; ) {
        const count = readSync(this.#master, this.#scratch);
        if (count === 0) return false;
        dropped += count;
      }
      return true;
    } catch (error) {
      // EIO: nobody has the other end open.
      return (error as NodeJS.ErrnoException).code === "EAGAIN";
    }
  }

  /** Drops what a host has left unread, so that the next one finds nothing old. */
  #forget(): void {
    if (!this.#filled) return;
    this.#filled = false;
    if (this.#slave.hold()) this.#slave.drain();
    this.#slave.release();
  }
}
