import { Base64Decoder } from "../base64-decoder.ts";

/** SI, or the end of a line. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: SI is a control character
const SHIFT_ENDS = /[\x0f\r\n]/;

/**
 * Decodes UTF-7: ASCII, and UTF-16 in base64 between `+` and `-`. Messages name it `utf-7` or `unicode-1-1-utf-7`.
 *
 * @rfc 2152
 */
export function decodeUtf7(bytes: Buffer): string {
  return bytes.toString("latin1").replace(/\+([A-Za-z0-9+/]*)-?/g, (_, letters: string) => {
    if (letters === "") return "+";
    const units = new Base64Decoder().push(Buffer.from(letters, "latin1"));
    return units
      .subarray(0, units.length & ~1)
      .swap16()
      .toString("utf16le");
  });
}

/**
 * Gives the GB 2312 bytes of HZ text: pairs of bytes without their high bits stand between `~{` and `~}`.
 *
 * @rfc 1843
 */
export function hzToGb(bytes: Buffer): Buffer {
  const text = bytes.toString("latin1").replace(/~(?:\{([\x21-\x7e]*?)(?:~\}|$)|(~)|\r?\n)/g, (_, pairs, tilde) => {
    return pairs === undefined ? (tilde ?? "") : withHighBits(pairs);
  });
  return Buffer.from(text, "latin1");
}

/**
 * Gives the EUC-KR bytes of ISO-2022-KR text: pairs of bytes without their high bits stand between SO and SI.
 *
 * @rfc 1557
 */
export function iso2022KrToEucKr(bytes: Buffer): Buffer {
  const [ascii = "", ...shifted] = bytes.toString("latin1").replaceAll("\x1b$)C", "").split("\x0e");
  const decoded = shifted.map((text) => {
    const end = text.search(SHIFT_ENDS);
    return end < 0 ? withHighBits(text) : withHighBits(text.slice(0, end)) + text.slice(end).replace("\x0f", "");
  });
  return Buffer.from(ascii + decoded.join(""), "latin1");
}

function withHighBits(text: string): string {
  return text.replace(/[\x21-\x7e]/g, (byte) => String.fromCharCode(byte.charCodeAt(0) | 0x80));
}
