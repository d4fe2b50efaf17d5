import { closeSync, constants, openSync } from "node:fs";
import { promisify } from "node:util";
import { ptyBinding, serialBinding } from "../native.ts";

/** The two ends of a pseudo-terminal, as bare non-blocking descriptors that the caller owns. */
export interface BarePty {
  readonly master: number;
  readonly slave: number;
  /** What a host opens. */
  readonly path: string;
}

/** The rate of a new pty, in bit/s: what no host has set. */
export const UNSET_RATE = 38_400;

/** Bytes as they are, in both directions; nothing else about the line is touched. */
const RAW = {
  baudRate: UNSET_RATE,
  dataBits: 8,
  stopBits: 1,
  parity: "none",
  rtscts: false,
  xon: false,
  xoff: false,
  xany: false,
  hupcl: false,
  lock: false,
  vmin: 1,
  vtime: 0,
};

/** Opens a terminal without waiting for it, and for this process alone. */
export function openTerminal(path: string): number {
  return openSync(path, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
}

/**
 * Opens a pseudo-terminal that carries 8-bit bytes unchanged both ways, before any host can know its name.
 *
 * Uses only the native half of node-pty: its own `open()` reads the slave, and so takes the host's bytes away, and its
 * `write()` can block the whole process. The master is not close-on-exec, and Node has no call that would make it so: a
 * process that is started later inherits it.
 */
export async function openBarePty(): Promise<BarePty> {
  const { open, close } = serialBinding();
  const { master, slave, pty: path } = ptyBinding().open(80, 24);
  try {
    // Not libuv's raw mode: it leaves OPOST and ONLCR on, and the host's LF would arrive as CR LF.
    await promisify(close)(await promisify(open)(path, RAW));
    return { master, slave: openTerminal(path), path };
  } catch (error) {
    closeSync(master);
    throw new Error(`cannot set ${path} raw: ${(error as Error).message}`, { cause: error });
  } finally {
    // Processes that we start inherit this one: then a host that closes the line would never be noticed.
    closeSync(slave);
  }
}
