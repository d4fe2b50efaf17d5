import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MailParser } from "../../../src/mime/read/mail.ts";
import { ServiceError } from "../../../src/platform/network/service-error.ts";
import { cutAt, cuts, soup } from "../../support/cut.ts";
import { readWholeMail, type WholeMail } from "../../support/read-whole-mail.ts";

const parse = (chunks: readonly Buffer[]) => readWholeMail(chunks);

function mailOf(...lines: readonly string[]): Buffer {
  return Buffer.from(lines.join("\r\n"), "latin1");
}

const mixed = 'Content-Type: multipart/mixed; boundary="b"';

const rows: ReadonlyArray<readonly [string, Buffer, Partial<WholeMail>]> = [
  ["a plain mail", mailOf("Subject: x", "", "a", "b", ""), { header: "Subject: x\r\n", text: "a\r\nb\r\n", files: [] }],
  ["bare line feeds", Buffer.from("Subject: x\n\na\nb\n"), { header: "Subject: x\n", text: "a\nb\n" }],
  ["a header alone", mailOf("Subject: x", ""), { header: "Subject: x\r\n", text: "" }],
  ["a body alone", mailOf("not a header", "a: b"), { header: "", text: "not a header\r\na: b" }],
  ["nothing", mailOf(""), { header: "", text: "" }],
  ["an empty line alone", mailOf("", ""), { header: "", text: "" }],
  ["a header that ends without an empty line", mailOf("A: b", "text here"), { header: "A: b\r\n", text: "text here" }],
  ["a mailbox's From line", mailOf("From a@b Mon", "A: b", "", "x"), { header: "From a@b Mon\r\nA: b\r\n", text: "x" }],
  ["eight-bit text", mailOf("A: \xe9", "", "\xe9\xff"), { header: "A: \xe9\r\n", text: "\xe9\xff" }],
  ["base64 text", mailOf("content-transfer-ENCODING: BASE64", "", "YWJj", "ZGU="), { text: "abcde" }],
  [
    "quoted-printable text",
    mailOf("Content-Transfer-Encoding: quoted-printable (x)", "", "=41=", "b "),
    { text: "Ab" },
  ],
  [
    "uuencoded text",
    mailOf("Content-Transfer-Encoding: x-uuencode", "", "begin 644 x", "#86)C", "end"),
    {
      text: "begin 644 x\r\n#86)C\r\nend",
    },
  ],
  [
    "a text and a file",
    mailOf(
      mixed,
      "",
      "preamble",
      "--b",
      "",
      "text",
      "--b",
      "Content-Type: image/png; name=a.png",
      "",
      "data",
      "--b--",
      "epilogue",
    ),
    { header: `${mixed}\r\n`, text: "text", files: [{ name: "a.png", type: "image/png", data: "data" }] },
  ],
  [
    "no closing boundary",
    mailOf(mixed, "", "--b", "", "text", "--b", "Content-Disposition: attachment", "", "data", ""),
    { text: "text", files: [{ name: "PART001.txt", type: "text/plain", data: "data\r\n" }] },
  ],
  [
    "look-alikes of a boundary",
    mailOf(mixed, "", "--b", "", "--bb", "--b-", "-- b", " --b", "x--b", "--B", "--", "--b--x", "--b \t"),
    { text: "--bb\r\n--b-\r\n-- b\r\n --b\r\nx--b\r\n--B\r\n--\r\n--b--x" },
  ],
  [
    "empty parts",
    mailOf(mixed, "", "--b", "", "--b", "", "", "--b", "Content-Type: image/gif", "--b--"),
    {
      text: "",
      files: [
        { name: "PART001.txt", type: "text/plain", data: "" },
        { name: "PART002.gif", type: "image/gif", data: "" },
      ],
    },
  ],
  [
    "an alternative: the plain text is the body, the HTML a file",
    mailOf(
      'Content-Type: Multipart/Alternative; boundary="b"',
      "",
      "--b",
      "Content-Type: text/plain; charset=utf-8",
      "",
      "plain",
      "--b",
      "Content-Type: text/html",
      "",
      "<p>",
      "--b--",
    ),
    { text: "plain", files: [{ name: "PART001.htm", type: "text/html", data: "<p>" }] },
  ],
  ["HTML alone is the body", mailOf("Content-Type: text/html", "", "<p>"), { text: "<p>", files: [] }],
  [
    "a text with a file name is a file",
    mailOf(mixed, "", "--b", "Content-Type: text/plain; name=a.txt", "", "file", "--b", "", "text", "--b--"),
    { text: "text", files: [{ name: "a.txt", type: "text/plain", data: "file" }] },
  ],
  [
    "an inner multipart that nobody closes",
    mailOf(
      mixed,
      "",
      "--b",
      "Content-Type: multipart/mixed; boundary=c",
      "",
      "--c",
      "",
      "one",
      "--b",
      "",
      "two",
      "--c",
      "--b--",
    ),
    { text: "one", files: [{ name: "PART001.txt", type: "text/plain", data: "two\r\n--c" }] },
  ],
  [
    "an inner multipart with the boundary of the outer",
    mailOf(mixed, "", "--b", "Content-Type: multipart/mixed; boundary=b", "", "--b", "", "one", "--b--", "", "two"),
    { text: "one", files: [] },
  ],
  [
    "a mail in a mail stays whole",
    mailOf(mixed, "", "--b", "Content-Type: message/rfc822", "", "Subject: in", mixed, "", "--c", "--b--"),
    { text: "", files: [{ name: "PART001.eml", type: "message/rfc822", data: `Subject: in\r\n${mixed}\r\n\r\n--c` }] },
  ],
  [
    "a digest's parts are mails",
    mailOf("Content-Type: multipart/digest; boundary=b", "", "--b", "", "A: b", "--b--"),
    { files: [{ name: "PART001.eml", type: "message/rfc822", data: "A: b" }] },
  ],
  [
    "a multipart without boundary is text",
    mailOf("Content-Type: multipart/mixed", "", "--b", "x"),
    { text: "--b\r\nx" },
  ],
  ["an unintelligible type is text", mailOf("Content-Type: text", "", "x"), { text: "x", files: [] }],
  [
    "repeated fields: the first counts",
    mailOf("Content-Type: a/b", "Content-Type: c/d", "", "x"),
    {
      files: [{ name: "PART001.bin", type: "a/b", data: "x" }],
    },
  ],
  [
    "folded and encoded names",
    mailOf("Content-Type: a/b;", '\tname="=?utf-8?Q?a=20=C3?=', ' =?utf-8?B?qS5wZGY=?="', "", "x"),
    { files: [{ name: "a \u00e9.pdf", type: "a/b", data: "x" }] },
  ],
  [
    "a boundary with backslash pairs",
    mailOf('Content-Type: multipart/mixed; boundary="\\=_b\\\\b"', "", "--=_b\\b", "", "text", "--=_b\\b--"),
    { text: "text", files: [] },
  ],
  [
    "a boundary of UTF-8 bytes that ends in A0",
    mailOf('Content-Type: multipart/mixed; boundary="=_\xc3\xa0"', "", "--=_\xc3\xa0", "", "text", "--=_\xc3\xa0--"),
    { text: "text", files: [] },
  ],
  [
    "no boundary line at all: the body as it came is the text",
    mailOf(mixed, "", "--c", "Content-Type: a/b", "", "=41", "--c--", ""),
    { text: "--c\r\nContent-Type: a/b\r\n\r\n=41\r\n--c--\r\n", files: [] },
  ],
  [
    "a closing boundary line without any part",
    mailOf(mixed, "", "the text", "--b--", "epilogue"),
    { text: "the text", files: [] },
  ],
  [
    "an inner multipart without its boundary line is a text",
    mailOf(mixed, "", "--b", "Content-Type: multipart/mixed; boundary=c", "", "one", "--b", "", "two", "--b--"),
    { text: "one", files: [{ name: "PART001.txt", type: "text/plain", data: "two" }] },
  ],
  [
    "an inner multipart with the boundary of the outer, and a preamble",
    mailOf(mixed, "", "--b", "Content-Type: multipart/mixed; boundary=b", "", "preamble", "--b", "", "one", "--b--"),
    { text: "one", files: [] },
  ],
  [
    "blanks before the colon, and comments",
    mailOf(
      "Content-Type : multipart/mixed (c) ; boundary=b (the boundary)",
      "",
      "--b",
      "Content-Type\t: application/pdf (a document); name=a.pdf",
      "Content-Transfer-Encoding : (in) base64 (encoded)",
      "",
      "YQ==YmM=",
      "--b--",
    ),
    { text: "", files: [{ name: "a.pdf", type: "application/pdf", data: "abc" }] },
  ],
  [
    "HTML before the plain text of an alternative in a related in a mixed",
    mailOf(
      mixed,
      "",
      "--b",
      "Content-Type: multipart/related; boundary=c",
      "",
      "--c",
      "Content-Type: multipart/alternative; boundary=d",
      "",
      "--d",
      "Content-Type: text/html",
      "",
      "<p>",
      "--d",
      "Content-Type: text/plain; charset=utf-8",
      "",
      "plain",
      "--d--",
      "--c--",
      "--b--",
    ),
    { text: "plain", files: [{ name: "PART001.htm", type: "text/html", data: "<p>" }] },
  ],
  [
    "HTML beside files only is the body",
    parted("Content-Type: image/png; name=a.png", "Content-Type: text/calendar", "Content-Type: text/html"),
    {
      text: "2",
      files: [
        { name: "a.png", type: "image/png", data: "0" },
        { name: "PART001.ics", type: "text/calendar", data: "1" },
      ],
    },
  ],
  [
    "a text that is neither plain nor HTML is the body where nothing else can be",
    parted("Content-Type: text/csv; name=a.csv", "Content-Type: text/enriched"),
    { text: "1", files: [{ name: "a.csv", type: "text/csv", data: "0" }] },
  ],
  [
    "a plain text with an empty name is the body",
    parted('Content-Type: text/plain; name=""', "Content-Type: text/plain"),
    { text: "0", files: [{ name: "PART001.txt", type: "text/plain", data: "1" }] },
  ],
  [
    "a plain text with an inline name is the body",
    parted("Content-Type: text/plain; name=a.txt\r\nContent-Disposition: Inline; filename=a.txt", "A: b"),
    { text: "0", files: [{ name: "PART001.txt", type: "text/plain", data: "1" }] },
  ],
  [
    "a plain text with a name and no disposition is the body where no other is, HTML or not",
    parted("Content-Type: text/html", "Content-Type: text/plain; name=a.txt"),
    { text: "1", files: [{ name: "PART001.htm", type: "text/html", data: "0" }] },
  ],
  [
    "a plain text alone is the body in spite of its name",
    mailOf("Content-Type: text/plain; name=a.txt", "", "x"),
    { text: "x" },
  ],
  [
    "an attached plain text is no body",
    parted("Content-Type: text/plain\r\nContent-Disposition: attachment", "Content-Type: text/html"),
    { text: "1", files: [{ name: "PART001.txt", type: "text/plain", data: "0" }] },
  ],
  [
    "an unknown disposition is an attachment",
    parted("Content-Type: text/plain\r\nContent-Disposition: x-card", "A: b"),
    { text: "1", files: [{ name: "PART001.txt", type: "text/plain", data: "0" }] },
  ],
  [
    "a disposition without a type names the file",
    parted("A: b", 'Content-Type: a/b\r\nContent-Disposition: filename="x.bin"'),
    { text: "0", files: [{ name: "x.bin", type: "a/b", data: "1" }] },
  ],
  [
    "an empty file name gives way to the name of the type",
    parted("A: b", 'Content-Type: a/b; name=x.bin\r\nContent-Disposition: attachment; filename=""'),
    { text: "0", files: [{ name: "x.bin", type: "a/b", data: "1" }] },
  ],
];

