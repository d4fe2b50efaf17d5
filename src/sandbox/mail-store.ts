import type { Mailboxes, StoredMail } from "./pop3/maildrop.ts";

/** What a mail costs beside its bytes, so that many empty ones are bounded too. */
const OVERHEAD = 1024;

/** How much of a capacity a mail takes. */
export function costOf(raw: Buffer): number {
  return raw.length + OVERHEAD;
}

/** The mailboxes of the sandbox: SMTP puts in, POP3 takes out. They come into being by a mail or by being listed. */
export class MailStore implements Mailboxes {
  readonly #capacity: number;
  readonly #mailboxes = new Map<string, StoredMail[]>();
  #used = 0;
  #lastId = 0;

  /** `capacity` bounds the bytes of all mails together. */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Puts a mail into the mailbox of every recipient, or into none when there is no room: then it is `false`. */
  deliver(recipients: readonly string[], raw: Buffer): boolean {
    const mailboxes = new Set(recipients.map(mailboxOf));
    const size = costOf(raw) * mailboxes.size;
    if (this.#used + size > this.#capacity) return false;
    this.#used += size;
    for (const name of mailboxes) {
      const mails = this.#mailboxes.get(name) ?? [];
      mails.push({ id: ++this.#lastId, raw });
      this.#mailboxes.set(name, mails);
    }
    return true;
  }

  /** Removes every mail. Ids go on. */
  clear(): void {
    this.#mailboxes.clear();
    this.#used = 0;
  }

  /** The names of the mailboxes that hold mail. */
  get mailboxes(): readonly string[] {
    return [...this.#mailboxes.keys()];
  }

  /** The mails of an account now, oldest first. An account is a user's name, or an address of theirs. */
  list(account: string): readonly StoredMail[] {
    return [...(this.#mailboxes.get(mailboxOf(account)) ?? [])];
  }

  /** Removes mails from an account; ids that are not there are passed over. */
  remove(account: string, ids: ReadonlySet<number>): void {
    const name = mailboxOf(account);
    const mails = this.#mailboxes.get(name) ?? [];
    const kept = mails.filter((mail) => !ids.has(mail.id));
    for (const mail of mails) if (ids.has(mail.id)) this.#used -= costOf(mail.raw);
    if (kept.length > 0) this.#mailboxes.set(name, kept);
    else this.#mailboxes.delete(name);
  }
}

/** The mailbox of a user or an address. All domains are ours, so the local part names the mailbox; case does not matter. */
export function mailboxOf(address: string): string {
  const at = address.lastIndexOf("@");
  return (at < 0 ? address : address.slice(0, at)).toLowerCase();
}
