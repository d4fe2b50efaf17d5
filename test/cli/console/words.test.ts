import { expect, test } from "vitest";
import { pictureOf, typedBytes } from "../../../src/cli/console/typed-bytes.ts";
import { splitWords } from "../../../src/cli/console/words.ts";

test.each([
  ["", []],
  ["  a  b ", ["a", "b"]],
  [`urc '+CMTI: "SM",1'`, ["urc", '+CMTI: "SM",1']],
  [`a"b c"d`, ["ab cd"]],
  [String.raw`"a\"b" c\ d '\'`, ['a"b', "c d", "\\"]],
  [`expect '{"a":1}' ""`, ["expect", '{"a":1}', ""]],
])("%j is %j", (line, words) => {
  expect(splitWords(line)).toEqual(words);
});

test.each([`a "b`, "a 'b", "a\\"])("%j is refused", (line) => {
  expect(() => splitWords(line)).toThrow(/is not closed/);
});

test("every control byte has a picture that stands for it in a line", () => {
  const controls = [...Array(32).keys(), 127].map((code) => String.fromCharCode(code)).join("");
  const pictures = [...controls].map(pictureOf).join("");
  expect(pictures).not.toMatch(/\p{Cc}/u);
  expect(typedBytes(pictures).toString("latin1")).toBe(controls);
  expect(typedBytes("é␚").toString("hex")).toBe("c3a91a");
});
