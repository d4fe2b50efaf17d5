import { isIP } from "node:net";
import type { Connection, Endpoint, Listener, Network } from "../platform/network/network.ts";
import { TcpNetwork } from "../platform/network/tcp-network.ts";
import type { Receiver, SerialLine } from "../platform/serial-line.ts";
import { untilQuiet } from "../platform/yield-to-io.ts";
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
    const { host, port } = listener.local;
    this.address = host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
    this.#listener = listener;
    this.#closing = closing;
  }

  start(receiver: Receiver): void {
    this.#intake.start(receiver);
    void this.#serve();
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

  /** Serves one host after the other until the transport closes. */
  async #serve(): Promise<void> {
    const { signal } = this.#closing;
    let reading = Promise.resolve();
    for (;;) {
      const connection = await this.#listener.accept(signal).catch(() => undefined);
      if (connection === undefined) return;
      // A host that closes and connects again may be seen to connect before it is seen to close.
      if (this.#isTaken()) await untilQuiet(() => this.#received);
      if (this.#isTaken() || signal.aborted) {
        connection.close();
        continue;
      }
      if (this.#host !== undefined) this.#leave(this.#host);
      const writer = new PacedWriter((bytes) => connection.write(bytes, signal));
      const host = { connection, writer, ended: false };
      this.#host = host;
      // The receiver may not yet have taken the last bytes of the previous host.
      reading = reading.then(() => this.#read(host));
    }
  }

  #isTaken(): boolean {
    return this.#host !== undefined && !this.#host.ended;
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
