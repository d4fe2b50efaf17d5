import { autoDetect } from "@serialport/bindings-cpp";
import type { Endpoint, Network } from "../platform/network/network.ts";
import type { Receiver, SerialLine } from "../platform/serial-line.ts";
import { DescriptorLine } from "./flow/descriptor-line.ts";
import { Intake } from "./flow/intake.ts";

/** A serial line from its host's end, with a module at the other. */
export interface HostPort extends Pick<SerialLine, "write" | "close"> {
  /** Starts to deliver what the module sends. Called once. */
  start(receiver: Pick<Receiver, "data" | "lost">): void;
}

/** Opens a UART or a pseudo-terminal, eight bits and no parity. */
export async function openHostSerial(path: string, baudRate: number): Promise<HostPort> {
  const port = await autoDetect()
    .open({ path, baudRate, lock: false })
    .catch((cause: unknown) => {
      // The binding's messages begin with a name that says nothing.
      throw new Error((cause as Error).message.replace(/^Error: /, ""), { cause });
    });
  // On Linux and macOS a port also tells its descriptor.
  const line = new DescriptorLine((port as typeof port & { readonly fd: number }).fd, {});
  return {
    start: (receiver) => line.start(receiver),
    write: (bytes) => line.write(bytes),
    close: async () => {
      line.close();
      await port.close();
    },
  };
}

/** Connects to a module that listens on TCP. */
export async function openHostTcp(place: Endpoint, network: Network, signal: AbortSignal): Promise<HostPort> {
  const connection = await network.connect(place, signal);
  const closing = new AbortController();
  const intake = new Intake(() => undefined);
  return {
    start(receiver) {
      intake.start({ ...receiver, data: (chunk) => receiver.data(chunk) });
      const read = async () => {
        for (;;) {
          const chunk = await connection.read(closing.signal);
          if (chunk === undefined) throw new Error("the module has closed the connection");
          intake.give(chunk);
          if (!intake.ready) await intake.settled;
        }
      };
      read().catch((error: unknown) => {
        if (!closing.signal.aborted) receiver.lost(error instanceof Error ? error : new Error(String(error)));
      });
    },
    // What cannot be sent is reported as lost by the reader.
    write: (bytes) => connection.write(bytes, closing.signal).catch(() => undefined),
    async close() {
      closing.abort();
      intake.close();
      connection.end();
      connection.close();
    },
  };
}
