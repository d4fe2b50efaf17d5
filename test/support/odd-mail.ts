import fc from "fast-check";

/** A message in the forms that real programs send beside the plain ones, and that postal-mime reads as the RFCs say. */
export interface OddMail {
  readonly raw: Buffer;
}

const colon = fc.constantFrom(":", " :", "\t :", ": ");
const comment = fc.constantFrom(
  "",
  "",
  " (a comment)",
  " (a (nested) one; with=semicolon)",
  ' (quoted \\) pair " here)',
);

/** The name as its field has it, and the rest of the fields. */
const names = fc.constantFrom(
  "; NAME=a.bin",
  '; NAME="two words.pdf"',
  '; NAME="semi;colon.txt"',
  '; NAME="quoted\\_pair\\".txt"',
  '; NAME="(not a comment).txt"',
  '; NAME="=?utf-8?B?5rWL6K+VLnR4dA==?="',
  '; NAME="=?utf-8?Q?caf=C3?= =?utf-8?Q?=A9.txt?="',
  '; NAME="=?shift_jis?B?k/qWew==?=.txt"',
  '; NAME="=?x-sjis?B?h0A=?=.txt"',
  '; NAME="=?ks_c_5601-1987?B?x9Gx2w==?=.txt"',
  '; NAME="=?koi8-r?B?0NLJ18XU?="',
  "; NAME*=utf-8''%E6%B5%8B.txt",
  "; NAME*0*=gbk'zh'%b2%e2; NAME*1*=%ca%d4; NAME*2=.txt",
  '; NAME*0="=?utf-8?B?5rWL6K+V"; NAME*1="LnR4dA==?="',
  '; NAME*0="=?utf-8?Q?a?="; NAME*1="=?utf-8?Q?_b.txt?="',
  '; NAME*1="second.txt"; NAME*0="first-"',
);

const file = fc.record({
  bytes: fc.uint8Array({ minLength: 1, maxLength: 40 }),
  /** Where each padded piece of base64 ends. */
  cuts: fc.array(fc.nat(39), { maxLength: 3 }),
  name: names,
  disposed: fc.boolean(),
  colon,
  comment,
});

const boundary = fc.constantFrom(
  { parameter: "boundary=plain", line: "plain" },
  { parameter: 'boundary="with blank"', line: "with blank" },
  { parameter: 'boundary="\\=_bb"', line: "=_bb" },
  { parameter: 'boundary="a\\\\b"', line: "a\\b" },
  { parameter: 'boundary="=_\xc3\xa9\xe6\xb5\x8b"', line: "=_\xc3\xa9\xe6\xb5\x8b" },
  { parameter: "boundary=commented (the boundary)", line: "commented" },
);

/** A text, HTML or neither beside it in any order, and files. */
export const oddMail: fc.Arbitrary<OddMail> = fc
  .record({
    boundary,
    colon,
    comment,
    bodies: fc.constantFrom(["plain"], ["plain", "html"], ["html", "plain"]),
    kind: fc.constantFrom("mixed", "related"),
    files: fc.array(file, { minLength: 1, maxLength: 3 }),
    lineEnd: fc.constantFrom("\r\n", "\n"),
  })
  .map((mail) => {
    const bodies = mail.bodies.map((body) => [
      body === "plain" ? `Content-Type${mail.colon}text/plain${mail.comment}` : "Content-Type: text/html",
      "",
      body === "plain" ? "the text" : "<p>the text</p>",
    ]);
    const alternatives = [
      "Content-Type: multipart/alternative; boundary=inner",
      "",
      ...bodies.flatMap((body) => ["--inner", ...body]),
      "--inner--",
    ];
    const parts = [alternatives, ...mail.files.map(filePart)];
    const lines = [
      "MIME-Version: 1.0 (made by a test)",
      `Content-Type${mail.colon}multipart/${mail.kind}${mail.comment}; ${mail.boundary.parameter}`,
      "",
      ...parts.flatMap((part) => [`--${mail.boundary.line}`, ...part]),
      `--${mail.boundary.line}--`,
      "",
    ];
    return { raw: Buffer.from(lines.join(mail.lineEnd), "latin1") };
  });

function filePart(file: {
  bytes: Uint8Array;
  cuts: number[];
  name: string;
  disposed: boolean;
  colon: string;
  comment: string;
}): string[] {
  const places = [0, ...file.cuts.map((cut) => Math.min(cut, file.bytes.length)), file.bytes.length];
  places.sort((a, b) => a - b);
  const pieces = places.slice(1).map((end, index) => Buffer.from(file.bytes.slice(places[index], end)));
  const name = file.name.replaceAll("NAME", file.disposed ? "filename" : "name");
  return [
    `Content-Type${file.colon}application/octet-stream${file.comment}${file.disposed ? "" : name}`,
    ...(file.disposed ? [`Content-Disposition${file.colon}attachment${file.comment}${name}`] : []),
    `Content-Transfer-Encoding${file.colon}base64${file.comment}`,
    "",
    ...pieces.map((piece) => piece.toString("base64")),
  ];
}
