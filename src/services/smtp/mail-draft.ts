import type { Efs } from "../../efs/efs.ts";
import type { Attachment, Mail } from "../../mime/compose/message.ts";
import { headerText, isCharsetName } from "../../mime/compose/text.ts";
import type { LocalTime } from "../../module/rtc.ts";
import type { Endpoint } from "../../platform/network/network.ts";
import type { SmtpCredentials } from "../../protocols/smtp/auth.ts";
import type { SmtpEnvelope } from "../../protocols/smtp/session.ts";
import { AttachmentSelection } from "./attachment-selection.ts";
import { type Correspondent, RECIPIENT_KINDS, RecipientList } from "./recipient-list.ts";

/** No server, at the port that it gets unless told otherwise. */
export const NO_SERVER: Endpoint = { host: "", port: 25 };

const NOBODY: Correspondent = { address: "", name: "" };

/** What the AT commands set, one by one, before a mail is sent. Texts are bytes, one character each. */
export class MailDraft {
  server = NO_SERVER;
  /** Present while the authentication flag is 1. */
  credentials: SmtpCredentials | undefined;
  sender = NOBODY;
  readonly recipients = new RecipientList();
  subject = "";
  body = "";
  readonly files: AttachmentSelection;
  #charset: string | undefined;

  constructor(efs: Efs) {
    this.files = new AttachmentSelection(efs);
  }

  /** The charset of the body as a host reads it. Unless it was set, a body that is no UTF-8 is sent as ISO-8859-1. */
  get charset(): string {
    return this.#charset ?? "utf-8";
  }

  /** Declares the charset of the body, whatever its bytes are; `false` for what can be no charset's name. */
  declareCharset(name: string): boolean {
    if (!isCharsetName(name)) return false;
    this.#charset = name;
    return true;
  }

  /** Lets the body's bytes decide again. */
  resetCharset(): void {
    this.#charset = undefined;
  }

  clearSender(): void {
    this.sender = NOBODY;
  }

  /** Whether there is a server, a sender and a recipient of whatever kind. */
  get complete(): boolean {
    return this.server.host !== "" && this.sender.address !== "" && this.recipients.all.length > 0;
  }

  /** After success: recipients, subject, body and attachments go; server, credentials and sender stay (manual 3). */
  clearMail(): void {
    this.recipients.clear();
    this.subject = "";
    this.body = "";
    this.files.clear();
  }

  /** Who logs in, as text: what is no UTF-8 is ISO-8859-1. */
  get login(): SmtpCredentials | undefined {
    if (this.credentials === undefined) return undefined;
    const { user, password } = this.credentials;
    return { user: headerText(bytes(user)).text, password: headerText(bytes(password)).text };
  }

  get envelope(): SmtpEnvelope {
    return { from: this.sender.address, recipients: this.recipients.all.map(({ address }) => address) };
  }

  /** The mail as it is now. */
  mail(attachments: readonly Attachment[], { epoch, zone }: LocalTime): Mail {
    const of = (wanted: number) => this.recipients.all.filter(({ kind }) => kind === wanted).map(mailbox);
    return {
      subject: bytes(this.subject),
      from: mailbox(this.sender),
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
