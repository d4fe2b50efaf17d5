import type { Efs } from "../../efs/efs.ts";
import type { Attachment, Mail } from "../../mime/compose/message.ts";
import { headerText, isCharsetName } from "../../mime/compose/text.ts";
import type { LocalTime } from "../../module/rtc.ts";
import type { Endpoint } from "../../platform/network/network.ts";
import type { SmtpCredentials } from "../../protocols/smtp/auth.ts";
import { isSmtpAddress, type SmtpEnvelope } from "../../protocols/smtp/session.ts";
import { AttachmentSelection } from "./attachment-selection.ts";
import { type Correspondent, RECIPIENT_KINDS, RecipientList } from "./recipient-list.ts";

/** No server, with the default port. */
export const NO_SERVER: Endpoint = { host: "", port: 25 };

const NOBODY: Correspondent = { address: "", name: "" };

/** What the AT commands set, one by one, before a mail is sent. Texts are bytes, one character each. */
export class MailDraft {
  server = NO_SERVER;
  /** Present while the authentication flag is 1. */
  credentials: SmtpCredentials | undefined;
  readonly recipients = new RecipientList();
  subject = "";
  body = "";
  readonly files: AttachmentSelection;
  #sender = NOBODY;
  #charset: string | undefined;

  constructor(efs: Efs) {
    this.files = new AttachmentSelection(efs);
  }

  /** The charset of the body for the read command. Unless it was set, a body that is not UTF-8 is sent as ISO-8859-1. */
  get charset(): string {
    return this.#charset ?? "utf-8";
  }

  /** Declares the charset of the body, whatever its bytes are. Returns `false` for what cannot be the name of a charset. */
  declareCharset(name: string): boolean {
    if (!isCharsetName(name)) return false;
    this.#charset = name;
    return true;
  }

  /** Has the charset derived from the bytes of the body again. */
  resetCharset(): void {
    this.#charset = undefined;
  }

  get sender(): Correspondent {
    return this.#sender;
  }

  /** Returns `false`, and changes nothing, for an address that SMTP cannot carry. */
  setSender(sender: Correspondent): boolean {
    if (!isSmtpAddress(sender.address)) return false;
    this.#sender = sender;
    return true;
  }

  clearSender(): void {
    this.#sender = NOBODY;
  }

  /** Whether there is a server, a sender and at least one recipient of any kind. */
  get complete(): boolean {
    return this.server.host !== "" && this.#sender.address !== "" && this.recipients.all.length > 0;
  }

  /** After success (manual 3): clears recipients, subject, body and attachments. Server, credentials and sender stay. */
  clearMail(): void {
    this.recipients.clear();
    this.subject = "";
    this.body = "";
    this.files.clear();
  }

  /** User and password as text: bytes that are not UTF-8 are ISO-8859-1. */
  get login(): SmtpCredentials | undefined {
    if (this.credentials === undefined) return undefined;
    const { user, password } = this.credentials;
    return { user: headerText(bytes(user)).text, password: headerText(bytes(password)).text };
  }

  get envelope(): SmtpEnvelope {
    return { from: this.#sender.address, recipients: this.recipients.all.map(({ address }) => address) };
  }

  /** The mail as it is now. */
  mail(attachments: readonly Attachment[], { epoch, zone }: LocalTime): Mail {
    const of = (wanted: number) => this.recipients.all.filter(({ kind }) => kind === wanted).map(mailbox);
    return {
      subject: bytes(this.subject),
      from: mailbox(this.#sender),
      to: of(RECIPIENT_KINDS.to),
      cc: of(RECIPIENT_KINDS.cc),
      body: bytes(this.body),
      ...(this.#charset === undefined ? {} : { charset: this.#charset }),
      attachments,
      now: epoch,
      zone,
    };
  }
}

function mailbox({ address, name }: Correspondent): { readonly address: string; readonly name: Buffer } {
  return { address, name: bytes(name) };
}

function bytes(text: string): Buffer {
  return Buffer.from(text, "latin1");
}
