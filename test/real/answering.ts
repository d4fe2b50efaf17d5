import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createConnection } from "node:net";

/** Resolves when the port of a server takes connections, within ten seconds. */
export async function answering(port: number, server: ChildProcess): Promise<void> {
  for (let end = performance.now() + 10_000; performance.now() < end && server.exitCode === null; ) {
    const socket = createConnection({ host: "127.0.0.1", port });
    const connected = await once(socket, "connect").then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (connected) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error("no answer");
}
