import type { MailStore } from "../mail-store.ts";
import { wireSize } from "./message.ts";

/** A message as a session numbers it, from 1. The number does not change when messages come in or are deleted. */
export interface Message {
  readonly number: number;
  readonly id: number;
  /** As a client counts it: with CR LF at each line's end. */
  readonly size: number;
  readonly raw: Buffer;
}

/**
 * The messages that a mailbox held at log-in, and which of them are marked as deleted.
 *
 * @rfc 1939 §5
 */
export class Maildrop {
  readonly #store: MailStore;
  readonly #account: string;
  readonly #messages: readonly Message[];
  /** By their ids. */
  readonly #marked = new Set<number>();

  constructor(store: MailStore, account: string) {
    this.#store = store;
    this.#account = account;
    this.#messages = store
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
    if (this.#marked.size > 0) this.#store.remove(this.#account, this.#marked);
  }
}
