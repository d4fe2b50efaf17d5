import { expect, test } from "vitest";
import { decodeCharset } from "../../../src/mime/read/charset.ts";

test.each<[string, readonly number[], string]>([
  ["utf-8", [0xc3, 0xa9], "\u00e9"],
  ["utf-8", [0xef, 0xbb, 0xbf, 0x61], "\ufeffa"],
  ["UTF-8", [0xe9], "\u00e9"],
  ["iso-8859-1", [0xff, 0x61], "\u00ffa"],
  ["iso-8859-1", [0xfe, 0xff], "\u00fe\u00ff"],
  ["iso-8859-15", [0xa4], "\u20ac"],
  ["gb2312", [0xb2, 0xe2], "\u6d4b"],
  ["no-such-charset", [0xc3, 0xa9], "\u00e9"],
  ["no-such-charset", [0xe9], "\u00e9"],
])("%s %j", (charset, bytes, text) => {
  expect(decodeCharset(Buffer.from(bytes), charset)).toBe(text);
});
