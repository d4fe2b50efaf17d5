import { eitherSignal } from "../../platform/abortable.ts";
import { hookConnection } from "../../platform/network/hooked-connection.ts";
import type { Connection, DatagramSocket, Endpoint, Listener, Network } from "../../platform/network/network.ts";
import { ServiceError } from "../../platform/network/service-error.ts";
import type { PacketService } from "./packet-service.ts";

/**
 * The network as the services reach it: by radio. Without registration and attachment nothing is reachable, and when they
 * are lost all connections are reset, so that each service fails with its own code.
 */
export class GatedNetwork implements Network {
  readonly #network: Network;
  readonly #packetService: PacketService;
  /** Ends everything that is open when the network is lost. */
  readonly #open = new Set<(reason: ServiceError) => void>();

  /** Follows the packet service for as long as that exists. */
  constructor(network: Network, packetService: PacketService) {
    this.#network = network;
    this.#packetService = packetService;
    packetService.changed.follow((attached) => {
      if (attached) return;
      for (const close of [...this.#open]) close(new ServiceError("RESET", "the radio network is lost"));
    });
  }

  async connect(target: Endpoint, signal: AbortSignal, resolved?: () => void): Promise<Connection> {
    return this.#guard(await this.#reach(signal, (reachable) => this.#network.connect(target, reachable, resolved)));
  }

  async listen(local: Endpoint, signal: AbortSignal): Promise<Listener> {
    const listener = await this.#reach(signal, (reachable) => this.#network.listen(local, reachable));
    const lost = new AbortController();
    const close = (reason: ServiceError) => {
      this.#open.delete(close);
      lost.abort(reason);
      listener.close();
    };
    this.#open.add(close);
    return {
      local: listener.local,
      accept: async (accepting) => {
        const both = eitherSignal(accepting, lost.signal);
        try {
          return this.#guard(await listener.accept(both.signal));
        } finally {
          both.release();
        }
      },
      close: () => {
        this.#open.delete(close);
        listener.close();
      },
    };
  }

  async bind(local: Endpoint, signal: AbortSignal): Promise<DatagramSocket> {
    const socket = await this.#reach(signal, (reachable) => this.#network.bind(local, reachable));
    const lose = (reason: ServiceError) => close(reason);
    const close = (reason?: Error) => {
      this.#open.delete(lose);
      socket.close(reason);
    };
    this.#open.add(lose);
    return {
      local: socket.local,
      send: (bytes, target, sending) => socket.send(bytes, target, sending),
      receive: (receiving) => socket.receive(receiving),
      close,
    };
  }

  async resolve(host: string, signal: AbortSignal): Promise<readonly string[]> {
    this.#checkAttached(signal);
    return this.#network.resolve(host, signal);
  }

  async nameOf(address: string, signal: AbortSignal): Promise<string> {
    this.#checkAttached(signal);
    return this.#network.nameOf(address, signal);
  }

  #checkAttached(signal: AbortSignal): void {
    signal.throwIfAborted();
    if (!this.#packetService.attached) throw new ServiceError("UNREACHABLE", "the module is not attached to a network");
  }

  /** Does `work`, and fails when the network is not there or is lost meanwhile. */
  async #reach<T extends { close(): void }>(
    signal: AbortSignal,
    work: (reachable: AbortSignal) => Promise<T>,
  ): Promise<T> {
    this.#checkAttached(signal);
    const lost = new AbortController();
    const close = () => lost.abort(new ServiceError("UNREACHABLE", "the radio network is lost"));
    const both = eitherSignal(signal, lost.signal);
    this.#open.add(close);
    try {
      const opened = await work(both.signal);
      if (both.signal.aborted) opened.close();
      both.signal.throwIfAborted();
      return opened;
    } finally {
      this.#open.delete(close);
      both.release();
    }
  }

  /** Breaks the connection when the network is lost. */
  #guard(connection: Connection): Connection {
    const guarded = hookConnection(connection, { closed: () => this.#open.delete(lose) });
    const lose = (reason: ServiceError) => guarded.close(reason);
    this.#open.add(lose);
    return guarded;
  }
}
