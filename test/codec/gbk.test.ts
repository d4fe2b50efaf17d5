import { expect, test } from "vitest";
import { decodeGbk } from "../../src/codec/gbk.ts";

test.each([
  ["b2e2cad42e747874", "测试.txt"],
  ["706c61696e", "plain"],
  ["", ""],
  ["8140", "丂"],
])("the bytes %s are read as %j", (hex, text) => {
  expect(decodeGbk(Buffer.from(hex, "hex"))).toBe(text);
});

test.each(["b2", "b220", "41b2"])("the bytes %s are not GBK", (hex) => {
  expect(decodeGbk(Buffer.from(hex, "hex"))).toBeUndefined();
});
