import type { Random } from "../platform/crypto.ts";
import type { Events } from "../platform/events.ts";
import type { Log } from "../platform/log.ts";
import type { Connection, Endpoint, Listener, Network, SecureOptions } from "../platform/network/network.ts";
import type { Clock } from "../platform/time/clock.ts";
import { Deadline } from "../platform/time/deadline.ts";
import type { ServerCertificate } from "./certificate.ts";
import { SANDBOX_LIMITS } from "./limits.ts";

/** The ports that every embedded server stands on. */
export interface ServerParts {
  readonly network: Network;
  readonly clock: Clock;
  readonly log: Log;
  readonly random: Random;
  readonly events: Events;
  /** What the servers show to clients that begin TLS; without it they have no TLS. */
  readonly certificate?: ServerCertificate | undefined;
}

export interface ListenOptions {
  /** Where to listen, an IP literal and a port; 127.0.0.1 and a free port without it. */
  readonly local?: Endpoint;
  /** Clients at a time; more are refused. */
  readonly connections?: number;
}

/** What the servers of the sandbox differ in as servers. */
interface ServerKind {
  readonly name: "smtp" | "pop3" | "ftp" | "http" | "echo" | "discard";
  /** Sent to a client that is one too many. */
  readonly refusal: string;
  /** The client speaks first, and may begin with TLS. */
  readonly hasTls?: true;
}

/** The first byte of a TLS handshake (RFC 8446 5.1); no text begins with it. */
const HANDSHAKE = 0x16;

const LOOPBACK: Endpoint = { host: "127.0.0.1", port: 0 };

/**
 * An embedded server: it accepts clients from its start on, gives each a session, and can be reset and closed.
 * What came in is asked of the server itself: `smtp.mails`, `pop3.mailboxes`, `ftp.files`, `http.requests`.
 */
export abstract class SandboxServer {
  /** Where the server listens. */
  readonly endpoint: Endpoint;
  protected readonly parts: ServerParts;
  readonly #kind: ServerKind;
  readonly #listeners: Listener[] = [];
  readonly #limit: number;
  readonly #closing = new AbortController();
  /** One for each client: a signal of many listeners makes Node warn of a leak. */
  readonly #clients = new Set<AbortController>();
  /** Everything that must end before the server is closed. */
  readonly #running = new Set<Promise<void>>();
  readonly #accepting = new Set<Promise<void>>();
  /** Clients whose dialogue goes on; others are about to close. */
  #served = 0;

  protected constructor(parts: ServerParts, listener: Listener, options: ListenOptions, kind: ServerKind) {
    this.parts = parts;
    this.endpoint = listener.local;
    this.#kind = kind;
    this.#limit = options.connections ?? SANDBOX_LIMITS.connections;
    this.#attach(listener, undefined);
  }

  /** The signal bounds only this. */
  protected static listen(
    { network }: ServerParts,
    { local = LOOPBACK }: ListenOptions,
    signal: AbortSignal,
  ): Promise<Listener> {
    return network.listen(local, signal);
  }

  /** Takes the clients of a further port too, all of which begin with TLS at once. */
  protected listenSecurely(listener: Listener, tls: SecureOptions): void {
    this.#attach(listener, tls);
  }

  /**
   * Runs one client's dialogue to its end. The signal aborts when the server drops its clients. `isSecure` tells whether
   * the client has begun with TLS.
   */
  protected abstract serve(connection: Connection, signal: AbortSignal, isSecure: boolean): Promise<void>;

  /** Forgets what has come in, and brings back what was there at the start. */
  protected abstract restore(): void;

  /**
   * Brings back the server as it was at its start, without clients; it goes on listening. That is done when the
   * call returns; the promise resolves when the sessions of the clients have ended.
   */
  async reset(): Promise<void> {
    this.#dropClients(new Error("the server was reset"));
    this.restore();
    await Promise.all([...this.#running].filter((task) => !this.#accepting.has(task)));
  }

  /** Stops listening, drops every client, and resolves when the last session has ended. */
  async close(): Promise<void> {
    const reason = new Error("the server is closed");
    this.#closing.abort(reason);
    for (const listener of this.#listeners) listener.close();
    this.#dropClients(reason);
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #dropClients(reason: Error): void {
    for (const client of this.#clients) client.abort(reason);
  }

  #run(work: Promise<void>): Promise<void> {
    const running = work
      .catch((error) => this.parts.log.debug({ event: `sandbox-${this.#kind.name}-lost`, error: String(error) }))
      .finally(() => this.#running.delete(running));
    this.#running.add(running);
    return running;
  }

  #attach(listener: Listener, tls: SecureOptions | undefined): void {
    this.#listeners.push(listener);
    this.#accepting.add(this.#run(this.#accept(listener, tls)));
  }

  async #accept(listener: Listener, tls: SecureOptions | undefined): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      const connection = await listener.accept(signal);
      // Clients that are about to close are bounded too.
      if (signal.aborted || this.#clients.size >= 2 * this.#limit) connection.close();
      else void this.#run(this.#attend(connection, tls));
    }
  }

  async #attend(connection: Connection, tls: SecureOptions | undefined): Promise<void> {
    const client = new AbortController();
    this.#clients.add(client);
    try {
      if (this.#served < this.#limit) await this.#serve(connection, client.signal, tls);
      else await connection.write(this.#kind.refusal, client.signal);
      await endGently(connection, this.parts.clock, SANDBOX_LIMITS.linger, client.signal);
    } finally {
      this.#clients.delete(client);
      connection.close();
    }
  }

  async #serve(connection: Connection, signal: AbortSignal, tls: SecureOptions | undefined): Promise<void> {
    this.#served++;
    try {
      await this.serve(connection, signal, await this.#secure(connection, signal, tls));
    } finally {
      this.#served--;
    }
  }

  /** Begins TLS where the client does, or has to; gives whether it has. */
  async #secure(connection: Connection, signal: AbortSignal, demanded: SecureOptions | undefined): Promise<boolean> {
    const { certificate, clock } = this.parts;
    const offered = this.#kind.hasTls && certificate && ({ side: "server", ...certificate } as const);
    const tls = demanded ?? offered;
    if (tls === undefined) return false;
    const deadline = new Deadline(clock, SANDBOX_LIMITS.firstByte, signal);
    try {
      const begins = demanded !== undefined || (await connection.peek?.(deadline.signal))?.[0] === HANDSHAKE;
      if (begins) await connection.secure(tls, deadline.signal);
      return begins;
    } finally {
      deadline.dispose();
    }
  }
}

/** Ends our direction and waits until the peer ends its own: closing while bytes come in would reset the connection. */
export async function endGently(
  connection: Connection,
  clock: Clock,
  limit: number,
  parent: AbortSignal,
): Promise<void> {
  connection.end();
  const deadline = new Deadline(clock, limit, parent);
  try {
    while ((await connection.read(deadline.signal)) !== undefined);
  } finally {
    deadline.dispose();
  }
}
