import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { fileName } from "../../src/mime/read/file-name.ts";
import { MailParser } from "../../src/mime/read/mail.ts";
import { SeededRandom } from "../../src/platform/crypto.ts";
import { MailGenerator } from "../support/mail-generator.ts";

const COUNT = 600;

interface OraclePart {
  readonly type: string;
  readonly attachment: boolean;
  readonly name: string | null;
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
  }
  const fields = { From: parser.field("from"), Date: parser.field("date"), Subject: parser.field("subject") };
  return { fields, text, files };
}

function isBody(part: OraclePart): boolean {
  return part.type.startsWith("text/") && part.name === null && !part.attachment;
}

/** What Python found, told in our words: the first text that is no file is the body. */
function expected({ fields, parts }: Oracle): Mail {
  const body = parts.find(isBody);
  const content = (part: OraclePart) => Buffer.from(part.content, "base64").toString("latin1");
  const files = parts
    .filter((part) => part !== body)
    .map((part) => ({ name: fileName(part.name ?? ""), type: part.type, data: content(part) }));
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
    if (oracle.parts.findIndex(isBody) === oracle.parts.length - 1) {
      ours.text = withoutExtraLineEnd(ours.text, theirs.text);
    } else if (last !== undefined) last.data = withoutExtraLineEnd(last.data, theirs.files.at(-1)?.data ?? "");
    expect(ours, raw.toString("latin1")).toEqual(theirs);
  }
});
