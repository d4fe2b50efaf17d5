import { createConnection, createServer, isIP, type Server, type Socket } from "node:net";
import { abortable, onAbort } from "../abortable.ts";
import { NameLookups } from "./name-lookups.ts";
import type { Connection, DatagramSocket, Endpoint, Listener, Network } from "./network.ts";
import { ServiceError, toServiceError } from "./service-error.ts";
import { SocketConnection } from "./socket-connection.ts";
import { bindUdp } from "./udp-socket.ts";

/** The machine's own TCP and UDP. */
export class TcpNetwork implements Network {
  readonly #names = new NameLookups(lookUp);

  async connect(target: Endpoint, signal: AbortSignal, resolved?: () => void): Promise<Connection> {
    signal.throwIfAborted();
    let failure = new ServiceError("UNRESOLVED", `no address for ${target.host}`);
    const addresses = await this.#addressesOf(target.host, signal);
    resolved?.();
    for (const address of addresses) {
      try {
        return await connectTo({ ...target, host: address }, signal);
      } catch (error) {
        if (signal.aborted) throw signal.reason;
        failure = toServiceError(error);
      }
    }
    throw failure;
  }

  listen(local: Endpoint, signal: AbortSignal): Promise<Listener> {
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const server = createServer({ noDelay: true, pauseOnConnect: false, allowHalfOpen: true });
      server.once("error", (error) => reject(toServiceError(error)));
      server.listen({ host: local.host, port: local.port, exclusive: true }, () => {
        server.removeAllListeners("error");
        // A connection that could not be accepted (EMFILE) is the peer's to retry.
        server.on("error", () => undefined);
        resolve(new TcpListener(server, local.keepAliveAfter));
      });
    });
  }

  bind(local: Endpoint, signal: AbortSignal): Promise<DatagramSocket> {
    return bindUdp(local, (host, aborted) => this.#addressesOf(host, aborted), signal);
  }

  async resolve(host: string, signal: AbortSignal): Promise<readonly string[]> {
    const addresses = await this.#addressesOf(host, signal);
    return addresses.toSorted((a, b) => isIP(a) - isIP(b));
  }

  async nameOf(address: string, signal: AbortSignal): Promise<string> {
    const { reverse } = await import("node:dns/promises");
    const names = await abortable(reverse(address), signal).catch((error: unknown) => {
      signal.throwIfAborted();
      throw new ServiceError("UNRESOLVED", `no name for ${address}`, { cause: error });
    });
    const [name] = names;
    if (name === undefined) throw new ServiceError("UNRESOLVED", `no name for ${address}`);
    return name;
  }

  /** The addresses of a name, in the resolver's order. A literal, also in brackets, is its own address. */
  async #addressesOf(host: string, signal: AbortSignal): Promise<readonly string[]> {
    const literal = host.startsWith("[") && host.endsWith("]") ? host.slice(1, -1) : host;
    if (isIP(literal) !== 0) return [literal];
    try {
      return await this.#names.addressesOf(host, signal);
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      throw new ServiceError("UNRESOLVED", `no address for ${host}`, { cause: error });
    }
  }
}

async function lookUp(name: string): Promise<readonly string[]> {
  const { lookup } = await import("node:dns/promises");
  const found = await lookup(name, { all: true });
  return found.map((entry) => entry.address);
}

function connectTo(address: Endpoint, signal: AbortSignal): Promise<Connection> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ host: address.host, port: address.port, allowHalfOpen: true, noDelay: true });
    const settle = () => {
      release();
      socket.removeListener("error", onError);
      socket.removeListener("connect", onConnect);
    };
    const release = onAbort(signal, () => {
      settle();
      socket.on("error", () => undefined);
      socket.destroy();
      reject(signal.reason);
    });
    const onError = (error: Error) => {
      settle();
      reject(error);
    };
    const onConnect = () => {
      settle();
      probe(socket, address.keepAliveAfter);
      resolve(new SocketConnection(socket));
    };
    socket.on("error", onError);
    socket.on("connect", onConnect);
  });
}

function probe(socket: Socket, silence: number | undefined): void {
  if (silence !== undefined) socket.setKeepAlive(true, silence);
}

class TcpListener implements Listener {
  readonly local: Endpoint;
  readonly #server: Server;
  readonly #arrived: Connection[] = [];
  readonly #waiting: Array<(connection: Connection) => void> = [];

  constructor(server: Server, silence: number | undefined) {
    this.#server = server;
    const address = server.address();
    this.local =
      address === null || typeof address === "string"
        ? { host: "", port: 0 }
        : { host: address.address, port: address.port };
    server.on("connection", (socket: Socket) => {
      probe(socket, silence);
      const connection = new SocketConnection(socket);
      const taker = this.#waiting.shift();
      if (taker === undefined) this.#arrived.push(connection);
      else taker(connection);
    });
  }

  accept(signal: AbortSignal): Promise<Connection> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(signal.reason);
        return;
      }
      const ready = this.#arrived.shift();
      if (ready !== undefined) {
        resolve(ready);
        return;
      }
      const taker = (connection: Connection) => {
        release();
        resolve(connection);
      };
      this.#waiting.push(taker);
      const release = onAbort(signal, () => {
        this.#waiting.splice(this.#waiting.indexOf(taker), 1);
        reject(signal.reason);
      });
    });
  }

  close(): void {
    this.#server.close();
    for (const connection of this.#arrived.splice(0)) connection.close();
  }
}
