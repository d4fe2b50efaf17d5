import { SANDBOX_FTP_SESSIONS } from "../../platform/limits.ts";
import type { Log } from "../../platform/log.ts";
import type { Connection, Endpoint, Listener, Network } from "../../platform/network/network.ts";
import type { Clock } from "../../platform/time/clock.ts";
import type { FtpAccounts } from "./command.ts";
import { FtpFaults } from "./faults.ts";
import { FtpHistory, type FtpSessionRecord } from "./record.ts";
import type { FtpRoot } from "./root.ts";
import { FtpServerSession, type FtpSurroundings } from "./session.ts";

/** What an FTP server is made of. */
export interface FtpServerOptions {
  readonly network: Network;
  readonly clock: Clock;
  readonly log: Log;
  readonly root: FtpRoot;
  /** Passwords by user. */
  readonly users?: Readonly<Record<string, string>>;
  /** Who else may log in, with any password; `anonymous` without it. */
  readonly guests?: FtpAccounts["guests"];
  /** Sessions at a time. */
  readonly sessions?: number;
}

/** The embedded FTP server. @rfc 959, 2389, 2428, 3659 */
export class FtpServer {
  /** How it misbehaves, at the pleasure of whoever runs it. */
  readonly faults = new FtpFaults();
  readonly root: FtpRoot;
  readonly #listener: Listener;
  readonly #surroundings: FtpSurroundings;
  readonly #limit: number;
  readonly #history = new FtpHistory();
  readonly #running = new Set<Promise<void>>();
  readonly #stop = new AbortController();

  private constructor(listener: Listener, options: FtpServerOptions) {
    this.root = options.root;
    this.#listener = listener;
    this.#limit = options.sessions ?? SANDBOX_FTP_SESSIONS;
    this.#surroundings = {
      network: options.network,
      clock: options.clock,
      root: options.root,
      accounts: { users: options.users ?? {}, guests: options.guests ?? "anonymous" },
      faults: this.faults,
      log: options.log,
    };
  }

  /** Listens on `local`, an IP literal and a port, and serves; port 0 picks a free one. The signal only bounds the start. */
  static async listen(options: FtpServerOptions, local: Endpoint, signal: AbortSignal): Promise<FtpServer> {
    const listener = await options.network.listen(local, signal);
    const server = new FtpServer(listener, options);
    server.#track(server.#accept());
    return server;
  }

  /** Where it listens. */
  get local(): Endpoint {
    return this.#listener.local;
  }

  /** The sessions so far, in the order in which they began; of many only the most recent. */
  get sessions(): readonly FtpSessionRecord[] {
    return this.#history.sessions;
  }

  /** Forgets the sessions so far and the faults. */
  reset(): void {
    this.#history.clear();
    this.faults.clear();
  }

  /** Ends every session and the listener. Nothing is left open when it resolves. */
  async close(): Promise<void> {
    this.#stop.abort(new Error("the server was closed"));
    this.#listener.close();
    await Promise.all(this.#running);
  }

  async #accept(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      const connection = await this.#listener.accept(signal).catch(() => undefined);
      if (connection !== undefined) this.#track(this.#serve(connection, signal));
    }
  }

  async #serve(connection: Connection, signal: AbortSignal): Promise<void> {
    // The acceptor itself is one of those that run.
    if (this.#running.size > this.#limit) {
      await connection.write("421 Too many sessions.\r\n", signal).catch(() => undefined);
      connection.end();
      connection.close();
      return;
    }
    const recorder = this.#history.begin(connection.remote.host);
    await new FtpServerSession(connection, this.#surroundings, recorder, signal).run();
    recorder.open = false;
  }

  #track(task: Promise<void>): void {
    this.#running.add(task);
    void task.finally(() => this.#running.delete(task));
  }
}
