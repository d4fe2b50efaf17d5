import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { composeMail, type Mail } from "../../../src/mime/compose/message.ts";
import { SeededRandom } from "../../../src/platform/crypto.ts";
import { collect, memoryAttachment, plainMail } from "../../support/mails.ts";

async function compose(changes: Partial<Mail>, eightBit = true): Promise<string> {
  const composed = composeMail(plainMail(changes), new SeededRandom(1), eightBit);
  const raw = await collect(composed);
  expect(raw).toHaveLength(composed.size);
  expect(raw.some((byte) => byte > 0x7f)).toBe(composed.needs8Bit);
  return raw.toString("latin1");
}

function headerOf(message: string): string {
  return message.slice(0, message.indexOf("\r\n\r\n") + 2);
}

const named = (address: string, name: string) => ({ address, name: Buffer.from(name) });

test("a plain mail has its fields in order, and its text", async () => {
  const message = await compose({ cc: [named("cc@example.org", "Carbon Copy")] });
  expect(message.replace(/<\w{32}@/, "<ID@")).toBe(
    [
      "Subject: Hello",
      "Date: Fri, 05 Feb 2010 20:00:00 +0800",
      "From: Sender <sender@example.org>",
      "To: to@example.org",
      "Cc: Carbon Copy <cc@example.org>",
      "Message-ID: <ID@example.org>",
      "MIME-Version: 1.0",
      "Content-Type: text/plain; charset=utf-8",
      "Content-Transfer-Encoding: 7bit",
      "",
      "Text",
      "",
    ].join("\r\n"),
  );
});

test("an attachment makes it multipart, with the file in base64 under its name", async () => {
  const message = await compose({ attachments: [memoryAttachment("pic.jpg", Buffer.alloc(60, 1))] });
  const boundary = /boundary="([^"]+)"/.exec(message)?.[1] ?? "";
  expect(message.slice(message.indexOf("Content-Type"))).toBe(
    [
      `Content-Type: multipart/mixed; boundary="${boundary}"`,
      "",
      `--${boundary}`,
      "Content-Type: text/plain; charset=utf-8",
      "Content-Transfer-Encoding: 7bit",
      "",
      "Text",
      `--${boundary}`,
      'Content-Type: image/jpeg; name="pic.jpg"',
      "Content-Transfer-Encoding: base64",
      'Content-Disposition: attachment; filename="pic.jpg"',
      "",
      Buffer.alloc(57, 1).toString("base64"),
      "AQEB",
      `--${boundary}--`,
      "",
    ].join("\r\n"),
  );
});

test.each([
  ["an atom phrase stays bare", "Jane Doe", "Jane Doe <x@y>"],
  ["an empty name leaves the bare address", "", "x@y"],
  ["specials are quoted", 'J. "Q" Doe\\', '"J. \\"Q\\" Doe\\\\" <x@y>'],
  ["a comma cannot add a mailbox", "a, b@c", '"a, b@c" <x@y>'],
  ["a letter beyond ASCII makes encoded-words", "Jos\u00e9", "=?utf-8?Q?Jos=C3=A9?= <x@y>"],
  ["mostly foreign text goes as base64", "\u6d4b\u8bd5", "=?utf-8?B?5rWL6K+V?= <x@y>"],
  ["what looks like an encoded-word is encoded", "=?a?Q?b?=", "=?utf-8?B?PT9hP1E/Yj89?= <x@y>"],
  ["blanks at the ends survive", " a ", "=?utf-8?Q?_a_?= <x@y>"],
])("in names %s", async (_, name, field) => {
  expect(await compose({ from: named("x@y", name) })).toContain(`\r\nFrom: ${field}\r\n`);
});

test("a text that is not UTF-8 is declared as ISO-8859-1, in the header and in the body", async () => {
  const message = await compose({ subject: Buffer.from([0x32, 0xb0]), body: Buffer.from([0x33, 0xb0]) });
  expect(message).toContain("Subject: =?iso-8859-1?Q?2=B0?=\r\n");
  expect(message).toContain(
    "Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: 8bit\r\n\r\n3\xb0\r\n",
  );
});

test("the charset of the body can be set, but only to a token", async () => {
  expect(await compose({ charset: "gb2312" })).toContain("; charset=gb2312\r\n");
  expect(await compose({ charset: "a\r\nBcc: x" })).toContain("; charset=utf-8\r\n");
});

test.each([
  ["plain text", "a\r\n.b", true, "7bit", "a\r\n.b"],
  ["high bytes", "\u00e9", true, "8bit", "\xc3\xa9"],
  ["high bytes where the server takes none", "caf\u00e9 au lait", false, "quoted-printable", "caf=C3=A9 au lait"],
  ["mostly high bytes where the server takes none", "\u00e9\u00e8", false, "base64", "w6nDqA=="],
  ["a NUL", "six\0letters", true, "quoted-printable", "six=00letters"],
  ["a line too long", "x".repeat(999), true, "quoted-printable", `${"x".repeat(75)}=\r\n`],
  ["the longest line", "x".repeat(998), true, "7bit", "x".repeat(998)],
  ["lone CRs and LFs", "a\rb\nc\r\n\rd\n", true, "7bit", "a\r\nb\r\nc\r\n\r\nd\r\n"],
])("a body with %s: %j, 8BITMIME %j, goes as %s", async (_, body, eightBit, encoding, start) => {
  const message = await compose({ body: Buffer.from(body) }, eightBit);
  expect(message).toContain(`\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n${start}`);
  expect(message.endsWith("\r\n")).toBe(true);
});

