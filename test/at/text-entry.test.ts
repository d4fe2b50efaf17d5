import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { TextEntry } from "../../src/at/entry/text-entry.ts";

/** What an entry makes of the chunks. */
function enter(chunks: readonly string[], limit = 100) {
  const entry = new TextEntry(limit);
  let echo = "";
  let rest: string | undefined;
  for (const chunk of chunks) {
    if (rest !== undefined) {
      rest += chunk;
      continue;
    }
    const { consumed, ended } = entry.push(Buffer.from(chunk, "latin1"), (bytes) => {
      echo += Buffer.from(bytes).toString("latin1");
    });
    if (ended) rest = chunk.slice(consumed);
    else expect(consumed).toBe(chunk.length);
  }
  return { text: entry.text, echo, rest };
}

const GONE = "\b \b";

describe("a text", () => {
  test.each<[string, string, { text: string; echo: string; rest: string | undefined }]>([
    ["ends with Ctrl-Z, which is not echoed", "text\x1aAT\r", { text: "text", echo: "text", rest: "AT\r" }],
    ["is given up by ESC", "text\x1bAT\r", { text: "", echo: "text", rest: "AT\r" }],
    ["may be empty", "\x1a", { text: "", echo: "", rest: "" }],
    ["may be given up at once", "\x1bx", { text: "", echo: "", rest: "x" }],
    [
      "keeps line ends and bytes above 0x7F",
      "a\r\nb\nc\rd\xb0\xff\x1a",
      { text: "a\r\nb\nc\rd\xb0\xff", echo: "a\r\nb\nc\rd\xb0\xff", rest: "" },
    ],
    ["keeps other control characters", "\0\t\x03\x11", { text: "\0\t\x03\x11", echo: "\0\t\x03\x11", rest: undefined }],
    ["loses its last byte by BS", "ab\bc", { text: "ac", echo: `ab${GONE}c`, rest: undefined }],
    ["loses its last byte by DEL", "ab\x7f\x7f", { text: "", echo: `ab${GONE}${GONE}`, rest: undefined }],
    ["loses nothing where there is nothing", "\b\x7fa\b\bb", { text: "b", echo: `a${GONE}b`, rest: undefined }],
  ])("%s", (_, typed, expected) => {
    expect(enter([typed])).toEqual(expected);
  });

  test("drops, without an echo, what it has no room for", () => {
    expect(enter(["abcdef\bg\x1a"], 4)).toEqual({ text: "abcg", echo: `abcd${GONE}g`, rest: "" });
    expect(enter(["abcd\x1a"], 4)).toEqual({ text: "abcd", echo: "abcd", rest: "" });
  });

  test("does not depend on how it is cut", () => {
    const typed = fc.array(
      fc.oneof(
        fc.constantFrom("\b", "\x7f", "\x1a", "\x1b", "\r\n"),
        fc.string({ unit: fc.integer({ min: 0, max: 255 }).map((byte) => String.fromCharCode(byte)) }),
      ),
    );
    fc.assert(
      fc.property(typed, fc.integer({ min: 1, max: 12 }), (chunks, limit) => {
        expect(enter(chunks, limit)).toEqual(enter([...chunks.join("")], limit));
        expect(enter(chunks, limit)).toEqual(enter([chunks.join("")], limit));
      }),
    );
  });
});
