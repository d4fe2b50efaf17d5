import { CR, LF, SP } from "./control-bytes.ts";

const TAB = 0x09;
const EQUALS = 0x3d;
const TILDE = 0x7e;
/** RFC 2045 §6.7 (5): an encoded line has at most 76 characters, the `=` of a soft line break included. */
const LINE_CHARACTERS = 76;
const HEX = Buffer.from("0123456789ABCDEF", "latin1");

/**
 * Encodes a text whose line ends are CR LF as quoted-printable. A CR or LF that belongs to no line end is data
 * and is encoded. The whole text is in memory, because a mail body is short.
 */
export function encodeQuotedPrintable(text: Uint8Array): Buffer {
  // The longest result is all escapes: three characters a byte, and a soft line break after every 25 escapes.
  const out = Buffer.allocUnsafe(text.length * 4);
  let filled = 0;
  let column = 0;
  for (let at = 0; at < text.length; at++) {
    if (isLineEnd(text, at)) {
      out[filled++] = CR;
      out[filled++] = LF;
      column = 0;
      at++;
      continue;
    }
    const byte = text[at] ?? 0;
    const plain = isPlain(byte) && !(isBlank(byte) && endsLine(text, at + 1));
    const width = plain ? 1 : 3;
    if (column + width > LINE_CHARACTERS - (endsLine(text, at + 1) ? 0 : 1)) {
      out[filled++] = EQUALS;
      out[filled++] = CR;
      out[filled++] = LF;
      column = 0;
    }
    if (plain) {
      out[filled++] = byte;
    } else {
      out[filled++] = EQUALS;
      out[filled++] = HEX[byte >> 4] ?? 0;
      out[filled++] = HEX[byte & 0x0f] ?? 0;
    }
    column += width;
  }
  return out.subarray(0, filled);
}

function isPlain(byte: number): boolean {
  return byte === TAB || (byte >= SP && byte <= TILDE && byte !== EQUALS);
}

function isBlank(byte: number): boolean {
  return byte === SP || byte === TAB;
}

function isLineEnd(text: Uint8Array, at: number): boolean {
  return text[at] === CR && text[at + 1] === LF;
}

function endsLine(text: Uint8Array, at: number): boolean {
  return at === text.length || isLineEnd(text, at);
}