test("a boundary that chance has put into the text is not used", async () => {
  const first = await compose({ attachments: [memoryAttachment("a", Buffer.alloc(0))] });
  const taken = /boundary="([^"]+)"/.exec(first)?.[1] ?? "";
  const message = await compose({
    body: Buffer.from(`--${taken}\r\n--${taken}.0\r\n`),
    attachments: [memoryAttachment("a", Buffer.alloc(0))],
  });
  expect(message).toContain(`boundary="${taken}.1"`);
});

test.each([
  ["short ASCII quoted", 'a "b".txt', 'name="a \\"b\\".txt"'],
  ["other letters by RFC 2231", "\u6d4b.txt", "name*=utf-8''%E6%B5%8B.txt"],
  ["long names in sections", "x".repeat(100), `name*0*=utf-8''${"x".repeat(57)};\r\n name*1*=${"x".repeat(43)}`],
])("file names are written: %s", async (_, name, parameter) => {
  expect(await compose({ attachments: [memoryAttachment(name, Buffer.alloc(1))] })).toContain(parameter);
});

describe("header injection", () => {
  const evil = "a\r\nBcc: evil@example.org\r\n\r\nBody\0\n\r.\x0b\x85";
  const variants: Array<[string, Partial<Mail>]> = [
    ["subject", { subject: Buffer.from(evil) }],
    ["subject in ISO-8859-1", { subject: Buffer.from(evil, "latin1") }],
    ["sender's name", { from: named("a@b", evil) }],
    ["sender's address", { from: named(`a@b${evil}`, "") }],
    ["recipient's name", { to: [named("a@b", evil)] }],
    ["recipient's address", { to: [named(evil, "x")], cc: [named(evil, "")] }],
    ["file name", { attachments: [memoryAttachment(evil, Buffer.alloc(3))] }],
    ["extension", { attachments: [memoryAttachment(`a.${evil}`, Buffer.alloc(3))] }],
    ["charset", { charset: evil }],
  ];
  const names = ["Subject", "Date", "From", "To", "Cc", "Message-ID", "MIME-Version"];

  test.each(variants)("the %s cannot add a field or a line", async (_, changes) => {
    const message = await compose(changes);
    const header = headerOf(message);
    for (const field of header
      .replace(/\r\n[ \t]/g, " ")
      .split("\r\n")
      .slice(0, -1)) {
      expect([...names, "Content-Type", "Content-Transfer-Encoding"]).toContain(field.slice(0, field.indexOf(":")));
    }
    expect(message).not.toMatch(/^(?:Bcc|Body)/m);
    expect(header).toMatch(/^(?:[\t -~]*\r\n)*$/);
  });
});

test("header lines keep to 78 characters, and no line passes 998", async () => {
  const text = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes));
  const words = fc.array(fc.string({ maxLength: 30 }), { maxLength: 40 }).map((list) => Buffer.from(list.join(" ")));
  const name = fc.oneof(text, words, fc.string({ unit: "binary" }).map(Buffer.from));
  await fc.assert(
    fc.asyncProperty(
      name,
      name,
      fc.string({ unit: "binary", maxLength: 254 }),
      fc.boolean(),
      async (a, b, file, eightBit) => {
        const to = [{ address: "to@example.org", name: b }, named("second@example.org", "")];
        const attachments = [memoryAttachment(file, Buffer.alloc(100))];
        const message = await compose({ subject: a, body: b, to, attachments }, eightBit);
        const head = message.slice(0, message.indexOf("\r\n\r\n"));
        for (const line of head.split("\r\n")) expect(line.length).toBeLessThanOrEqual(78);
        for (const line of message.split("\r\n")) {
          expect(line.length).toBeLessThanOrEqual(998);
          expect(line).not.toMatch(/[\r\n\0]/);
        }
      },
    ),
  );
});

test("10 MB pass in small pieces, each read only when the last was taken", async () => {
  const piece = Buffer.alloc(64 * 1024, 7);
  let read = 0;
  let open = 0;
  const attachment = {
    name: "big.bin",
    size: piece.length * 160,
    open: async () => {
      open++;
      return { read: async () => (read++ < 160 ? piece : undefined), close: () => void open-- };
    },
  };
  const composed = composeMail(plainMail({ attachments: [attachment] }), new SeededRandom(1), true);
  let size = 0;
  let chunks = 0;
  for await (const chunk of composed.read(new AbortController().signal)) {
    size += chunk.length;
    expect(chunk.length).toBeLessThan(100_000);
    expect(read).toBeLessThanOrEqual(++chunks);
  }
  expect(size).toBe(composed.size);
  expect(open).toBe(0);
});

test.each([
  ["shorter", [10]],
  ["longer", [12]],
  ["endless", undefined],
])("a file that has become %s is not sent as if whole, and is closed", async (_, lengths) => {
  let open = 0;
  const pieces = lengths?.map((length) => Buffer.alloc(length));
  const attachment = {
    name: "a",
    size: 11,
    open: async () => {
      open++;
      return { read: async () => (pieces === undefined ? Buffer.alloc(5) : pieces.shift()), close: () => void open-- };
    },
  };
  const composed = composeMail(plainMail({ attachments: [attachment] }), new SeededRandom(1), true);
  await expect(collect(composed)).rejects.toMatchObject({ name: "ServiceError", code: "UNKNOWN" });
  expect(open).toBe(0);
});
