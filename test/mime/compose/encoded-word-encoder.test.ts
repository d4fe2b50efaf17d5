import fc from "fast-check";
import { expect, test } from "vitest";
import { encodeWords } from "../../../src/mime/compose/encoded-word-encoder.ts";

/** Reads one encoded-word on its own, and refuses bytes that are no whole characters. */
function decodeWord(word: string): string {
  const [, charset, encoding, payload = ""] = /^=\?(utf-8|iso-8859-1)\?([QB])\?([!-<>@-~=]*)\?=$/.exec(word) ?? [];
  const quoted = payload
    .replaceAll("_", " ")
    .replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
  const bytes = encoding === "B" ? Buffer.from(payload, "base64") : Buffer.from(quoted, "latin1");
  if (charset === "iso-8859-1") return bytes.toString("latin1");
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
}

test("any text is the sum of its words, each of whole characters and at most 75 of them long", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
      const words = encodeWords({ text, charset: "utf-8" });
      expect(words.map(decodeWord).join("")).toBe(text);
      for (const word of words) expect(word.length).toBeLessThanOrEqual(75);
    }),
  );
});

test("any text of ISO-8859-1 too", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const text = Buffer.from(bytes).toString("latin1");
      expect(encodeWords({ text, charset: "iso-8859-1" }).map(decodeWord).join("")).toBe(text);
    }),
  );
});
