import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { fileName } from "../../src/mime/read/file-name.ts";
import { MailParser } from "../../src/mime/read/mail.ts";
import { SeededRandom } from "../../src/platform/crypto.ts";
import { DAMAGED_TEXT, MailGenerator } from "../support/mail-generator.ts";

const COUNT = 600;

interface OraclePart {
  readonly type: string;
  readonly disposition: string;
  readonly name: string;
  readonly content: string;
}

interface Oracle {
  readonly fields: Readonly<Record<string, string>>;
  readonly parts: readonly OraclePart[];
}

interface Mail {
  readonly fields: Readonly<Record<string, string>>;
  text: string;
  readonly files: { name: string; type: string; data: string }[];
}

/** Python takes a line end from the last part of a mail that no boundary closes; we keep all that came. */
function withoutExtraLineEnd(ours: string, theirs: string): string {
  return ours === `${theirs}\r\n` || ours === `${theirs}\n` ? theirs : ours;
}

/** Python counts the line end before an outer boundary line to the text of a multipart that has no boundary line. */
function damagedTrimmed(mail: Mail): Mail {
  const trim = (text: string) => (text.includes(DAMAGED_TEXT) ? text.trimEnd() : text);
  return { ...mail, text: trim(mail.text), files: mail.files.map((file) => ({ ...file, data: trim(file.data) })) };
}

/** What our reader makes of a mail. */
function read(raw: Buffer): Mail {
  const parser = new MailParser(["from", "date", "subject"]);
  let text = "";
  const files: Mail["files"] = [];
  for (const event of [...parser.push(raw), ...parser.end()]) {
    if (event.type === "text") text += event.bytes.toString("latin1");
    if (event.type === "file") files.push({ name: event.name, type: event.mediaType, data: "" });
    const open = files.at(-1);
    if (event.type === "data" && open !== undefined) open.data += event.bytes.toString("latin1");
    if (event.type === "body") text += files.splice(event.file, 1)[0]?.data;
  }
  const fields = { From: parser.field("from"), Date: parser.field("date"), Subject: parser.field("subject") };
  return { fields, text, files };
}

/** The rules for the body, from the best to the last. The first part that meets the best rule is the body. */
const bodyRules: ReadonlyArray<(part: OraclePart) => boolean> = [
  (part) => part.type === "text/plain" && (part.name === "" || part.disposition === "inline"),
  (part) => part.type === "text/plain",
  (part) => part.type === "text/html" && (part.name === "" || part.disposition === "inline"),
  (part) => part.type === "text/html",
  (part) => part.type.startsWith("text/") && part.name === "",
];

function bodyOf(parts: readonly OraclePart[]): OraclePart | undefined {
  const shown = parts.filter((part) => part.disposition !== "attachment");
  return bodyRules.map((rule) => shown.find(rule)).find((part) => part !== undefined);
}

/** What Python found, in the terms of our reader. */
function expected({ fields, parts }: Oracle): Mail {
  const body = bodyOf(parts);
  const content = (part: OraclePart) => Buffer.from(part.content, "base64").toString("latin1");
  const files = parts
    .filter((part) => part !== body)
    .map((part) => ({ name: fileName(part.name), type: part.type, data: content(part) }));
  return { fields, text: body === undefined ? "" : content(body), files };
}

const hasPython = spawnSync("python3", ["--version"]).status === 0;

test.skipIf(!hasPython)(`${COUNT} generated mails are read as Python's email package reads them`, () => {
  const generator = new MailGenerator(new SeededRandom(1939));
  const mails = Array.from({ length: COUNT }, () => generator.mail());
  const script = join(import.meta.dirname, "../support/mail-oracle.py");
  const input = mails.map((mail) => `${mail.toString("base64")}\n`).join("");
  const python = spawnSync("python3", [script], { input, maxBuffer: 64 * 1024 * 1024, timeout: 20_000 });
  expect(python.stderr.toString()).toBe("");
  const answers = python.stdout.toString().trimEnd().split("\n");
  expect(answers).toHaveLength(COUNT);
  for (const [index, answer] of answers.entries()) {
    const raw = mails[index] ?? Buffer.alloc(0);
    const ours = read(raw);
    for (const file of ours.files) file.name = file.name.replace(/^PART\d{3}\..*$/, "");
    const oracle: Oracle = JSON.parse(answer);
    const theirs = expected(oracle);
    const last = ours.files.at(-1);
    if (bodyOf(oracle.parts) === oracle.parts.at(-1)) {
      ours.text = withoutExtraLineEnd(ours.text, theirs.text);
    } else if (last !== undefined) last.data = withoutExtraLineEnd(last.data, theirs.files.at(-1)?.data ?? "");
    expect(damagedTrimmed(ours), raw.toString("latin1")).toEqual(damagedTrimmed(theirs));
  }
});
