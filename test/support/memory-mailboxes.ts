import type { Mailboxes, StoredMail } from "../../src/sandbox/pop3/maildrop.ts";

/** Mailboxes in memory, one for every account. */
export class MemoryMailboxes implements Mailboxes {
  mails: StoredMail[];

  constructor(texts: readonly (string | Buffer)[]) {
    this.mails = texts.map((text, index) => ({ id: index + 1, raw: Buffer.from(text as string, "latin1") }));
  }

  list(): readonly StoredMail[] {
    return [...this.mails];
  }

  remove(_account: string, ids: ReadonlySet<number>): void {
    this.mails = this.mails.filter((mail) => !ids.has(mail.id));
  }
}
