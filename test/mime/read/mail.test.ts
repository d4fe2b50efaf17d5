import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type MailEvent, MailParser } from "../../../src/mime/read/mail.ts";
import { ServiceError } from "../../../src/platform/network/service-error.ts";
import { cutAt, cuts, soup } from "../../support/cut.ts";

interface Mail {
  header: string;
  text: string;
  files: { name: string; type: string; data: string }[];
}

function parse(chunks: readonly Buffer[]): Mail {
  const parser = new MailParser();
  const mail: Mail = { header: "", text: "", files: [] };
  let open = false;
  const take = (event: MailEvent) => {
    switch (event.type) {
      case "header":
      case "text":
        mail[event.type] += event.bytes.toString("latin1");
        break;
      case "file":
        expect(open).toBe(false);
        open = true;
        mail.files.push({ name: event.name, type: event.mediaType, data: "" });
        break;
      case "data":
        expect(open).toBe(true);
        (mail.files.at(-1) ?? { data: "" }).data += event.bytes.toString("latin1");
        break;
      case "file-end":
        open = false;
        break;
    }
  };
  for (const chunk of chunks) parser.push(chunk).forEach(take);
  parser.end().forEach(take);
  expect(open).toBe(false);
  return mail;
}

function mailOf(...lines: readonly string[]): Buffer {
  return Buffer.from(lines.join("\r\n"), "latin1");
}

const mixed = 'Content-Type: multipart/mixed; boundary="b"';

const rows: ReadonlyArray<readonly [string, Buffer, Partial<Mail>]> = [
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
];

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
])("%s cost linear time", (_, head, filler) => {
  const time = (length: number) => {
    const bytes = Buffer.from(head + filler.repeat(length / filler.length));
    let best = Number.POSITIVE_INFINITY;
    for (let round = 0; round < 5; round++) {
      const start = performance.now();
      const parser = new MailParser();
      for (let at = 0; at < bytes.length; at += 1024) parser.push(bytes.subarray(at, at + 1024));
      parser.end();
      best = Math.min(best, performance.now() - start);
    }
    return best;
  };
  time(100_000);
  expect(time(1_600_000)).toBeLessThan(24 * Math.max(time(200_000), 0.5));
});
