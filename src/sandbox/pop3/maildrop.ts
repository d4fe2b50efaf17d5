import { wireSize } from "./message.ts";

/** The mailboxes a POP3 server serves. */
export interface Mailboxes {
  /** The mails of an account now, oldest first. */
  list(account: string): readonly StoredMail[];
  /** Removes mails from an account; ids that are not there are passed over. */
  remove(account: string, ids: ReadonlySet<number>): void;
}

/** A mail in a mailbox; its id is never given to another. */
export interface StoredMail {
  readonly id: number;
  readonly raw: Buffer;
}

/** A mail as a session sees it: its number from 1 does not change, whatever comes in or is deleted. */
export interface Message {
  readonly number: number;
  readonly id: number;
  /** As a client counts it: with CR LF at each line's end. */
  readonly size: number;
  readonly raw: Buffer;
}

/**
 * The mails that a mailbox held at log-in, and the marks of those that are to be deleted.
 *
 * @rfc 1939 §5
 */
export class Maildrop {
  readonly #mailboxes: Mailboxes;
  readonly #account: string;
  readonly #messages: readonly Message[];
  /** By their ids. */
  readonly #marked = new Set<number>();

  constructor(mailboxes: Mailboxes, account: string) {
    this.#mailboxes = mailboxes;
    this.#account = account;
    this.#messages = mailboxes
      .list(account)
      .map(({ id, raw }, index) => ({ number: index + 1, id, size: wireSize(raw), raw }));
  }

  /** The messages that are not marked. */
  messages(): readonly Message[] {
    return this.#messages.filter((message) => !this.#marked.has(message.id));
  }

  /** The message of a number in decimal; `undefined` if there is none or it is marked. */
  find(number: string): Message | undefined {
    const message = /^\d{1,9}$/.test(number) ? this.#messages[Number(number) - 1] : undefined;
    return message !== undefined && this.#marked.has(message.id) ? undefined : message;
  }

  mark(message: Message): void {
    this.#marked.add(message.id);
  }

  unmarkAll(): void {
    this.#marked.clear();
  }

  /** Deletes what is marked. */
  update(): void {
    if (this.#marked.size > 0) this.#mailboxes.remove(this.#account, this.#marked);
  }
}
