import { abortable } from "../../src/platform/abortable.ts";
import type { Connection, DatagramSocket, Endpoint, Listener, Network } from "../../src/platform/network/network.ts";
import { TcpNetwork } from "../../src/platform/network/tcp-network.ts";

/** The machine's TCP; remembers the connections that were made, for a test to see that none is left. */
export class RecordingNetwork implements Network {
  readonly #tcp = new TcpNetwork();
  readonly connections: Connection[] = [];
  /** How many connections were asked for. */
  asked = 0;
  /** Whether nobody answers from now on. */
  unanswered = false;

  async connect(target: Endpoint, signal: AbortSignal): Promise<Connection> {
    this.asked++;
    if (this.unanswered) return abortable(new Promise<never>(() => undefined), signal);
    const connection = await this.#tcp.connect(target, signal);
    this.connections.push(connection);
    return connection;
  }

  listen(local: Endpoint, signal: AbortSignal): Promise<Listener> {
    return this.#tcp.listen(local, signal);
  }

  bind(local: Endpoint, signal: AbortSignal): Promise<DatagramSocket> {
    return this.#tcp.bind(local, signal);
  }

  resolve(host: string, signal: AbortSignal): Promise<readonly string[]> {
    return this.#tcp.resolve(host, signal);
  }

  nameOf(address: string, signal: AbortSignal): Promise<string> {
    return this.#tcp.nameOf(address, signal);
  }

  /** Whether each connection made so far has been closed on our side. */
  async allClosed(signal: AbortSignal): Promise<boolean> {
    const writes = this.connections.map((connection) =>
      connection.write("", signal).then(
        () => false,
        () => true,
      ),
    );
    return (await Promise.all(writes)).every((closed) => closed);
  }
}

/** Lets the event loop turn until `condition` holds; fails after so many turns. */
export async function until(condition: () => boolean, turns = 100_000): Promise<void> {
  for (let turn = 0; !condition(); turn++) {
    if (turn === turns) throw new Error("the condition never held");
    await new Promise(setImmediate);
  }
}

/** Lets the event loop turn so many times: what the loopback interface has is then delivered. */
export async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise(setImmediate);
}