/** A multipart of parts with these headers; the content of each is its number. */
function parted(...headers: readonly string[]): Buffer {
  return mailOf(mixed, "", ...headers.flatMap((header, index) => ["--b", header, "", String(index)]), "--b--");
}

test("more text before the first boundary line than is held is the body, and the parts follow", () => {
  const preamble = `${"x".repeat(100)}\r\n`;
  const raw = mailOf(mixed, "", preamble.repeat(1000), "--b", "Content-Type: a/b; name=a", "", "data", "--b--");
  for (const chunks of [[raw], Array.from({ length: 200 }, (_, at) => raw.subarray(at * 600, (at + 1) * 600))]) {
    const mail = parse(chunks);
    expect(mail.text).toBe(preamble.repeat(1000));
    expect(mail.files).toEqual([{ name: "a", type: "a/b", data: "data" }]);
  }
});

test.each([
  ["of the plain text", parted("Content-Type: text/html; charset=a", "Content-Type: text/plain; charset=B"), "b"],
  ["of the HTML where there is no plain text", parted("Content-Type: text/html; charset=A", "Content-Type: a/b"), "a"],
  ["ASCII where none is told", parted("A: b"), "us-ascii"],
])("the charset is that %s", (_, raw, charset) => {
  const parser = new MailParser();
  readWholeMail([raw], parser);
  expect(parser.textCharset).toBe(charset);
});

