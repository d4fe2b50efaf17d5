import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type BareLineFeed, DotUnstuffer } from "../../src/codec/dot-unstuffer.ts";
import { cutAt, cuts, soup } from "../support/cut.ts";

function unstuff(chunks: readonly Buffer[], bareLineFeed?: BareLineFeed) {
  const unstuffer = new DotUnstuffer(bareLineFeed);
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

/** What LF alone means until a CR LF has come: to a server that is known to use it, and to one that is not. */
describe.each<readonly [what: string, mode: BareLineFeed, wire: string, data: string, done: boolean, rest: string]>([
  ["LF . LF", "line-end", "a\nb\n.\n", "a\nb\n", true, ""],
  ["LF . CR LF", "line-end", "a\n.\r\n", "a\n", true, ""],
  ["an empty message", "line-end", ".\n", "", true, ""],
  ["what follows the end", "line-end", "a\n.\n+OK\n", "a\n", true, "+OK\n"],
  ["stuffed dots", "line-end", "..\n...a\n.\n", ".\n..a\n", true, ""],
  ["a dot that nobody stuffed", "line-end", "a\n.b\n.\n", "a\nb\n", true, ""],
  ["a dot inside a line", "line-end", "a.\n.\n", "a.\n", true, ""],
  ["LF . LF after a CR LF", "line-end", "a\r\nb\n.\nc\r\n.\r\n", "a\r\nb\n.\nc\r\n", true, ""],
  ["LF . LF after lines of both kinds", "line-end", "a\nb\r\nc\n.\nd\r\n.\r\n", "a\nb\r\nc\n.\nd\r\n", true, ""],
  ["CR LF alone", "line-end", "a\r\n..b\r\n.\r\n", "a\r\n.b\r\n", true, ""],
  ["no end", "line-end", "a\n.", "a\n", false, ""],
  ["LF . CR LF", "closes-before-crlf", "a\nb\n.\r\n", "a\nb\n", true, ""],
  ["what follows LF . CR LF", "closes-before-crlf", "a\n.\r\n+OK\r\n", "a\n", true, "+OK\r\n"],
  ["LF . LF", "closes-before-crlf", "a\n.\nb\r\n.\r\n", "a\n.\nb\r\n", true, ""],
  ["LF . LF and LF . CR LF", "closes-before-crlf", "a\n.\nb\n.\r\n", "a\n.\nb\n", true, ""],
  ["a dot after LF, stuffed or not", "closes-before-crlf", "a\n..b\n.c\n.\rd\n.\r\n", "a\n..b\n.c\n.\rd\n", true, ""],
  ["LF . CR LF after a CR LF", "closes-before-crlf", "a\r\nb\n.\r\nc\r\n.\r\n", "a\r\nb\n.\r\nc\r\n", true, ""],
  ["LF . CR CR LF", "closes-before-crlf", "a\n.\r\r\n.\r\n", "a\n.\r\r\n", true, ""],
  ["CR LF alone", "closes-before-crlf", "a\r\n..b\r\n.\r\n", "a\r\n.b\r\n", true, ""],
  ["an empty message", "closes-before-crlf", ".\r\n", "", true, ""],
])("%s where a bare LF is %s: %j", (_, mode, wire, data, done, rest) => {
  test.each([...cuts(Buffer.from(wire))].map((chunks, index) => [index, chunks] as const))(
    "cut %i",
    (_index, chunks) => {
      expect(unstuff(chunks, mode)).toEqual({ data, done, rest });
    },
  );
});

test("any message of LF lines survives stuffing and any chunking", () => {
  const message = soup(["\n", "\r", ".", "a", "."]).map((bytes) =>
    `a${bytes.toString("latin1")}\n`.replace(/\r+\n/g, "\n"),
  );
  fc.assert(
    fc.property(message, fc.array(fc.nat(), { maxLength: 8 }), (text, places) => {
      const stuffed = `${text.replaceAll("\n.", "\n..")}.\n`;
      expect(unstuff(cutAt(Buffer.from(stuffed, "latin1"), places), "line-end")).toEqual({
        data: text,
        done: true,
        rest: "",
      });
    }),
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
