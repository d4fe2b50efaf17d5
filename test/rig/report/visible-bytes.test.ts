import { expect, test } from "vitest";
import { visibleBytes } from "../../../src/rig/report/visible-bytes.ts";

const utf8 = (text: string) => Buffer.from(text).toString("latin1");

test.each<[string, number | undefined, string]>([
  ["AT+CSQ\r\n", undefined, "AT+CSQ<CR><LF>"],
  ["\0\x03\x1a\x1b\x7f", undefined, "<NUL><ETX><SUB><ESC><DEL>"],
  [utf8("20 °C 测试"), undefined, "20 °C 测试"],
  ["20 \xb0C", undefined, "20 <B0>C"],
  [utf8("a\u009bb\u2028\u202ec"), undefined, "a<9B>b<2028><202E>c"],
  [`abc${"x".repeat(100)}\x1a`, 20, "abcxxxxxxx...xxxxx<SUB> (104 bytes)"],
  ["x".repeat(20), 20, "x".repeat(20)],
  ["\0".repeat(1000), 20, "...<NUL><NUL><NUL><NUL><NUL><NUL> (1000 bytes)"],
])("%j in %j characters", (bytes, width, shown) => {
  expect(visibleBytes(bytes, width)).toBe(shown);
});
