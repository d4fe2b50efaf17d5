import type { HeaderText } from "./text.ts";

/**
 * RFC 2047 §2 allows 75 characters a word and 76 a line; this leaves room for the longest header name beside the first.
 */
export const WORD_LIMIT = 64;

/** Characters that the Q encoding leaves as they are, in a phrase too (RFC 2047 §5 (3)). */
const PLAIN = /^[A-Za-z0-9]$/;

/** Writes a text as encoded words of RFC 2047, one token each. No word splits a character. */
export function encodeWords({ text, charset }: HeaderText): string[] {
  const bytesOf = (piece: string) => Buffer.from(piece, charset === "utf-8" ? "utf8" : "latin1");
  const quoted = (character: string) => (PLAIN.test(character) ? character : quote(bytesOf(character)));
  const quotedLength = [...text].reduce((length, character) => length + quoted(character).length, 0);
  // Q if most characters stay readable, B if most would be escapes.
  const useQ = quotedLength <= bytesOf(text).length * 2;
  const room = WORD_LIMIT - `=?${charset}?Q??=`.length;
  const widthOf = (character: string) => (useQ ? quoted(character).length : bytesOf(character).length);
  const encode = (piece: string) => (useQ ? [...piece].map(quoted).join("") : bytesOf(piece).toString("base64"));
  return split(text, useQ ? room : Math.floor(room / 4) * 3, widthOf).map(
    (piece) => `=?${charset}?${useQ ? "Q" : "B"}?${encode(piece)}?=`,
  );
}

function quote(bytes: Buffer): string {
  if (bytes[0] === 0x20) return "_";
  return [...bytes].map((byte) => `=${byte.toString(16).toUpperCase().padStart(2, "0")}`).join("");
}

/** Cuts a text between characters into pieces that are at most `room` wide. */
export function split(text: string, room: number, widthOf: (character: string) => number): string[] {
  const pieces: string[] = [];
  let piece = "";
  let width = 0;
  for (const character of text) {
    const added = widthOf(character);
    if (width + added > room) {
      pieces.push(piece);
      piece = "";
      width = 0;
    }
    piece += character;
    width += added;
  }
  if (piece !== "") pieces.push(piece);
  return pieces;
}
