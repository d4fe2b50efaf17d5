import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DotUnstuffer } from "../../src/codec/dot-unstuffer.ts";
import { cutAt, cuts, soup } from "../support/cut.ts";

function unstuff(chunks: readonly Buffer[]) {
  const unstuffer = new DotUnstuffer();
  let data = "";
  let rest = "";
  for (const chunk of chunks) {
    data += unstuffer.push(chunk).toString("latin1");
    if (unstuffer.done) rest += chunk.subarray(chunk.length - unstuffer.rest).toString("latin1");
  }
  return { data, done: unstuffer.done, rest };
}

describe.each([
  ["an empty message", ".\r\n", "", true, ""],
  ["a line", "a\r\n.\r\n", "a\r\n", true, ""],
  ["what follows the end", "a\r\n.\r\n+OK\r\n", "a\r\n", true, "+OK\r\n"],
  ["a stuffed dot", "..\r\n.\r\n", ".\r\n", true, ""],
  ["a stuffed dot after a line", "a\r\n...b\r\n.\r\n", "a\r\n..b\r\n", true, ""],
  ["a dot that nobody stuffed", ".a\r\n.\r\n", "a\r\n", true, ""],
  ["a dot inside a line", "a.b.\r\n.\r\n", "a.b.\r\n", true, ""],
  ["bare line feeds around a dot", "a\n.\nb\r\n.\r\n", "a\n.\nb\r\n", true, ""],
  ["a dot and a bare line feed at a line's start", "a\r\n.\n.\r\n", "a\r\n\n.\r\n", false, ""],
  ["a dot and a bare carriage return", ".\rb\r\n.\r\n", "\rb\r\n", true, ""],
  ["two carriage returns after a dot", ".\r\r\n.\r\n", "\r\r\n", true, ""],
  ["no end", "a\r\n.", "a\r\n", false, ""],
])("%s", (_, wire, data, done, rest) => {
  test.each([...cuts(Buffer.from(wire))].map((chunks, index) => [index, chunks] as const))(
    "cut %i",
    (_index, chunks) => {
      expect(unstuff(chunks)).toEqual({ data, done, rest });
    },
  );
});

test("any message survives stuffing and any chunking", () => {
  const message = soup(["\r\n", "\n", "\r", ".", "a"]).map((bytes) => `${bytes.toString("latin1")}\r\n`);
  fc.assert(
    fc.property(message, fc.array(fc.nat(), { maxLength: 8 }), (text, places) => {
      const stuffed = `${text.startsWith(".") ? "." : ""}${text.replaceAll("\r\n.", "\r\n..")}.\r\n`;
      expect(unstuff(cutAt(Buffer.from(stuffed, "latin1"), places))).toEqual({ data: text, done: true, rest: "" });
    }),
  );
});
