import type { Connection, Endpoint, Network } from "../platform/network/network.ts";
import type { Receiver } from "../platform/serial-line.ts";
import { hostAndPort } from "./flow/host-visits.ts";
import { PacedWriter } from "./flow/paced-writer.ts";
import { QueuedIntake } from "./flow/queued-intake.ts";
import type { ModulePort } from "./module-port.ts";

/** Connects to a module that listens on TCP: eight bits without negotiation. */
export async function openTcpPort(place: Endpoint, network: Network, signal: AbortSignal): Promise<ModulePort> {
  const connection = await network.connect(place, signal);
  const closing = new AbortController();
  const intake = new QueuedIntake();
  const writer = new PacedWriter((bytes) => connection.write(bytes, closing.signal));
  return {
    address: hostAndPort(place),
    lines: undefined,
    start(receiver: Receiver) {
      intake.start(receiver);
      readAll(connection, closing.signal, (chunk) => intake.take(chunk)).catch(async (error: Error) => {
        await intake.settled();
        intake.lose(error);
      });
    },
    write: (bytes) => writer.write(bytes),
    get backlog() {
      return writer.backlog;
    },
    setRate: async () => undefined,
    async close() {
      closing.abort();
      intake.close();
      writer.close();
      connection.end();
      connection.close();
    },
  };
}

/** Reads a connection to its end, which a port does not have: rejects with what ended it. `take` may ask to wait. */
export async function readAll(
  connection: Connection,
  signal: AbortSignal,
  take: (chunk: Buffer) => Promise<void> | undefined,
): Promise<never> {
  for (;;) {
    const chunk = await connection.read(signal);
    if (chunk === undefined) throw new Error("the module has closed the connection");
    await take(chunk);
  }
}
