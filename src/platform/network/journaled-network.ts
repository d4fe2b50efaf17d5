import { isIP } from "node:net";
import type { ConnectionService, EventBody, Events } from "../events.ts";
import { hookConnection } from "./hooked-connection.ts";
import type { Connection, DatagramSocket, Endpoint, Listener, Network } from "./network.ts";
import { ServiceError } from "./service-error.ts";

type ConnectionEvent = Extract<EventBody, { readonly type: "connection" }>;

/** Peers of one UDP socket that are journaled; what a flood of strangers sends is not. */
const PEERS = 64;

/**
 * A network that emits `connection` events, and `sent` and `received` where bytes are asked for. The events of a connection
 * have one `id`, and the name and port that it was asked for under. A connection is journaled from its beginning or not at
 * all; while nobody listens it costs nothing.
 */
export class JournaledNetwork implements Network {
  readonly #network: Network;
  readonly #events: Events;
  readonly #bytes: boolean;
  #lastId = 0;

  /** With `bytes` what passes over the connections is journaled, too: `--journal-network`. */
  constructor(network: Network, events: Events, { bytes = false }: { readonly bytes?: boolean } = {}) {
    this.#network = network;
    this.#events = events;
    this.#bytes = bytes;
  }

  async connect(target: Endpoint, signal: AbortSignal, resolved?: () => void): Promise<Connection> {
    if (!this.#events.active) return this.#network.connect(target, signal, resolved);
    const journal = this.#journal(target);
    let connecting = isIP(target.host.replace(/^\[(.*)\]$/, "$1")) !== 0;
    const onResolved = () => {
      resolved?.();
      if (!connecting) journal.emit({ phase: "connect" });
      connecting = true;
    };
    journal.emit({ phase: connecting ? "connect" : "resolve" });
    try {
      const connection = await this.#network.connect(target, signal, onResolved);
      if (!connecting) onResolved();
      return journal.open(connection);
    } catch (error) {
      journal.emit({ phase: "fail", error: codeOf(error) });
      throw error;
    }
  }

  async listen(local: Endpoint, signal: AbortSignal): Promise<Listener> {
    const listener = await this.#network.listen(local, signal);
    return {
      local: listener.local,
      accept: async (accepting) => {
        const connection = await listener.accept(accepting);
        if (!this.#events.active) return connection;
        return this.#journal({ ...connection.remote, ...pickService(local) }).open(connection);
      },
      close: () => listener.close(),
    };
  }

  async bind(local: Endpoint, signal: AbortSignal): Promise<DatagramSocket> {
    const socket = await this.#network.bind(local, signal);
    const peers = new Map<string, ConnectionJournal>();
    /** The journal of a peer, which begins with its first datagram: a peer of a UDP socket counts as a connection. */
    const journalOf = (target: Endpoint, address: Endpoint): ConnectionJournal | undefined => {
      const key = `${address.host} ${address.port}`;
      const known = peers.get(key);
      if (known !== undefined || !this.#events.active || peers.size >= PEERS) return known;
      const journal = this.#journal({ ...target, service: "udp" });
      peers.set(key, journal);
      journal.emit({ phase: "open" });
      return journal;
    };
    return {
      local: socket.local,
      send: async (bytes, target, sending) => {
        try {
          const address = await socket.send(bytes, target, sending);
          journalOf(target, address)?.sent(bytes);
          return address;
        } catch (error) {
          if (this.#events.active)
            this.#journal({ ...target, service: "udp" }).emit({ phase: "fail", error: codeOf(error) });
          throw error;
        }
      },
      receive: async (receiving) => {
        const datagram = await socket.receive(receiving);
        journalOf(datagram.from, datagram.from)?.received(datagram.bytes);
        return datagram;
      },
      close: (reason) => {
        for (const journal of peers.values()) journal.close(reason);
        peers.clear();
        socket.close(reason);
      },
    };
  }

  resolve(host: string, signal: AbortSignal): Promise<readonly string[]> {
    return this.#network.resolve(host, signal);
  }

  nameOf(address: string, signal: AbortSignal): Promise<string> {
    return this.#network.nameOf(address, signal);
  }

  #journal(target: Endpoint): ConnectionJournal {
    return new ConnectionJournal(this.#events, ++this.#lastId, target, this.#bytes);
  }
}

/** The events of one connection. */
class ConnectionJournal {
  readonly #events: Events;
  readonly #id: number;
  readonly #target: Endpoint;
  readonly #service: ConnectionService;
  readonly #bytes: boolean;
  #sent = 0;
  #received = 0;
  #error: string | undefined;

  constructor(events: Events, id: number, target: Endpoint, bytes: boolean) {
    this.#events = events;
    this.#id = id;
    this.#target = target;
    this.#service = target.service ?? "tcp";
    this.#bytes = bytes;
  }

  emit(phase: Pick<ConnectionEvent, "phase" | "error" | "sent" | "received">): void {
    const { host, port } = this.#target;
    this.#events.emit({ type: "connection", id: this.#id, service: this.#service, host, port, ...phase });
  }

  /** Journals an open connection until our side closes it. */
  open(connection: Connection): Connection {
    this.emit({ phase: "open" });
    return hookConnection(connection, {
      received: (bytes) => {
        this.received(bytes);
        return bytes;
      },
      sent: (bytes) => {
        this.sent(bytes);
        return bytes;
      },
      failed: (error) => {
        this.#error ??= codeOf(error);
      },
      closed: (reason) => this.close(reason),
    });
  }

  sent(bytes: Uint8Array | string): void {
    this.#sent += Buffer.byteLength(bytes);
    this.#passed("sent", bytes);
  }

  received(bytes: Uint8Array): void {
    this.#received += bytes.length;
    this.#passed("received", bytes);
  }

  close(reason: Error | undefined): void {
    const error = this.#error ?? (reason instanceof ServiceError ? reason.code : undefined);
    const counts = { sent: this.#sent, received: this.#received };
    this.emit(error === undefined ? { phase: "end", ...counts } : { phase: "fail", error, ...counts });
  }

  #passed(type: "sent" | "received", bytes: Uint8Array | string): void {
    if (!this.#bytes || bytes.length === 0) return;
    const latin1 = Buffer.from(bytes as Uint8Array).toString("latin1");
    this.#events.emit({ type, id: this.#id, bytes: latin1 });
  }
}

/** A word for what ended a connection: the error's code, or `CANCELLED` where the module itself gave up. */
function codeOf(error: unknown): string {
  return error instanceof ServiceError ? error.code : "CANCELLED";
}

function pickService({ service }: Endpoint): Pick<Endpoint, "service"> {
  return service === undefined ? {} : { service };
}
