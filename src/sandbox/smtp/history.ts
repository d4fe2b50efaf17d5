import { type MailContent, readMail } from "../mail-content.ts";
import { costOf } from "../mail-store.ts";

/** What the embedded SMTP server takes down of a mail. */
export interface MailRecord {
  readonly from: string;
  readonly recipients: readonly string[];
  /** The parameters of MAIL, in upper case ("BODY=8BITMIME"). */
  readonly parameters: readonly string[];
  /** Who had authenticated, if anybody had. */
  readonly user: string | undefined;
  /** The bytes as they came in, dots unstuffed. */
  readonly raw: Buffer;
}

/** A mail as the embedded SMTP server took it. */
export interface ReceivedMail extends MailRecord {
  /** Counts the mails of one server, from 1. */
  readonly id: number;
  /** What it says; read when it is asked for. */
  readonly content: MailContent;
}

/** Every mail that came, oldest first; when their bytes exceed the capacity the oldest are forgotten. */
export class MailHistory {
  readonly #capacity: number;
  readonly #mails: ReceivedMail[] = [];
  readonly #waiting = new Set<() => void>();
  #used = 0;
  #lastId = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get mails(): readonly ReceivedMail[] {
    return this.#mails;
  }

  add(mail: MailRecord): void {
    this.#mails.push({
      ...mail,
      id: ++this.#lastId,
      get content() {
        return readMail(mail.raw);
      },
    });
    this.#used += costOf(mail.raw);
    while (this.#used > this.#capacity && this.#mails.length > 1) {
      const forgotten = this.#mails.shift();
      if (forgotten !== undefined) this.#used -= costOf(forgotten.raw);
    }
    for (const wake of this.#waiting) wake();
  }

  /** Forgets every mail. Ids go on. */
  clear(): void {
    this.#mails.length = 0;
    this.#used = 0;
  }

  /** Gives the first mail whose id is above `after`, as soon as there is one. */
  async next(after: number, signal: AbortSignal): Promise<ReceivedMail> {
    for (;;) {
      const mail = this.#mails.find(({ id }) => id > after);
      if (mail !== undefined) return mail;
      await this.#change(signal);
    }
  }

  #change(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (action: () => void) => () => {
        this.#waiting.delete(wake);
        signal.removeEventListener("abort", onAbort);
        action();
      };
      const wake = settle(resolve);
      const onAbort = settle(() => reject(signal.reason));
      if (signal.aborted) {
        reject(signal.reason);
        return;
      }
      this.#waiting.add(wake);
      signal.addEventListener("abort", onAbort, { once: true });
    });
  }
}
