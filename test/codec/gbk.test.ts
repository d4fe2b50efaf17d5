import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeGbk, gbkEncoder } from "../../src/codec/gbk.ts";

const encode = gbkEncoder();

test.each([
  ["测试.txt", "b2e2cad42e747874"],
  ["plain", "706c61696e"],
  ["", ""],
  ["丂", "8140"],
])("%j is written %s and read back", (text, hex) => {
  const bytes = encode(text);
  expect(bytes && Buffer.from(bytes).toString("hex")).toBe(hex);
  expect(decodeGbk(Buffer.from(hex, "hex"))).toBe(text);
});

test.each(["😀", "é😀", "\uD800"])("%j is not in GBK", (text) => {
  expect(encode(text)).toBeUndefined();
});

test.each(["b2", "b220", "41b2"])("the bytes %s are not GBK", (hex) => {
  expect(decodeGbk(Buffer.from(hex, "hex"))).toBeUndefined();
});

test("what can be written is read back", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const bytes = encode(text);
      if (bytes !== undefined) expect(decodeGbk(bytes)).toBe(text);
    }),
  );
});
