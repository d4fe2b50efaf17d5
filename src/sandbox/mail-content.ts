import { decodeCharset } from "../mime/read/charset.ts";
import { HeaderReader } from "../mime/read/header.ts";
import { MailParser } from "../mime/read/mail.ts";
import { trimBlanks } from "../mime/read/structured-field.ts";
import { decodeWords } from "../mime/read/words.ts";
import { sha256 } from "../platform/crypto.ts";
import { ServiceError } from "../platform/network/service-error.ts";

/** A field of a message's header: unfolded, its encoded words decoded. */
export interface MailField {
  readonly name: string;
  readonly value: string;
}

/** A part of a message that is a file, without its transfer encoding. */
export interface MailFile {
  /** As a module could store it: without directories and without characters that no file name may hold. */
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: Buffer;
  readonly size: number;
  /** In lower-case hexadecimal. */
  readonly sha256: string;
}

/** A message as its reader sees it. */
export interface MailContent {
  readonly fields: readonly MailField[];
  /** Decoded; empty if the message has none. */
  readonly subject: string;
  /** The body, decoded; its line ends are as received. */
  readonly text: string;
  readonly attachments: readonly MailFile[];
}

/** Reads a whole message. One that no mail program should have sent (a thousand parts) is a text, as it came. */
export function readMail(raw: Buffer): MailContent {
  try {
    return parse(raw);
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    return { fields: [], subject: "", text: decodeCharset(raw, "us-ascii"), attachments: [] };
  }
}

/** The subject of a message, decoded, or nothing. The body, which may be large, is not read. */
export function readSubject(raw: Buffer): string {
  const length = new HeaderReader([]).take(raw, true);
  return subjectOf(readFields(raw.subarray(0, length)));
}

function parse(raw: Buffer): MailContent {
  const parser = new MailParser();
  const header: Buffer[] = [];
  const text: Buffer[] = [];
  const files: { readonly name: string; readonly mediaType: string; readonly pieces: Buffer[] }[] = [];
  for (const event of [...parser.push(raw), ...parser.end()]) {
    switch (event.type) {
      case "header":
        header.push(event.bytes);
        break;
      case "text":
        text.push(event.bytes);
        break;
      case "file":
        files.push({ name: event.name, mediaType: event.mediaType, pieces: [] });
        break;
      case "data":
        files.at(-1)?.pieces.push(event.bytes);
        break;
      case "file-end":
        break;
      case "body":
        text.push(...files.splice(event.file, 1).flatMap((file) => file.pieces));
        break;
    }
  }
  const fields = readFields(Buffer.concat(header));
  return {
    fields,
    subject: subjectOf(fields),
    text: decodeCharset(Buffer.concat(text), parser.textCharset),
    attachments: files.map(({ name, mediaType, pieces }) => {
      const bytes = Buffer.concat(pieces);
      return { name, mediaType, bytes, size: bytes.length, sha256: sha256(bytes) };
    }),
  };
}

/** RFC 5322 §2.2.3: unfolding removes the line ends. */
function readFields(header: Buffer): MailField[] {
  return header
    .toString("latin1")
    .replace(/\r?\n(?=[ \t])/g, "")
    .split(/\r?\n/)
    .map((line) => /^([^:]*):(.*)$/s.exec(line))
    .filter((matched) => matched !== null)
    .map(([, name = "", value = ""]) => ({ name: trimBlanks(name), value: decodeWords(trimBlanks(value)) }));
}

function subjectOf(fields: readonly MailField[]): string {
  return fields.find(({ name }) => name.toLowerCase() === "subject")?.value ?? "";
}
