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
 * Opens a pseudo-terminal that carries 8-bit bytes unchanged both ways before anybody can know its name.
 *
 * node-pty's own `open()` reads the slave, and so steals the host's bytes, and its `write()` can block the whole process;
 * so only its native half is used.
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
