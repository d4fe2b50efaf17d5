import { connect, type Socket } from "node:net";
import { onTestFinished } from "vitest";
import type { ControlBench } from "./control-bench.ts";

/** A connection on which a test writes its requests by hand. */
export function open({ url }: ControlBench): Socket {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  return socket;
}

/** Sends bytes as they are, and reads until `end` has come. */
export async function talk(bench: ControlBench, text: string, end: string): Promise<string> {
  const socket = open(bench);
  socket.write(text);
  return until(socket, end);
}

/** Reads until `end` has come, and gives all of it. */
export function until(socket: Socket, end: string): Promise<string> {
  let got = "";
  return new Promise((resolve, reject) => {
    const onData = (piece: Buffer) => {
      got += String(piece);
      if (!got.includes(end)) return;
      socket.off("data", onData);
      resolve(got);
    };
    socket.on("data", onData);
    socket.on("error", reject);
    socket.on("close", () => reject(new Error(`closed after ${got}`)));
  });
}

/** Waits until the server has so many connections. */
export async function connections({ server }: ControlBench, wanted: number): Promise<void> {
  const end = performance.now() + 10_000;
  for (;;) {
    const count = await new Promise<number>((resolve) => server.http.getConnections((_, open) => resolve(open)));
    if (count === wanted) return;
    await new Promise(setImmediate);
    if (performance.now() > end) throw new Error(`${count} connections, not ${wanted}`);
  }
}
