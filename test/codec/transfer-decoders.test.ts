import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Base64Decoder } from "../../src/codec/base64-decoder.ts";
import { QuotedPrintableDecoder } from "../../src/codec/quoted-printable-decoder.ts";
import { cutAt, cuts, soup } from "../support/cut.ts";

function base64(chunks: readonly Buffer[]): string {
  const decoder = new Base64Decoder();
  return chunks.map((chunk) => decoder.push(chunk).toString("latin1")).join("");
}

function quotedPrintable(chunks: readonly Buffer[]): string {
  const decoder = new QuotedPrintableDecoder();
  return [...chunks.map((chunk) => decoder.push(chunk)), decoder.end()].map((part) => part.toString("latin1")).join("");
}

const base64Rows: ReadonlyArray<readonly [string, string, string]> = [
  ["nothing", "", ""],
  ["three bytes", "TWFu", "Man"],
  ["two bytes", "TWE=", "Ma"],
  ["one byte", "TQ==", "M"],
  ["missing padding", "TWFuTQ", "ManM"],
  ["half the padding", "TWFuTQ=", "ManM"],
  ["line ends anywhere", "T\r\nWF\nu\r\nTWFu\r\n", "ManMan"],
  ["foreign characters", "T-W_F*u ", "Man"],
  ["a pad where no group can end", "=T=WFu", "Man"],
  ["a pad that data follows", "TW=Fu", "Man"],
  ["data after the padding", "TQ==TWFu", "MMan"],
  ["pieces, each padded, on lines of their own", "TQ==\r\nTWE=\r\nTWFu\r\nTQ==", "MMaManM"],
  ["more pads than a group holds", "TQ====TWFu", "MMan"],
  ["padding broken by a line end", "TQ=\r\n=", "M"],
  ["a letter too many", "TWFuT", "Man"],
  ["high bytes", "//79", "\xff\xfe\xfd"],
];

const quotedPrintableRows: ReadonlyArray<readonly [string, string, string]> = [
  ["plain text", "a b\r\nc", "a b\r\nc"],
  ["bytes", "=41=e9=C3\r\n", "A\xe9\xc3\r\n"],
  ["a soft line break", "a=\r\nb", "ab"],
  ["a soft line break with a bare line feed", "a=\nb", "ab"],
  ["a soft line break with blanks added on the way", "a= \t\r\nb", "ab"],
  ["blanks at a line's end", "a \t \r\nb \nc ", "a\r\nb\nc"],
  ["blanks inside a line", "a \t b", "a \t b"],
  ["encoded blanks at a line's end", "a=20\r\n", "a \r\n"],
  ["an equals sign that begins nothing", "1=x =g1=", "1=x =g1"],
  ["half a byte at the end", "a=4", "a=4"],
  ["an equals sign before a byte", "==41", "=A"],
  ["an equals sign and a bare carriage return", "a=\rb", "a=\rb"],
  ["a soft line break at the end", "a=\r\n", "a"],
  ["a carriage return at the end", "a \r", "a \r"],
  ["a run of blanks too long to hold", `a${" ".repeat(3000)}\r\n=41`, `a${" ".repeat(3000)}\r\nA`],
];

describe.each([
  ["base64", base64, base64Rows],
  ["quoted-printable", quotedPrintable, quotedPrintableRows],
] as const)("%s", (_, decode, rows) => {
  test.each(rows)("%s, cut anywhere", (_name, encoded, decoded) => {
    for (const chunks of cuts(Buffer.from(encoded, "latin1"))) expect(decode(chunks)).toBe(decoded);
  });

  test("the result does not depend on the chunks", () => {
    fc.assert(
      fc.property(soup(["=", "=\r\n", " ", "\t", "=4", "TWFu", "\r\n", "=="]), fc.array(fc.nat()), (bytes, places) => {
        expect(decode(cutAt(bytes, places))).toBe(decode([bytes]));
      }),
    );
  });
});

test("base64 of any bytes gives them back", () => {
  fc.assert(
    fc.property(fc.uint8Array(), fc.array(fc.nat()), (bytes, places) => {
      const encoded = Buffer.from(Buffer.from(bytes).toString("base64"));
      expect(base64(cutAt(encoded, places))).toBe(Buffer.from(bytes).toString("latin1"));
    }),
  );
});
