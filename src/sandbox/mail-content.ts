import { decodeCharset } from "../mime/read/charset.ts";
import { MailParser } from "../mime/read/mail.ts";
import { trimBlanks } from "../mime/read/structured-field.ts";
import { decodeWords } from "../mime/read/words.ts";

/** A field of a mail's header: unfolded, its encoded words decoded. */
export interface MailField {
  readonly name: string;
  readonly value: string;
}

/** A part of a mail that is a file, its transfer encoding undone. */
export interface MailFile {
  /** As a module could store it: without directories and without what no file's name may hold. */
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: Buffer;
}

/** What a mail says to who reads it. */
export interface MailContent {
  readonly fields: readonly MailField[];
  /** The first text that is not a file, decoded; its line ends are CR LF. */
  readonly text: string;
  readonly attachments: readonly MailFile[];
}

/** Reads a whole mail. */
export function readMail(raw: Buffer): MailContent {
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
  return {
    fields: readFields(Buffer.concat(header).toString("latin1")),
    text: decodeCharset(Buffer.concat(text), parser.textCharset),
    attachments: files.map(({ pieces, ...file }) => ({ ...file, bytes: Buffer.concat(pieces) })),
  };
}

/** RFC 5322 §2.2.3: unfolding removes the line ends. */
function readFields(header: string): MailField[] {
  return header
    .replace(/\r?\n(?=[ \t])/g, "")
    .split(/\r?\n/)
    .map((line) => /^([^:]*):(.*)$/s.exec(line))
    .filter((matched) => matched !== null)
    .map(([, name = "", value = ""]) => ({ name: trimBlanks(name), value: decodeWords(trimBlanks(value)) }));
}