describe("a mail, cut anywhere", () => {
  test.each(rows)("%s", (_, bytes, expected) => {
    for (const chunks of cuts(bytes)) expect(parse(chunks)).toMatchObject(expected);
  });
});

const words = [
  "--b",
  "--b--",
  "--c",
  "--",
  "-",
  "\r\n",
  "\r\n",
  "\n",
  "\r",
  ": ",
  "Content-Type: multipart/mixed; boundary=b\r\n\r\n",
  "Content-Type: multipart/mixed; boundary=c\r\n\r\n",
  "Content-Type: multipart/digest; boundary=b\r\n\r\n",
  "A: b\r\n",
  "Content-Type: text/plain",
  "; name*0*=utf-8''%41",
  '; name="',
  '"',
  "\\",
  "Content-Transfer-Encoding: base64\r\n\r\n",
  "YWJj",
  "Content-Transfer-Encoding: quoted-printable\r\n\r\n",
  "=",
  "=4",
  " ",
  "\t",
  "=?utf-8?Q?=41?=",
]; // prettier-ignore

test("no bytes throw anything, and events do not depend on the chunks", () => {
  fc.assert(
    fc.property(soup(words), fc.array(fc.nat(), { maxLength: 10 }), (bytes, places) => {
      expect(parse(cutAt(bytes, places))).toEqual(parse([bytes]));
    }),
    { numRuns: 2000 },
  );
});

