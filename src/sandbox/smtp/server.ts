import type { Connection, Listener } from "../../platform/network/network.ts";
import { SANDBOX_LIMITS } from "../limits.ts";
import { readSubject } from "../mail-content.ts";
import type { MailStore } from "../mail-store.ts";
import { SandboxServer, type ServerParts } from "../server.ts";
import { SmtpServerBehaviour, type SmtpServerSettings } from "./behaviour.ts";
import { MailHistory, type MailRecord, type ReceivedMail } from "./received-mail.ts";
import { SmtpServerSession } from "./session.ts";

/** The embedded SMTP server. It takes mail for everybody and keeps it. @rfc 5321 */
export class SmtpServer extends SandboxServer {
  readonly #store: MailStore;
  readonly #behaviour: SmtpServerBehaviour;
  readonly #history = new MailHistory(SANDBOX_LIMITS.mailStore);

  private constructor(parts: ServerParts, listener: Listener, store: MailStore, settings: SmtpServerSettings) {
    super(parts, listener, settings, {
      name: "smtp",
      refusal: "421 4.3.2 Too many connections\r\n",
    });
    this.#store = store;
    this.#behaviour = new SmtpServerBehaviour(settings);
  }

  /** Listens, and serves from then on. Mail goes to the mailboxes of `store`. The signal bounds only the start. */
  static async start(
    parts: ServerParts,
    store: MailStore,
    settings: SmtpServerSettings,
    signal: AbortSignal,
  ): Promise<SmtpServer> {
    return new SmtpServer(parts, await SandboxServer.listen(parts, settings, signal), store, settings);
  }

  /** The messages that came, oldest first. Beyond 64 MB the oldest are forgotten. */
  get mails(): readonly ReceivedMail[] {
    return this.#history.entries;
  }

  /** Gives the first message whose id is above `after` (0: the first of those that are kept), as soon as there is one. */
  next(after: number, signal: AbortSignal): Promise<ReceivedMail> {
    return this.#history.next(after, signal);
  }

  /** Forgets the messages in {@link mails}. The mailboxes keep theirs. */
  clear(): void {
    this.#history.clear();
  }

  protected async serve(connection: Connection, signal: AbortSignal): Promise<void> {
    const room = {
      ...this.parts,
      behaviour: this.#behaviour,
      accept: (mail: MailRecord) => this.#accept(mail),
    };
    await new SmtpServerSession(connection, room, signal).run();
  }

  protected restore(): void {
    this.#history.reset();
  }

  /** Delivers a message; `false` if the mailboxes are full. */
  #accept(mail: MailRecord): boolean {
    if (!this.#store.deliver(mail.recipients, mail.raw)) return false;
    const { from, recipients, raw } = this.#history.take(mail);
    const { events } = this.parts;
    if (events.active) events.emit({ type: "mail", from, recipients, subject: readSubject(raw), size: raw.length });
    return true;
  }
}
