import { rmSync } from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sha256 } from "../../platform/crypto.ts";

/** A name that this process has, and no other process of the machine, until it is released or the process ends. */
export interface NameLock {
  release(): void;
}

/** How long a process is asked for its number. */
const ASK_TIMEOUT = 1_000;

/**
 * Takes a name, or gives the process that has it. Holds in a race, and a process that was killed has nothing: the kernel
 * gives a listening socket to one process, and takes it back when that ends. On Linux the socket has no file.
 */
export async function lockName(name: string): Promise<NameLock | { readonly holder: string }> {
  const hash = sha256(name).slice(0, 32);
  const address = process.platform === "linux" ? `\0vmodem-${hash}` : join(tmpdir(), `vmodem-${hash}`);
  for (let attempt = 0; ; attempt++) {
    const server = await listen(address);
    if (server !== undefined) return { release: () => void server.close() };
    const holder = await ask(address);
    if (holder !== undefined || attempt === 1) return { holder: holder ?? "unknown" };
    // Nobody answers: the file of a process that was killed, or a process that has just ended.
    if (process.platform !== "linux") rmSync(address, { force: true });
  }
}

/** Listens on the address and tells everybody who connects our process's number; `undefined` when it is taken. */
function listen(address: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.on("error", () => undefined).end(`${process.pid}\n`));
    server.unref();
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE") resolve(undefined);
      else reject(error);
    });
    server.listen(address, () => resolve(server));
  });
}

/** The process that listens there, `undefined` when none does. */
function ask(address: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    let text = "";
    const socket = connect(address);
    socket.setTimeout(ASK_TIMEOUT, () => socket.destroy());
    socket.on("data", (chunk) => {
      text += chunk.toString("latin1");
    });
    socket.on("error", () => undefined);
    let connected = false;
    socket.on("connect", () => {
      connected = true;
    });
    socket.on("close", () => {
      const pid = /^\d+/.exec(text)?.[0];
      resolve(pid ?? (connected ? "unknown" : undefined));
    });
  });
}
