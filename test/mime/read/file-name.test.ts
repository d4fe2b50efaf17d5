import fc from "fast-check";
import { expect, test } from "vitest";
import { fileName } from "../../../src/mime/read/file-name.ts";
import { readHeader } from "../../../src/mime/read/header.ts";
import { parseParameters } from "../../../src/mime/read/parameters.ts";
import { decodeWords } from "../../../src/mime/read/words.ts";
import { cuts } from "../../support/cut.ts";

const long = "x".repeat(300);

test.each([
  ["a.txt", "a.txt"],
  ["../../etc/passwd", "passwd"],
  ["C:\\Users\\me\\report.doc", "report.doc"],
  ["D:report.doc", "report.doc"],
  ["/a/b\\c/d.txt", "d.txt"],
  ["dir/", ""],
  ["..", ""],
  [".", ""],
  ["", ""],
  [" . . ", ""],
  ['\\:*?"<>|,;', ""],
  ['a*b?c"d<e>f|g,h;i.txt', "abcdefghi.txt"],
  ["a.txt. . ", "a.txt"],
  ["a\0b\r\n\u0085c\u202ed.txt", "abcd.txt"],
  ["  测试.txt", "测试.txt"],
  [`${long}.txt`, `${"x".repeat(196)}.txt`],
  [long, "x".repeat(200)],
  [`${"测".repeat(100)}.jpeg`, `${"测".repeat(65)}.jpeg`],
  [`${"x".repeat(195)}. .txt`, `${"x".repeat(195)}.txt`],
  [`.${long}`, `.${"x".repeat(199)}`],
  ["NUL.txt", "NUL.txt"],
  ["r\ufffdport.txt", "r_port.txt"],
])("%j becomes %j", (name, expected) => {
  expect(fileName(name)).toBe(expected);
});

test("any name becomes one that the EFS takes, and such a name stays", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 300 }), (name) => {
      const safe = fileName(name);
      expect(safe).not.toMatch(/[\\/:*?"<>|,;\p{Cc}]|[. ]$/u);
      expect(Buffer.byteLength(safe)).toBeLessThanOrEqual(200);
      expect(fileName(safe)).toBe(safe);
    }),
  );
});

test.each([
  ["plain", "plain"],
  ["=?utf-8?B?5rWL6K+V?=", "测试"],
  ["=?UTF-8?q?a_b=C3=A9?= tail", "a bé tail"],
  ["=?utf-8?q?=E6=B5?= \t=?utf-8?q?=8B?=", "测"],
  ["=?utf-8?q?a?= =?iso-8859-1?q?=E9?=", "aé"],
  ["=?gbk?B?suLK1A==?=", "测试"],
  ["=?koi8-r?B?0NLJ18XU?=", "привет"],
  ["=?iso-2022-jp?B?GyRCRnxLXBsoQg==?=", "日本"],
  ["=?utf-8*en?q?x?=", "x"],
  ["=?no-such-charset?q?=C3=A9?=", "é"],
  ["=?utf-8?q?=E9?=", "é"],
  ["=?utf-8?x?a?=", "=?utf-8?x?a?="],
  ["=?utf-8?q?a", "=?utf-8?q?a"],
  ["\xc3\xa9", "é"],
  ["\xe9", "é"],
])("the words %j are %j", (text, decoded) => {
  expect(decodeWords(text)).toBe(decoded);
});

test.each([
  ["a/b; name=x", "x"],
  ['A/B; NAME="x y"', "x y"],
  ['a/b; name="a;b\\"c\\\\d"', 'a;b"c\\d'],
  ['a/b; name="C:\\dir\\x"', "C:\\dir\\x"],
  ["a/b; name=x; name=y", "x"],
  ["a/b; x; =y; name = z ", "z"],
  ['a/b; name="never ends', "never ends"],
  ["a/b; name*=utf-8'en'%e6%b5%8b", "测"],
  ["a/b; name*=UTF-8''a%20b; name=plain", "a b"],
  ["a/b; name*0=a; name*1=b; name*2=c", "abc"],
  ["a/b; name*1=b; name*0=a", "ab"],
  ["a/b; name*0=a; name*2=c", "a"],
  ["a/b; name*0*=gbk''%b2%e2; name*1*=%ca%d4; name*2=.txt", "测试.txt"],
  ["a/b; name*0*=utf-8''%e6; name*1*=%b5%8b", "测"],
  ["a/b; name*1=b; name=plain", "plain"],
  ["a/b; name*=broken%zz", "broken%zz"],
  ["a/b; name*999999999=x", undefined],
  ["a/b", undefined],
])("the name in %j is %j", (field, name) => {
  expect(parseParameters(field)).toMatchObject({ value: "a/b" });
  expect(parseParameters(field).parameters.get("name")).toBe(name);
});

async function* source(chunks: readonly Buffer[]) {
  yield* chunks;
}

test.each([
  ["a header", "From: a\r\nDate: b\r\nSubject: c\r\n\r\nSubject: body\r\n", { From: "a", Date: "b", Subject: "c" }],
  ["nothing", "", { From: "", Date: "", Subject: "" }],
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
