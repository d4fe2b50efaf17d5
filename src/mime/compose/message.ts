import { Base64Encoder, base64Length } from "../../codec/base64-encoder.ts";
import type { Random } from "../../platform/crypto.ts";
import { ServiceError } from "../../platform/network/service-error.ts";
import { contentTypeOf } from "../read/content-type.ts";
import { type EncodedBody, encodeBody } from "./body.ts";
import { formatDate } from "./date.ts";
import { headerField, type Mailbox, mailboxTokens, textTokens } from "./header.ts";
import { parameterTokens } from "./parameter.ts";
import { withoutControls } from "./text.ts";

/** An attached file. Its bytes are read while the message is sent. */
export interface Attachment {
  readonly name: string;
  /** How many bytes the reader will give. */
  readonly size: number;
  open(signal: AbortSignal): Promise<AttachmentReader>;
}

export interface AttachmentReader {
  /** Gives the next bytes, or `undefined` at the end. */
  read(): Promise<Buffer | undefined>;
  close(): Promise<void> | void;
}

/** The parts of a message. Texts are the bytes that the host gave. */
export interface Mail {
  readonly subject: Uint8Array;
  readonly from: Mailbox;
  readonly to: readonly Mailbox[];
  readonly cc: readonly Mailbox[];
  readonly body: Uint8Array;
  /** Declares the body's character set; without it, UTF-8 if the body is UTF-8, else ISO-8859-1. */
  readonly charset?: string;
  readonly attachments: readonly Attachment[];
  /** When it is sent: milliseconds since the Unix epoch, and the zone in quarters of an hour east of Greenwich. */
  readonly now: number;
  readonly zone: number;
}

/** A message as sent: RFC 5322 and MIME, with CR LF line ends, also after its last line. */
export interface ComposedMail {
  readonly size: number;
  /** Whether it holds a byte above 0x7F. */
  readonly needs8Bit: boolean;
  /** Gives the message from its start; holds no more than a piece of one attachment. */
  read(signal: AbortSignal): AsyncIterable<Buffer>;
}

/**
 * Composes a message. `eightBit` says whether the text may hold bytes above 0x7F as they are (the server offers 8BITMIME).
 *
 * No value can add a header or a line: control characters in subject, names and file names become spaces,
 * characters other than printable ASCII are dropped from addresses, and a charset that is not a token is ignored.
 */
export function composeMail(mail: Mail, random: Random, eightBit: boolean): ComposedMail {
  const body = encodeBody(mail.body, eightBit, mail.charset);
  const parts = mail.attachments.length === 0 ? singlePart(mail, body, random) : multipart(mail, body, random);
  return {
    size: parts.reduce((size, part) => size + (Buffer.isBuffer(part) ? part.length : encodedSize(part)), 0),
    needs8Bit: body.transferEncoding === "8bit",
    read: (signal) => readParts(parts, signal),
  };
}

type Part = Buffer | Attachment;

function singlePart(mail: Mail, body: EncodedBody, random: Random): Part[] {
  const end = body.bytes.length === 0 || body.bytes.toString("latin1", body.bytes.length - 2) === "\r\n" ? "" : "\r\n";
  return [ascii(`${messageHeader(mail, random)}${bodyHeader(body)}\r\n`), body.bytes, ascii(end)];
}

function multipart(mail: Mail, body: EncodedBody, random: Random): Part[] {
  const boundary = unusedBoundary(body.bytes, random);
  const type = headerField("Content-Type", ["multipart/mixed;", `boundary="${boundary}"`]);
  // RFC 2045 §6.4: the message is 8bit if a part of it is.
  const encoding = body.transferEncoding === "8bit" ? headerField("Content-Transfer-Encoding", ["8bit"]) : "";
  const preamble = `${messageHeader(mail, random)}${type}${encoding}\r\n`;
  // RFC 2046 §5.1.1: the CR LF before a boundary belongs to the boundary. Base64 brings it along.
  const bodyEnd = body.transferEncoding === "base64" ? "" : "\r\n";
  const attachments = mail.attachments.flatMap((attachment): Part[] => [
    ascii(`--${boundary}\r\n${attachmentHeader(attachment)}\r\n`),
    attachment,
    ascii(attachment.size === 0 ? "\r\n" : ""),
  ]);
  return [
    ascii(`${preamble}--${boundary}\r\n${bodyHeader(body)}\r\n`),
    body.bytes,
    ascii(bodyEnd),
    ...attachments,
    ascii(`--${boundary}--\r\n`),
  ];
}

function messageHeader(mail: Mail, random: Random): string {
  const domain = /@([A-Za-z0-9.-]+)$/.exec(mail.from.address)?.[1] ?? "localhost";
  return [
    headerField("Subject", textTokens(mail.subject)),
    headerField("Date", [formatDate(mail.now, mail.zone)]),
    headerField("From", mailboxTokens([mail.from])),
    mail.to.length === 0 ? "" : headerField("To", mailboxTokens(mail.to)),
    mail.cc.length === 0 ? "" : headerField("Cc", mailboxTokens(mail.cc)),
    headerField("Message-ID", [`<${random.hex(32)}@${domain}>`]),
    headerField("MIME-Version", ["1.0"]),
  ].join("");
}

function bodyHeader(body: EncodedBody): string {
  return (
    headerField("Content-Type", ["text/plain;", `charset=${body.charset}`]) +
    headerField("Content-Transfer-Encoding", [body.transferEncoding])
  );
}

function attachmentHeader(attachment: Attachment): string {
  const name = withoutControls(attachment.name);
  return (
    headerField("Content-Type", [`${contentTypeOf(name)};`, ...parameterTokens("name", name)]) +
    headerField("Content-Transfer-Encoding", ["base64"]) +
    headerField("Content-Disposition", ["attachment;", ...parameterTokens("filename", name)])
  );
}

/** A boundary that does not occur in the text. Base64 never holds `=_`, so attachments need no search. */
function unusedBoundary(text: Buffer, random: Random): string {
  const stem = `=_${random.hex(32)}`;
  let boundary = stem;
  for (let count = 0; text.includes(boundary); count++) boundary = `${stem}.${count}`;
  return boundary;
}

async function* readParts(parts: readonly Part[], signal: AbortSignal): AsyncGenerator<Buffer> {
  for (const part of parts) {
    if (!Buffer.isBuffer(part)) yield* readAttachment(part, signal);
    else if (part.length > 0) yield part;
  }
}

async function* readAttachment(attachment: Attachment, signal: AbortSignal): AsyncGenerator<Buffer> {
  const encoder = new Base64Encoder();
  const reader = await attachment.open(signal);
  try {
    let left = attachment.size;
    for (let chunk = await reader.read(); chunk !== undefined; chunk = await reader.read()) {
      signal.throwIfAborted();
      left -= chunk.length;
      if (left < 0) break;
      yield encoder.push(chunk);
    }
    // The size was announced to the server, and a file cut short must not look whole.
    if (left !== 0) throw new ServiceError("UNKNOWN", `${attachment.name} changed while it was sent`);
    yield encoder.end();
  } finally {
    await reader.close();
  }
}

function encodedSize(attachment: Attachment): number {
  return base64Length(attachment.size);
}

function ascii(text: string): Buffer {
  return Buffer.from(text, "latin1");
}
