import { execFile } from "node:child_process";
import { closeSync } from "node:fs";
import { createRequire } from "node:module";
import { promisify } from "node:util";

/** The two ends of a pseudo-terminal, as bare non-blocking descriptors that the caller owns. */
export interface BarePty {
  readonly master: number;
  readonly slave: number;
  /** What a host opens. */
  readonly path: string;
}

interface NativePty {
  open(columns: number, rows: number): { master: number; slave: number; pty: string };
}

/**
 * Opens a pseudo-terminal that carries 8-bit bytes unchanged both ways, before any host can know its name.
 *
 * Uses only the native half of node-pty: its own `open()` reads the slave, and so takes the host's bytes away, and its
 * `write()` can block the whole process.
 */
export async function openBarePty(): Promise<BarePty> {
  const { requireBinary } = createRequire(import.meta.url)("node-pty/requireBinary.js") as {
    requireBinary(file: "pty.node"): NativePty;
  };
  const { master, slave, pty: path } = requireBinary("pty.node").open(80, 24);
  try {
    // Not libuv's raw mode: it leaves OPOST and ONLCR on, and the host's LF would arrive as CR LF.
    await promisify(execFile)("stty", [process.platform === "darwin" ? "-f" : "-F", path, "raw", "-echo"]);
  } catch (error) {
    closeSync(master);
    closeSync(slave);
    throw new Error(`cannot set ${path} raw: ${(error as Error).message}`, { cause: error });
  }
  return { master, slave, path };
}
