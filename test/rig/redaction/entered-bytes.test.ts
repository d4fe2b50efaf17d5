import fc from "fast-check";
import { expect, test } from "vitest";
import { withBytes } from "../../../src/platform/long-bytes.ts";
import { enteredBytes } from "../../../src/rig/redaction/entered-bytes.ts";

/** The same as a pattern, which takes ten times as long. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it looks for.
const END = /(?<!\x03)(?:\x03\x03)*(?:\x1a|\x1b(?=[\r\n]*at))/i;

test.each([
  ["", 0],
  ["data", 4],
  ["data\x1aAT\r", 5],
  ["\x1a\x1a", 1],
  ["\x03\x1a\x03\x03\x03\x1adata", 10],
  ["\x03\x03\x1adata", 3],
  ["\x1b[A data", 8],
  ["data\x1b\r\n\r\nat\r", 5],
  ["\x03\x1bAT\r", 5],
  ["\x1bA", 2],
  ["\x1bATx\x1a", 1],
])("%j: %i are data", (bytes, count) => {
  expect(enteredBytes({ bytes })).toBe(count);
});

test("any data end where the pattern says, few or many", () => {
  const piece = fc.constantFrom("\x03", "\x1a", "\x1b", "\r", "\n", "a", "T", "at", "x");
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), fc.boolean(), (pieces, isLong) => {
      const bytes = `${isLong ? "\x03".repeat(600) : ""}${pieces.join("")}`;
      const end = END.exec(bytes);
      const count = end === null ? bytes.length : end.index + end[0].length;
      expect(enteredBytes({ bytes })).toBe(count);
      expect(enteredBytes(withBytes({}, Buffer.from(bytes, "latin1")))).toBe(count);
    }),
  );
});
