/** A message in a mailbox; its id is never given to another. */
export interface StoredMail {
  readonly id: number;
  readonly raw: Buffer;
}

/** What a message costs beside its bytes, so that many empty ones are bounded too. */
const OVERHEAD = 1024;

/** How much of a capacity a message takes. */
export function costOf(raw: Buffer): number {
  return raw.length + OVERHEAD;
}

/** The mailboxes of the sandbox, which SMTP fills and POP3 empties. A mailbox exists while a message is in it. */
export class MailStore {
  readonly #capacity: number;
  readonly #mailboxes = new Map<string, StoredMail[]>();
  #used = 0;
  #lastId = 0;

  readonly #first: ReadonlyArray<readonly [user: string, raw: Buffer]>;

  /** `capacity` bounds the bytes of all messages together. `first` are in the mailboxes from the start. */
  constructor(capacity: number, first: ReadonlyArray<readonly [user: string, raw: Buffer]> = []) {
    this.#capacity = capacity;
    this.#first = first;
    this.reset();
  }

  /** Brings back the messages of the start, with the ids that they had then. */
  reset(): void {
    this.#mailboxes.clear();
    this.#used = 0;
    this.#lastId = 0;
    for (const [user, raw] of this.#first) this.deliver([user], raw);
  }

  /** Puts a message into the mailbox of every recipient, or gives `false`, and puts it nowhere, if there is no room. */
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

  /** The messages now by mailbox, oldest first, in the mailboxes that hold any. */
  get mailboxes(): ReadonlyMap<string, readonly StoredMail[]> {
    return new Map([...this.#mailboxes].map(([name, mails]) => [name, [...mails]]));
  }

  /** The messages of an account now, oldest first. An account is a user's name, or an address of that user. */
  list(account: string): readonly StoredMail[] {
    return [...(this.#mailboxes.get(mailboxOf(account)) ?? [])];
  }

  /** Removes messages from an account. Unknown ids are ignored. */
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
