import type { Connection, Endpoint, Listener } from "../../platform/network/network.ts";
import { ServiceError } from "../../platform/network/service-error.ts";
import type { SocketFailure } from "./codes.ts";
import { SOCKET_LIMITS } from "./limits.ts";
import { plainAddress } from "./link.ts";
import type { SocketParts } from "./parts.ts";
import type { SocketService } from "./service.ts";
import { keepAliveOf } from "./tcp-link.ts";

interface Server {
  readonly port: number;
  readonly listener: Listener;
  readonly life: AbortController;
}

/** The listening ports of a module. An accepted connection becomes a link, and is reported. */
export class SocketServers {
  readonly #parts: SocketParts;
  readonly #sockets: SocketService;
  readonly #servers = new Map<number, Server>();

  constructor(parts: SocketParts, sockets: SocketService) {
    this.#parts = parts;
    this.#sockets = sockets;
  }

  /** The servers that listen: number and port. */
  get listening(): readonly (readonly [number: number, port: number])[] {
    return [...this.#servers].sort(([a], [b]) => a - b).map(([number, { port }]) => [number, port]);
  }

  /** Listens on a port, as the server of a number. */
  async start(number: number, port: number): Promise<SocketFailure | undefined> {
    const { network, settings, serverAddress: host, signal, work } = this.#parts;
    if (this.#sockets.network === undefined) return "closed";
    const isTaken = [...this.#servers].some(([other, server]) => other === number || server.port === port);
    if (number >= SOCKET_LIMITS.servers) return "parameter";
    if (isTaken) return "listening";
    const local: Endpoint = { host, port, service: "tcp", ...keepAliveOf(settings) };
    try {
      const listener = await network.listen(local, signal);
      const server = { port, listener, life: new AbortController() };
      this.#servers.set(number, server);
      void work.track(this.#accept(number, server));
      return undefined;
    } catch (error) {
      signal.throwIfAborted();
      return error instanceof ServiceError && error.code === "UNREACHABLE" ? "network" : "bind";
    }
  }

  /** Stops listening; accepted connections stay. `false` where the server does not listen. */
  stop(number: number): boolean {
    const server = this.#servers.get(number);
    if (server === undefined) return false;
    this.#servers.delete(number);
    server.life.abort(new Error("the server was stopped"));
    server.listener.close();
    return true;
  }

  stopAll(): void {
    for (const number of [...this.#servers.keys()]) this.stop(number);
  }

  async #accept(number: number, { listener, life }: Server): Promise<void> {
    try {
      for (;;) this.#admit(number, await listener.accept(life.signal));
    } catch (error) {
      if (!life.signal.aborted) this.#parts.log.debug({ event: "server-ended", server: number, error: String(error) });
    }
  }

  #admit(number: number, connection: Connection): void {
    const { outlet, settings } = this.#parts;
    const { network } = this.#sockets;
    const { port } = connection.remote;
    const host = plainAddress(connection.remote.host);
    // A transparent server answers like a telephone: AT+S0 says whether (module.md 1.7).
    const isRefused = network?.transparent === true && (settings.get("S0") === 0 || this.#sockets.taken.length > 0);
    const request = { protocol: "TCP", peer: { host, port }, localPort: 0, server: number } as const;
    const link = isRefused ? undefined : this.#sockets.accept(request, connection);
    if (link === undefined) {
      connection.close(new ServiceError("RESET", "no link is free"));
      return;
    }
    const client =
      network?.set === "older" ? `+CLIENT: ${host}:${port}` : `+CLIENT: ${link.number},${number},${host}:${port}`;
    if (network?.transparent === true) {
      const { link: far, farewell } = this.#sockets.transparent(link);
      outlet.answer(client, far, farewell);
    } else {
      if (network?.set === "older") this.#sockets.activeClient ??= link.number;
      outlet.urc(client);
      link.start();
    }
  }
}
