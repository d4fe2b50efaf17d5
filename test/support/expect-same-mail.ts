import { expect } from "vitest";
import type { Mailbox } from "../../src/mime/compose/header.ts";
import type { Attachment, Mail } from "../../src/mime/compose/message.ts";
import type { OracleMail } from "./mail-oracle.ts";

/** Compares what an independent reader found in a mail, field by field, with what the mail was made of. */
export async function expectSameMail(found: OracleMail, mail: Mail): Promise<void> {
  expect(found.defects).toEqual([]);
  const optional = [...(mail.to.length > 0 ? ["To"] : []), ...(mail.cc.length > 0 ? ["Cc"] : [])];
  const last = ["Message-ID", "MIME-Version", "Content-Type"];
  const fields = found.fields.filter(
    (name) => !["Content-Transfer-Encoding", "Return-Path", "Received"].includes(name),
  );
  expect(fields.filter((name) => !/^(X-|Delivered-|Lines)/.test(name))).toEqual([
    "Subject",
    "Date",
    "From",
    ...optional,
    ...last,
  ]);
  expect(found.subject).toBe(headerText(mail.subject));
  expect(new Date(found.date).getTime()).toBe(Math.floor(mail.now / 1000) * 1000);
  expect(found.from).toEqual([mailbox(mail.from)]);
  expect(found.to).toEqual(mail.to.map(mailbox));
  expect(found.cc).toEqual(mail.cc.map(mailbox));
  expect(found.preamble + found.epilogue).toBe("");

  const [text, ...files] = found.parts;
  expect(text).toMatchObject({ type: "text/plain", charset: isUtf8(mail.body) ? "utf-8" : "iso-8859-1" });
  const sent = Buffer.from(mail.body)
    .toString("latin1")
    .replace(/\r\n|\r|\n/g, "\r\n");
  const got = Buffer.from(text?.bytes ?? "", "base64").toString("latin1");
  // A text on its own ends in a line end, as every message does.
  const ended =
    files.length > 0 || text?.encoding === "base64" || sent === "" || sent.endsWith("\r\n") ? sent : `${sent}\r\n`;
  expect(got).toBe(ended);

  expect(files.map((file) => [file.disposition, file.fileName, file.name, file.bytes])).toEqual(
    await Promise.all(
      mail.attachments.map(async (file) => ["attachment", ...names(file), (await whole(file)).toString("base64")]),
    ),
  );
}

function names({ name }: Attachment): [string, string] {
  const clean = withoutControls(Buffer.from(name).toString());
  return [clean, clean];
}

async function whole(attachment: Attachment): Promise<Buffer> {
  const reader = await attachment.open(new AbortController().signal);
  const chunks: Buffer[] = [];
  for (let chunk = await reader.read(); chunk !== undefined; chunk = await reader.read()) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function mailbox({ address, name }: Mailbox): [string, string] {
  return [headerText(name), address];
}

function headerText(bytes: Uint8Array): string {
  return withoutControls(Buffer.from(bytes).toString(isUtf8(bytes) ? "utf8" : "latin1"));
}

function withoutControls(text: string): string {
  return [...text]
    .map((character) => (character < " " || character === "\x7f" ? "\0" : character))
    .join("")
    .replace(/\0+/g, " ");
}

function isUtf8(bytes: Uint8Array): boolean {
  return Buffer.from(Buffer.from(bytes).toString("utf8")).equals(bytes);
}
