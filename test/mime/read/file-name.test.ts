import fc from "fast-check";
import { expect, test } from "vitest";
import { fileName } from "../../../src/mime/read/file-name.ts";

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
