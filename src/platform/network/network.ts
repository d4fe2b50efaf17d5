import type { ConnectionService } from "../events.ts";

/** An address as a person or a command gives it: a name or an IPv4 or IPv6 literal, and a port. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
  readonly service?: ConnectionService;
}

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
  /** Sends, and resolves when there is room for more. The bytes must not change afterwards. */
  write(bytes: Uint8Array | string, signal: AbortSignal): Promise<void>;
  /** Ends our direction after what was written; the peer may go on. */
  end(): void;
  /**
   * Drops the connection at once. Whoever waits, and whoever comes later, gets `reason` (`CLOSED` without one). With a
   * reason of `RESET` the peer sees a reset instead of an end.
   */
  close(reason?: Error): void;
}

/** A listening port. */
export interface Listener {
  readonly local: Endpoint;
  /** Gives the next connection that comes in. */
  accept(signal: AbortSignal): Promise<Connection>;
  /** Stops listening; accepted connections live on. */
  close(): void;
}

/** The port to the world: what the module's protocol clients and the embedded servers are built on. */
export interface Network {
  /** Resolves the name, tries its addresses in order, and gives a connection with no-delay set. */
  connect(target: Endpoint, signal: AbortSignal): Promise<Connection>;
  /** Listens on a local address; port 0 picks a free one. `host` is an IP literal. */
  listen(local: Endpoint, signal: AbortSignal): Promise<Listener>;
}
