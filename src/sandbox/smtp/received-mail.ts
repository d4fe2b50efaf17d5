import { History } from "../history.ts";
import { type MailContent, readMail } from "../mail-content.ts";
import { costOf } from "../mail-store.ts";

/** A message as the embedded SMTP server took it. */
export interface ReceivedMail {
  /** Counts the messages of one server, from 1. */
  readonly id: number;
  readonly from: string;
  readonly recipients: readonly string[];
  /** The parameters of MAIL, in upper case ("BODY=8BITMIME"). */
  readonly parameters: readonly string[];
  /** The authenticated user, if the client had authenticated. */
  readonly user: string | undefined;
  /** The bytes as received, dots unstuffed. */
  readonly raw: Buffer;
  /** The message parsed, each time that it is read. */
  readonly content: MailContent;
}

export type MailRecord = Omit<ReceivedMail, "id" | "content">;

/** Every message that came. */
export class MailHistory extends History<Omit<ReceivedMail, "id">> {
  /** `capacity` bounds the bytes of all messages together. */
  constructor(capacity: number) {
    super({ capacity, costOf: ({ raw }) => costOf(raw) });
  }

  take(mail: MailRecord): ReceivedMail {
    return this.add({
      ...mail,
      get content() {
        return readMail(mail.raw);
      },
    });
  }
}
