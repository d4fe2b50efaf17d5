import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hexDump, isBinary, linesOf, type Token, tokensOf } from "../../../src/web/model/bytes.ts";

/** `AT<CR>` for tokens. */
function show(tokens: readonly Token[]): string {
  return tokens
    .map((token) =>
      token.kind === "text" ? token.text : token.kind === "control" ? `<${token.name}>` : `<${token.hex}>`,
    )
    .join("");
}

describe("bytes as tokens", () => {
  test.each([
    ["AT\r", "AT<CR>"],
    ["\x03\x1a\x7f", "<ETX><SUB><DEL>"],
    ["21 \xc2\xb0C", "21 °C"],
    ["21 \xb0C", "21 <B0>C"],
    ["\xe6\xb5", "<E6><B5>"],
    ["\xef\xbb\xbfx", "<FEFF>x"],
    ["", ""],
  ])("%j is %s", (bytes, expected) => {
    expect(show(tokensOf(bytes))).toBe(expected);
  });

  test("no byte is lost: as many as came can be counted in the tokens", () => {
    const bytes = fc.string({ unit: fc.integer({ min: 0, max: 0x7f }).map((code) => String.fromCharCode(code)) });
    fc.assert(
      fc.property(bytes, (text) => {
        const tokens = tokensOf(text);
        const count = tokens.reduce((sum, token) => sum + (token.kind === "text" ? token.text.length : 1), 0);
        expect(count).toBe(text.length);
        expect(linesOf(tokens).flat()).toEqual(tokens);
      }),
    );
  });
});

test.each([
  ["\r\n+CSQ: 22,0\r\n\r\nOK\r\n", ["<CR><LF>+CSQ: 22,0<CR><LF>", "<CR><LF>OK<CR><LF>"]],
  ["AT\r", ["AT<CR>"]],
  ["a\nb", ["a<LF>", "b"]],
  ["\r\n", ["<CR><LF>"]],
  ["a\r\n\r\n", ["a<CR><LF><CR><LF>"]],
  ["", []],
])("the lines of %j", (bytes, expected) => {
  expect(linesOf(tokensOf(bytes)).map(show)).toEqual(expected);
});

test("a dump shows the place, the bytes and their letters", () => {
  expect(hexDump("ABCDEFGHIJKLMNOP\x00\xff!")).toEqual([
    "000000  41 42 43 44 45 46 47 48 49 4A 4B 4C 4D 4E 4F 50  ABCDEFGHIJKLMNOP",
    "000010  00 FF 21                                         ..!",
  ]);
});

test.each([
  ["\r\nOK\r\n", false],
  ["caf\xc3\xa9 ".repeat(20), false],
  ["\x00\x01\x02\xff\xfe".repeat(20), true],
  ["", false],
])("%j is binary: %s", (bytes, expected) => {
  expect(isBinary(bytes)).toBe(expected);
});
