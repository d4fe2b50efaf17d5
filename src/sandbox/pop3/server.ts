import type { Connection, Listener } from "../../platform/network/network.ts";
import type { MailStore, StoredMail } from "../mail-store.ts";
import { type ListenOptions, SandboxServer, type ServerParts } from "../server.ts";
import { Pop3Accounts } from "./accounts.ts";
import { type Pop3Realm, Pop3ServerSession } from "./session.ts";

export interface Pop3ServerOptions extends ListenOptions {
  /** Passwords by user name. */
  readonly accounts: ReadonlyMap<string, string>;
  /**
   * Whether others may log in: with `anyone`, a user becomes an account at the first log-in, with that password. Nobody
   * without it.
   */
  readonly guests?: "nobody" | "anyone";
}

/** The POP3 server of the sandbox. @rfc 1939, 2449 */
export class Pop3Server extends SandboxServer {
  readonly #store: MailStore;
  readonly #realm: Pop3Realm;

  private constructor(parts: ServerParts, listener: Listener, store: MailStore, options: Pop3ServerOptions) {
    super(parts, listener, options, {
      name: "pop3",
      refusal: "-ERR [SYS/TEMP] too many connections\r\n",
    });
    this.#store = store;
    const accounts = new Pop3Accounts(options.accounts, options.guests ?? "nobody");
    this.#realm = { accounts, store, clock: parts.clock, owners: new Map() };
  }

  /** Listens, and serves from then on the mailboxes of `store`. The signal bounds only the start. */
  static async start(
    parts: ServerParts,
    store: MailStore,
    options: Pop3ServerOptions,
    signal: AbortSignal,
  ): Promise<Pop3Server> {
    return new Pop3Server(parts, await SandboxServer.listen(parts, options, signal), store, options);
  }

  /** The messages now by mailbox, oldest first, in the mailboxes that hold any. */
  get mailboxes(): ReadonlyMap<string, readonly StoredMail[]> {
    return this.#store.mailboxes;
  }

  /** Puts a message as it is into the mailbox of a user; a `RangeError` if the mailboxes are full. */
  put(user: string, raw: Uint8Array | string): void {
    if (!this.#store.deliver([user], Buffer.from(raw as string))) throw new RangeError("the mailboxes are full");
  }

  /** Removes all messages of a mailbox. */
  empty(user: string): void {
    this.#store.remove(user, new Set(this.#store.list(user).map(({ id }) => id)));
  }

  protected async serve(connection: Connection, signal: AbortSignal): Promise<void> {
    await new Pop3ServerSession(connection, this.#realm, signal).serve();
  }

  protected restore(): void {
    this.#store.reset();
    this.#realm.accounts.reset();
    this.#realm.owners.clear();
  }
}
