import { POP3_AUTOLOGOUT, POP3_SERVER_CLIENTS } from "../../platform/limits.ts";
import type { Log } from "../../platform/log.ts";
import type { Connection, Endpoint, Listener, Network } from "../../platform/network/network.ts";
import type { Clock } from "../../platform/time/clock.ts";
import { Deadline } from "../../platform/time/deadline.ts";
import { Pop3Accounts } from "./accounts.ts";
import type { Mailboxes } from "./maildrop.ts";
import { type Pop3Fault, type Pop3Realm, Pop3ServerSession } from "./session.ts";

export interface Pop3ServerOptions {
  readonly network: Network;
  readonly clock: Clock;
  readonly log: Log;
  /** Where to listen; port 0 picks a free one. */
  readonly local: Endpoint;
  /** Passwords by user name. */
  readonly accounts: ReadonlyMap<string, string>;
  /** Whether others may log in: `anyone` is an account from the first log-in on, with that password; nobody without it. */
  readonly guests?: "nobody" | "anyone";
  readonly mailboxes: Mailboxes;
  /** What to do instead of obeying, by verb in upper case; `CONNECT` is the greeting. May change at any time. */
  readonly faults?: ReadonlyMap<string, Pop3Fault>;
}

/** The POP3 server of the sandbox. Each client has a session; {@link close} ends them all. */
export class Pop3Server {
  readonly #options: Pop3ServerOptions;
  readonly #realm: Pop3Realm;
  readonly #listener: Listener;
  readonly #closing = new AbortController();
  /** One for each client: a signal that many listen to makes node suspect a leak. */
  readonly #clients = new Set<AbortController>();
  readonly #running = new Set<Promise<void>>();

  private constructor(options: Pop3ServerOptions, listener: Listener) {
    this.#options = options;
    this.#listener = listener;
    const { mailboxes, faults = new Map() } = options;
    const accounts = new Pop3Accounts(options.accounts, options.guests ?? "nobody");
    this.#realm = { accounts, mailboxes, faults, locked: new Set() };
    this.#run(this.#accept());
  }

  /** Listens, and serves from then on. */
  static async start(options: Pop3ServerOptions, signal: AbortSignal): Promise<Pop3Server> {
    return new Pop3Server(options, await options.network.listen(options.local, signal));
  }

  get local(): Endpoint {
    return this.#listener.local;
  }

  /** Forgets the accounts that guests have made. */
  reset(): void {
    this.#realm.accounts.reset();
  }

  /** Stops listening, drops every client, and resolves when the last session has gone. Nothing is deleted. */
  async close(): Promise<void> {
    const reason = new Error("the server is closed");
    this.#closing.abort(reason);
    for (const client of this.#clients) client.abort(reason);
    this.#listener.close();
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  #run(work: Promise<void>): void {
    const running = work
      .catch((error: unknown) => this.#options.log.debug({ event: "pop3-server", error: String(error) }))
      .finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  async #accept(): Promise<void> {
    for (;;) {
      const connection = await this.#listener.accept(this.#closing.signal);
      if (this.#closing.signal.aborted || this.#clients.size >= POP3_SERVER_CLIENTS) connection.close();
      else this.#run(this.#serve(connection));
    }
  }

  async #serve(connection: Connection): Promise<void> {
    const client = new AbortController();
    this.#clients.add(client);
    const deadline = new Deadline(this.#options.clock, POP3_AUTOLOGOUT, client.signal);
    try {
      await new Pop3ServerSession(connection, this.#realm, deadline).serve();
      connection.end();
      // The client may still be reading: it closes first, or the time is up.
      while ((await connection.read(deadline.signal)) !== undefined);
    } finally {
      this.#clients.delete(client);
      deadline.dispose();
      connection.close();
    }
  }
}
