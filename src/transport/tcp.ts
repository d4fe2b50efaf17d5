import { isIP } from "node:net";
import type { Connection, Endpoint, Listener, Network } from "../platform/network/network.ts";
import { TcpNetwork } from "../platform/network/tcp-network.ts";
import type { Receiver, SerialLine } from "../platform/serial-line.ts";
import { untilQuiet } from "../platform/yield-to-io.ts";
import { hostAndPort, serveVisits } from "./flow/host-visits.ts";
import { Intake } from "./flow/intake.ts";
import { PacedWriter } from "./flow/paced-writer.ts";

/** Reads `[HOST:]PORT`, an IPv6 literal in brackets; without a host only this machine may connect. Throws when it is not one. */
export function parseListenAddress(text: string): Endpoint {
  const match = /^(?:(\[[^\]]*\]|[^:]*):)?(\d{1,5})$/.exec(text);
  const port = Number(match?.[2]);
  const host = match?.[1] || "127.0.0.1";
  const literal = host.startsWith("[") ? host.slice(1, -1) : host;
  if (match === null || port > 65535 || (literal !== "localhost" && isIP(literal) === 0)) {
    throw new Error(`not [ADDRESS:]PORT: ${text}`);
  }
  return { host: literal, port };
}

/** Listens for the one host of a module. Port 0 picks a free one; the transport's address tells which. */
export async function openTcp(local: Endpoint, network: Network = new TcpNetwork()): Promise<SerialLine> {
  const closing = new AbortController();
  return new TcpTransport(await network.listen(local, closing.signal), closing);
}

interface Host {
  readonly connection: Connection;
  readonly writer: PacedWriter;
  /** It sends no more, but may still read (`echo AT | nc`). */
  ended: boolean;
}

/**
 * The serial line as a TCP port, eight bits without negotiation. One host at a time: while one is connected another is
 * turned away at once, as a serial port in use would do; after it has closed, or ended its direction, the next may connect.
 * What is written while no host is connected is lost, as on a wire.
 */
class TcpTransport implements SerialLine {
  readonly address: string;
  readonly lines = undefined;
  readonly #listener: Listener;
  readonly #closing: AbortController;
  #host: Host | undefined;
  readonly #intake = new Intake(() => undefined);
  #received = 0;

  constructor(listener: Listener, closing: AbortController) {
    this.address = hostAndPort(listener.local);
    this.#listener = listener;
    this.#closing = closing;
  }

  start(receiver: Receiver): void {
    this.#intake.start(receiver);
    void serveVisits({
      listener: this.#listener,
      signal: this.#closing.signal,
      received: () => this.#received,
      isTaken: () => this.#host !== undefined && !this.#host.ended,
      refuse: (connection) => connection.close(),
      admit: (connection) => this.#admit(connection),
    });
  }

  write(bytes: Uint8Array): Promise<void> | undefined {
    return this.#host?.writer.write(bytes);
  }

  get backlog(): number {
    return this.#host?.writer.backlog ?? 0;
  }

  async settle(): Promise<void> {
    if (this.#intake.ready) await untilQuiet(() => this.#received);
  }

  async close(): Promise<void> {
    this.#intake.close();
    this.#closing.abort();
    this.#listener.close();
    if (this.#host !== undefined) this.#leave(this.#host);
  }

  #admit(connection: Connection): () => Promise<void> {
    if (this.#host !== undefined) this.#leave(this.#host);
    const writer = new PacedWriter((bytes) => connection.write(bytes, this.#closing.signal));
    const host = { connection, writer, ended: false };
    this.#host = host;
    return () => this.#read(host);
  }

  async #read(host: Host): Promise<void> {
    this.#intake.opened();
    try {
      for (;;) {
        const chunk = await host.connection.read(this.#closing.signal);
        if (chunk === undefined) break;
        this.#received += chunk.length;
        this.#intake.give(chunk);
        if (!this.#intake.ready) await this.#intake.settled;
      }
      host.ended = true;
    } catch {
      this.#leave(host);
    }
    this.#intake.closed();
  }

  #leave(host: Host): void {
    host.writer.close();
    host.connection.end();
    host.connection.close();
    if (this.#host === host) this.#host = undefined;
  }
}
