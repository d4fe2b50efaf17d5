import { expect, test } from "vitest";
import { readHeader } from "../../../src/mime/read/header.ts";
import { cuts } from "../../support/cut.ts";

async function* source(chunks: readonly Buffer[]) {
  yield* chunks;
}

test.each([
  ["a header", "From: a\r\nDate: b\r\nSubject: c\r\n\r\nSubject: body\r\n", { From: "a", Date: "b", Subject: "c" }],
  ["nothing", "", { From: "", Date: "", Subject: "" }],
  [
    "blanks before the colon",
    "From : a\r\nDate\t :b\r\nX : y\r\nSubject:c\r\n\r\n",
    { From: "a", Date: "b", Subject: "c" },
  ],
  ["a mailbox's From line and blanks", "From a@b : x\r\nFrom : a\r\n\r\n", { From: "a", Date: "", Subject: "" }],
  ["a last byte A0", "Subject: voil\xc3\xa0\r\n\r\n", { From: "", Date: "", Subject: "voil\xc3\xa0" }],
  ["repeated fields", "subject: c\r\nSUBJECT: d\r\n\r\n", { From: "", Date: "", Subject: "c" }],
  ["folded fields", "Subject:\r\n a\r\n\tb\r\nFrom: x\n y\r\n", { From: "x y", Date: "", Subject: "a b" }],
  [
    "encoded words as received",
    "Subject: =?utf-8?B?5rWL?=\r\n\r\n",
    { From: "", Date: "", Subject: "=?utf-8?B?5rWL?=" },
  ],
  [
    "eight-bit bytes as received",
    "Subject: \xe6\xb5\x8b\x85\r\n\r\n",
    { From: "", Date: "", Subject: "\xe6\xb5\x8b\x85" },
  ],
  ["what would forge a reply", "Subject: a\rOK\r\0\x1a\r\n\r\n", { From: "", Date: "", Subject: "a OK" }],
  [
    "a field too long to keep",
    `Subject: ${"x".repeat(9000)}\r\nDate: b\r\n\r\n`,
    { From: "", Date: "b", Subject: "x".repeat(8183) },
  ],
])("the fields of %s, cut anywhere", async (_, text, fields) => {
  const bytes = Buffer.from(text, "latin1");
  const all = bytes.length > 1000 ? [[bytes], [bytes.subarray(0, 5000), bytes.subarray(5000)]] : cuts(bytes);
  for (const chunks of all) expect(await readHeader(source(chunks), ["From", "Date", "Subject"])).toEqual(fields);
});
