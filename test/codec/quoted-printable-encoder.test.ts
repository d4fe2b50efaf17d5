import fc from "fast-check";
import { expect, test } from "vitest";
import { encodeQuotedPrintable } from "../../src/codec/quoted-printable-encoder.ts";

function decode(encoded: string): Buffer {
  const text = encoded.replaceAll("=\r\n", "");
  return Buffer.from(
    text.replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16))),
    "latin1",
  );
}

test.each([
  ["plain", "plain"],
  ["a=b", "a=3Db"],
  ["blank at the end \r\nnext\t", "blank at the end=20\r\nnext=09"],
  ["bare \r and \n stay data", "bare =0D and =0A stay data"],
  ["\u00e9", "=C3=A9"],
  ["x".repeat(76), "x".repeat(76)],
  ["x".repeat(77), `${"x".repeat(75)}=\r\nxx`],
  [`${"x".repeat(74)}=`, `${"x".repeat(74)}=\r\n=3D`],
  ["", ""],
])("%j is encoded as %j", (text, encoded) => {
  expect(encodeQuotedPrintable(Buffer.from(text)).toString("latin1")).toBe(encoded);
});

test("any text survives, in printable lines of at most 76 characters", () => {
  const piece = fc.oneof(fc.constantFrom("\r\n", " ", "\t", ".", "=", "\r", "\n"), fc.string({ unit: "binary" }));
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      const text = Buffer.from(pieces.join(""));
      const encoded = encodeQuotedPrintable(text).toString("latin1");
      expect(decode(encoded)).toEqual(text);
      for (const line of encoded.split("\r\n")) expect(line).toMatch(/^(?:[\t -~]{0,75}[!-~])?$/);
    }),
  );
});
