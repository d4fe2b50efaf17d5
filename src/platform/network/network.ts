import type { ConnectionService } from "../events.ts";

/** Bounds of a connection. */
export const CONNECTION_LIMITS = {
  /** Bytes that a connection reads ahead of its consumer: as much as one socket read delivers. */
  readAhead: 64 * 1024,
  /** Datagrams that a UDP socket keeps for its consumer: what a kernel's buffer holds of the usual ones. */
  datagrams: 128,
} as const;

/** An address as a user or a command gives it: a name or an IPv4 or IPv6 literal, and a port. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
  /** What the connection is for; the journal and the faults tell connections apart by it. */
  readonly service?: ConnectionService;
  /** Milliseconds of silence after which TCP probes the peer, again and again; never without it. */
  readonly keepAliveAfter?: number;
}

/** The place of a TLS session; empty before the first handshake. */
export interface TlsSession {
  ticket?: Buffer;
}

/** How a connection becomes a TLS connection. */
export type SecureOptions =
  | {
      readonly side: "client";
      /** The name that the server's certificate must be for; it is also sent to the server, unless it is an address. */
      readonly serverName?: string;
      /** Whether an invalid certificate makes the handshake fail; `true` without it. */
      readonly verify?: boolean;
      /** Whether the certificate may be for any name, as long as an authority has issued it. */
      readonly anyName?: boolean;
      /** The authorities to trust instead of the usual ones, as PEM. */
      readonly ca?: readonly string[];
      /** Our own private key and certificate chain, as PEM, for a server that asks for them. */
      readonly identity?: { readonly key: string; readonly certificate: string };
      /** The TLS session is resumed from there, and kept there: one place for connections that are to share it. */
      readonly session?: TlsSession;
    }
  | {
      readonly side: "server";
      /** Private key and certificate chain, as PEM. */
      readonly key: string;
      readonly certificate: string;
      /** The newest version to speak; the newest that there is without it. */
      readonly maxVersion?: "TLSv1.2";
    };

/**
 * One TCP connection, seen by a protocol client or server. Every wait ends with the signal's reason when the signal
 * aborts; every failure of the network is a `ServiceError`. Bytes that arrived before a failure are delivered before it.
 */
export interface Connection {
  /** Our own end; `host` is an IP literal. */
  readonly local: Endpoint;
  /** The peer's end; `host` is an IP literal. */
  readonly remote: Endpoint;
  /** Gives what has arrived, at least one byte, or `undefined` once the peer has ended. The caller owns the bytes. */
  read(signal: AbortSignal): Promise<Buffer | undefined>;
  /**
   * Gives the next line without its CR LF or LF. A line of more than `limit` bytes is `REPLY`, an end before the line's
   * own is `CLOSED`.
   */
  readLine(limit: number, signal: AbortSignal): Promise<Buffer>;
  /** Gives exactly `length` bytes; an earlier end is `CLOSED`. */
  readExactly(length: number, signal: AbortSignal): Promise<Buffer>;
  /**
   * Gives the first chunk of what has arrived, and leaves it to be read; `undefined` once the peer has ended. Only a
   * connection of the machine itself can do that.
   */
  peek?(signal: AbortSignal): Promise<Buffer | undefined>;
  /** Sends, and resolves when there is room for more. The bytes must not change afterwards. */
  write(bytes: Uint8Array | string, signal: AbortSignal): Promise<void>;
  /**
   * Makes it a TLS connection, in place. Resolves when the handshake has succeeded; a handshake that fails is `REPLY`, and
   * the connection is closed. No read and no write may be pending.
   */
  secure(options: SecureOptions, signal: AbortSignal): Promise<void>;
  /** Ends our direction after what was written; the peer may still send. */
  end(): void;
  /**
   * Drops the connection at once. Pending and later operations reject with `reason` (`CLOSED` without one). With a reason
   * of `RESET` the peer sees a reset instead of an end.
   */
  close(reason?: Error): void;
}

/** A listening port. */
export interface Listener {
  readonly local: Endpoint;
  /** Gives the next incoming connection. */
  accept(signal: AbortSignal): Promise<Connection>;
  /** Stops listening; accepted connections live on. */
  close(): void;
}

/** What has come in one datagram. */
export interface Datagram {
  readonly bytes: Buffer;
  /** The sender; `host` is an IP literal. */
  readonly from: Endpoint;
}

/** One UDP socket. Every wait ends with the signal's reason when the signal aborts. */
export interface DatagramSocket {
  /** `host` is an IP literal. */
  readonly local: Endpoint;
  /**
   * Sends one datagram and gives the address that it goes to, an IP literal. Whether it arrives is unknown; only a name
   * without an address and an address out of reach are failures.
   */
  send(bytes: Uint8Array, target: Endpoint, signal: AbortSignal): Promise<Endpoint>;
  /** Gives the next datagram. While nobody asks, a bounded number is kept, and more are lost. One call at a time. */
  receive(signal: AbortSignal): Promise<Datagram>;
  /** Closes at once. Pending and later operations reject with `reason` (`CLOSED` without one). */
  close(reason?: Error): void;
}

/** The port to the network: what the module's protocol clients and the embedded servers are built on. */
export interface Network {
  /**
   * Resolves the name, tries its addresses in order, and gives a connection with no-delay set. `resolved` is called
   * between the two.
   */
  connect(target: Endpoint, signal: AbortSignal, resolved?: () => void): Promise<Connection>;
  /** Listens on a local address; port 0 picks a free one. `host` is an IP literal. */
  listen(local: Endpoint, signal: AbortSignal): Promise<Listener>;
  /** Opens a UDP socket on a local IPv4 address; port 0 picks a free one. */
  bind(local: Endpoint, signal: AbortSignal): Promise<DatagramSocket>;
  /** The addresses of a name, at least one, IPv4 before IPv6; a literal is its own address. */
  resolve(host: string, signal: AbortSignal): Promise<readonly string[]>;
  /** The name of an address, an IP literal. */
  nameOf(address: string, signal: AbortSignal): Promise<string>;
}