test.each([
  [
    "1000 deep",
    Array.from({ length: 1000 }, (_, i) => `Content-Type: multipart/mixed; boundary=b${i}\r\n\r\n--b${i}\r\n`),
  ],
  [
    "100000 in number",
    [`${mixed}\r\n\r\n`, ..."x".repeat(100_000)].map((part) => (part === "x" ? "--b\r\n\r\n" : part)),
  ],
  [
    "100000 multiparts",
    [`${mixed}\r\n\r\n`, ..."x".repeat(100_000)].map((part) =>
      part === "x" ? "--b\r\nContent-Type: multipart/a; boundary=c\r\n\r\n" : part,
    ),
  ],
])("parts %s are refused", (_, parts) => {
  const bytes = Buffer.from(parts.join(""));
  for (const chunks of [[bytes], cutAt(bytes, [bytes.length >> 1])]) {
    expect(() => parse(chunks)).toThrow(expect.objectContaining({ name: "ServiceError", code: "REPLY" }));
  }
  expect(new ServiceError("REPLY", "")).toBeInstanceOf(Error);
});

test.each([
  ["boundary look-alikes", `${mixed}\r\n\r\n--b\r\n\r\n`, "\n--"],
  ["dashes without end", `${mixed}\r\n\r\n--b\r\n\r\n`, "-"],
  ["a field without end", "A: ", "x"],
  ["a name without end", "", "x"],
  ["a kept field without end", "Content-Type: ", "a;"],
  ["encoded words without end", "Content-Type: a/b; name=", "=?a?q?"],
  ["blanks in quoted-printable", "Content-Transfer-Encoding: quoted-printable\r\n\r\n", " "],
])("1.6 MB of %s do not cost quadratic time", (_, head, filler) => {
  const bytes = Buffer.from(head + filler.repeat(1_600_000 / filler.length));
  const start = performance.now();
  const parser = new MailParser();
  for (let at = 0; at < bytes.length; at += 1024) parser.push(bytes.subarray(at, at + 1024));
  parser.end();
  // Half a second at most is usual; quadratic time would be minutes.
  expect(performance.now() - start).toBeLessThan(10_000);
});
