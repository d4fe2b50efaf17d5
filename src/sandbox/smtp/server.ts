import type { Random } from "../../platform/crypto.ts";
import {
  SANDBOX_CONNECTIONS,
  SANDBOX_MAIL_STORE,
  SANDBOX_SMTP_IDLE,
  SANDBOX_SMTP_LINGER,
} from "../../platform/limits.ts";
import type { Log } from "../../platform/log.ts";
import type { Connection, Endpoint, Listener, Network } from "../../platform/network/network.ts";
import type { Clock } from "../../platform/time/clock.ts";
import { Deadline } from "../../platform/time/deadline.ts";
import type { MailStore } from "../mail-store.ts";
import { type SmtpRefusalRule, SmtpServerBehaviour, type SmtpServerSettings } from "./behaviour.ts";
import { MailHistory, type ReceivedMail } from "./history.ts";
import { SmtpServerSession } from "./session.ts";

export interface SmtpServerPorts {
  readonly network: Network;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** The embedded SMTP server: it takes mail for everybody, keeps it, and refuses what it is told to refuse. */
export class SmtpServer {
  readonly #ports: SmtpServerPorts;
  readonly #listener: Listener;
  readonly #store: MailStore;
  readonly #behaviour: SmtpServerBehaviour;
  readonly #history = new MailHistory(SANDBOX_MAIL_STORE);
  readonly #listening = new AbortController();
  readonly #clients = new Set<AbortController>();
  readonly #sessions = new Set<Promise<void>>();
  readonly #accepting: Promise<void>;

  private constructor(ports: SmtpServerPorts, listener: Listener, store: MailStore, settings: SmtpServerSettings) {
    this.#ports = ports;
    this.#listener = listener;
    this.#store = store;
    this.#behaviour = new SmtpServerBehaviour(settings);
    this.#accepting = this.#accept();
  }

  /** Listens on a local address; port 0 picks a free one. Mail goes to the mailboxes of `store`. */
  static async start(
    ports: SmtpServerPorts,
    local: Endpoint,
    store: MailStore,
    settings: SmtpServerSettings,
    signal: AbortSignal,
  ): Promise<SmtpServer> {
    return new SmtpServer(ports, await ports.network.listen(local, signal), store, settings);
  }

  get address(): Endpoint {
    return this.#listener.local;
  }

  /** What came, oldest first. */
  get mails(): readonly ReceivedMail[] {
    return this.#history.mails;
  }

  /** Gives the first mail whose id is above `after` (0: the first of all that are kept), as soon as there is one. */
  next(after: number, signal: AbortSignal): Promise<ReceivedMail> {
    return this.#history.next(after, signal);
  }

  /** Refuses by these rules from now on, and by no others. */
  refuse(...rules: readonly SmtpRefusalRule[]): void {
    this.#behaviour.refuse(...rules);
  }

  /** Forgets the mails that came and the rules of {@link refuse}. */
  reset(): void {
    this.#history.clear();
    this.#behaviour.refuse();
  }

  /** Stops listening and drops every client. */
  async close(): Promise<void> {
    const reason = new Error("the SMTP server is closed");
    this.#listening.abort(reason);
    this.#listener.close();
    await this.#accepting;
    for (const client of this.#clients) client.abort(reason);
    await Promise.all(this.#sessions);
  }

  async #accept(): Promise<void> {
    const { signal } = this.#listening;
    while (!signal.aborted) {
      const connection = await this.#listener.accept(signal).catch(() => undefined);
      if (connection === undefined) return;
      const session = this.#serve(connection).finally(() => this.#sessions.delete(session));
      this.#sessions.add(session);
    }
  }

  async #serve(connection: Connection): Promise<void> {
    const client = new AbortController();
    this.#clients.add(client);
    const idle = new Deadline(this.#ports.clock, SANDBOX_SMTP_IDLE, client.signal);
    try {
      if (this.#sessions.size >= SANDBOX_CONNECTIONS) {
        await connection.write("421 4.3.2 Too many connections\r\n", idle.signal);
      } else {
        await this.#session(connection, idle).run();
      }
      connection.end();
      // What the client still sends would turn our close into a reset that overtakes the last reply.
      idle.restart(SANDBOX_SMTP_LINGER);
      while ((await connection.read(idle.signal)) !== undefined);
    } catch (error) {
      this.#ports.log.debug({ event: "sandbox.smtp.lost", error: String(error) });
    } finally {
      this.#clients.delete(client);
      idle.dispose();
      connection.close();
    }
  }

  #session(connection: Connection, idle: Deadline): SmtpServerSession {
    const { random, log } = this.#ports;
    const room = { behaviour: this.#behaviour, store: this.#store, history: this.#history, random, log };
    return new SmtpServerSession(connection, room, idle);
  }
}
