import type { Datagram, DatagramSocket, Endpoint } from "../../platform/network/network.ts";
import type { ServerParts } from "../server.ts";

const LOOPBACK: Endpoint = { host: "127.0.0.1", port: 0 };

/** Answers each datagram with itself, or throws it away. */
export class DatagramServer {
  readonly #socket: DatagramSocket;
  readonly #closing = new AbortController();
  readonly #serving: Promise<void>;

  private constructor(socket: DatagramSocket, echoes: boolean) {
    this.#socket = socket;
    this.#serving = this.#serve(echoes);
  }

  /** The signal bounds only the start. */
  static async start({ network }: ServerParts, echoes: boolean, signal: AbortSignal): Promise<DatagramServer> {
    return new DatagramServer(await network.bind(LOOPBACK, signal), echoes);
  }

  /** Where the server takes datagrams. */
  get endpoint(): Endpoint {
    return this.#socket.local;
  }

  async close(): Promise<void> {
    this.#closing.abort(new Error("the server is closed"));
    await this.#serving;
    this.#socket.close();
  }

  async #serve(echoes: boolean): Promise<void> {
    for (let next = await this.#next(); next !== undefined; next = await this.#next()) {
      // What cannot be sent back is lost, as any datagram may be.
      if (echoes) await this.#socket.send(next.bytes, next.from, this.#closing.signal).catch(() => undefined);
    }
  }

  /** The next datagram; `undefined` when the server closes. */
  #next(): Promise<Datagram | undefined> {
    return this.#socket.receive(this.#closing.signal).catch(() => undefined);
  }
}
