import fc from "fast-check";
import { expect, test } from "vitest";
import { withBytes } from "../../../src/platform/long-bytes.ts";
import { EnteredBytes } from "../../../src/rig/redaction/entered-bytes.ts";

/** The same as a pattern, which takes ten times as long. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it looks for.
const END = /(?<!\x03)(?:\x03\x03)*(?:\x1a|\x1b(?=[\r\n]*at))/i;

function countOf(...pieces: readonly string[]): number {
  const entered = new EnteredBytes();
  return pieces.map((bytes) => entered.count({ bytes })).at(-1) ?? 0;
}

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
  expect(countOf(bytes)).toBe(count);
});

test.each([
  [["data\x03", "\x1amore"], 5],
  [["data\x03", "\x03\x1amore"], 2],
  [["data\x03", "", "\x03\x03\x1amore"], 7],
  [["data\x03\x03", "\x1amore"], 1],
  [["data", "\x1amore"], 1],
])("%j: %i of the last piece are data", (pieces, count) => {
  expect(countOf(...pieces)).toBe(count);
});

test("an ETX at the end of one entry escapes nothing in the next", () => {
  const entered = new EnteredBytes();
  entered.count({ bytes: "data\x03" });
  entered.begin();
  expect(entered.count({ bytes: "\x1amore" })).toBe(1);
});

test.each([false, true])(
  "an end behind many escaped bytes, the first of them escaped by the piece before: %s",
  (isEscaped) => {
    const entered = new EnteredBytes();
    entered.count({ bytes: isEscaped ? "\x03" : "\x03\x1a" });
    const data = `${isEscaped ? "" : "\x03"}\x1a${"\x03\x03\x03\x1ax".repeat(10_000)}`;
    expect(entered.count({ bytes: data })).toBe(data.length);
    expect(entered.count({ bytes: `${data.slice(1)}\x03\x03\x1amore` })).toBe(isEscaped ? data.length + 2 : 1);
  },
);

test("any data end where the pattern says, few or many", () => {
  const piece = fc.constantFrom("\x03", "\x1a", "\x1b", "\r", "\n", "a", "T", "at", "x");
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), fc.boolean(), (pieces, isLong) => {
      const bytes = `${isLong ? "\x03".repeat(600) : ""}${pieces.join("")}`;
      const end = END.exec(bytes);
      const count = end === null ? bytes.length : end.index + end[0].length;
      expect(countOf(bytes)).toBe(count);
      expect(new EnteredBytes().count(withBytes({}, Buffer.from(bytes, "latin1")))).toBe(count);
    }),
  );
});
