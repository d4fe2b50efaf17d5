import { Base64Encoder } from "../../codec/base64-encoder.ts";
import { CR, LF } from "../../codec/control-bytes.ts";
import { encodeQuotedPrintable } from "../../codec/quoted-printable-encoder.ts";
import { isCharsetName, isUtf8 } from "./text.ts";

/** RFC 5322 §2.1.1: no line may have more characters, its CR LF not counted. */
const LINE_LIMIT = 998;

/** The encoded text of a message. */
export interface EncodedBody {
  readonly charset: string;
  readonly transferEncoding: "7bit" | "8bit" | "quoted-printable" | "base64";
  readonly bytes: Buffer;
}

/**
 * Encodes a text with the lightest transfer encoding that it allows. `eightBit` says whether bytes above 0x7F may stay as
 * they are; `charset` replaces the character set that the text is declared in.
 */
export function encodeBody(body: Uint8Array, eightBit: boolean, charset: string | undefined): EncodedBody {
  const text = withCrlf(body);
  const token = charset !== undefined && isCharsetName(charset) ? charset : undefined;
  const declared = token ?? (isUtf8(text) ? "utf-8" : "iso-8859-1");
  const escapes = text.reduce((count, byte) => count + (byte > 0x7e || byte === 0 ? 1 : 0), 0);
  const high = text.some((byte) => byte > 0x7f);
  // RFC 2045 §2.7, §2.8: neither 7bit nor 8bit has NUL or long lines.
  if (!text.includes(0) && longestLine(text) <= LINE_LIMIT && (eightBit || !high)) {
    return { charset: declared, transferEncoding: high ? "8bit" : "7bit", bytes: text };
  }
  if (escapes * 6 <= text.length) {
    return { charset: declared, transferEncoding: "quoted-printable", bytes: encodeQuotedPrintable(text) };
  }
  const encoder = new Base64Encoder();
  const bytes = Buffer.concat([encoder.push(text), encoder.end()]);
  return { charset: declared, transferEncoding: "base64", bytes };
}

/** Makes CR LF of every lone CR and lone LF (RFC 5322 §2.3). */
function withCrlf(text: Uint8Array): Buffer {
  const out = Buffer.allocUnsafe(text.length * 2);
  let filled = 0;
  for (let at = 0; at < text.length; at++) {
    const byte = text[at] ?? 0;
    if (byte === CR || byte === LF) {
      out[filled++] = CR;
      out[filled++] = LF;
      if (byte === CR && text[at + 1] === LF) at++;
    } else {
      out[filled++] = byte;
    }
  }
  return out.subarray(0, filled);
}

function longestLine(text: Buffer): number {
  let longest = 0;
  let start = 0;
  for (;;) {
    const end = text.indexOf("\r\n", start, "latin1");
    longest = Math.max(longest, (end < 0 ? text.length : end) - start);
    if (end < 0) return longest;
    start = end + 2;
  }
}
