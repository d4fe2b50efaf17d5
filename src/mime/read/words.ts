import { Base64Decoder } from "../../codec/base64-decoder.ts";
import { decodeCharset } from "./charset.ts";
import { trimBlanks } from "./structured-field.ts";

/**
 * Decodes the encoded words in a header field's text (one character a byte). The text around them is decoded as
 * `textCharset`.
 *
 * @rfc 2047 §2
 */
export function decodeWords(text: string, textCharset = "utf-8"): string {
  let decoded = "";
  let plainFrom = 0;
  let charset: string | undefined;
  let pieces: Buffer[] = [];
  const flush = () => {
    if (charset !== undefined) decoded += decodeCharset(Buffer.concat(pieces), charset);
    pieces = [];
  };
  for (const word of text.matchAll(/=\?([^?*\s]+)(?:\*[^?\s]*)?\?([BbQq])\?([^?]*)\?=/g)) {
    const between = text.slice(plainFrom, word.index);
    const wordCharset = (word[1] ?? "").toLowerCase();
    // RFC 2047 §6.2: white space between two encoded words vanishes. Many mailers cut a character between two words of
    // one charset, so their bytes are joined before they are decoded.
    const adjoins = charset !== undefined && trimBlanks(between) === "";
    if (!adjoins || wordCharset !== charset) flush();
    if (!adjoins) decoded += decodeCharset(Buffer.from(between, "latin1"), textCharset);
    charset = wordCharset;
    pieces.push(decodeWord(word[2] ?? "", word[3] ?? ""));
    plainFrom = word.index + word[0].length;
  }
  flush();
  return decoded + decodeCharset(Buffer.from(text.slice(plainFrom), "latin1"), textCharset);
}

function decodeWord(encoding: string, text: string): Buffer {
  if (encoding.toLowerCase() === "b") return new Base64Decoder().push(Buffer.from(text, "latin1"));
  const bytes = text
    .replaceAll("_", " ")
    .replace(/=([0-9A-Fa-f]{2})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
  return Buffer.from(bytes, "latin1");
}
