import { CR, LF, SP } from "../../codec/control-bytes.ts";

/**
 * How a reply begins: `undecided` while it is too short to tell, `other` when it does not begin like a status line. A
 * server that is not HTTP may still begin like one (`ICY 200 OK`).
 */
export type ReplyStart =
  | { readonly kind: "undecided" }
  | { readonly kind: "other" }
  | { readonly kind: "status"; readonly http: boolean; readonly status: number };

const UNDECIDED: ReplyStart = { kind: "undecided" };
const OTHER: ReplyStart = { kind: "other" };

/** Longer than `HTTP/1.1` and whatever else calls itself a protocol; what runs on is text. */
const LONGEST_WORD = 16;
const HTTP_VERSION = /^HTTP\/\d\.\d$/i;

/**
 * Looks at the bytes from `start` on: a status line is a word, a space, three digits and then a space or the line's end.
 *
 * @rfc 9112 §4
 */
export function recogniseReply(bytes: Buffer, start: number): ReplyStart {
  let at = start;
  while (at < bytes.length && isVisible(bytes[at])) {
    if (at - start === LONGEST_WORD) return OTHER;
    at++;
  }
  if (at === bytes.length) return UNDECIDED;
  if (at === start || bytes[at] !== SP) return OTHER;
  const word = bytes.toString("latin1", start, at);
  let status = 0;
  for (let digits = 0; digits < 3; digits++) {
    const byte = bytes[++at];
    if (byte === undefined) return UNDECIDED;
    if (!isDigit(byte)) return OTHER;
    status = status * 10 + byte - 0x30;
  }
  const after = bytes[at + 1];
  if (after === undefined) return UNDECIDED;
  if (after !== SP && after !== CR && after !== LF) return OTHER;
  return { kind: "status", http: HTTP_VERSION.test(word), status };
}

function isVisible(byte: number | undefined): boolean {
  return byte !== undefined && byte > SP && byte < 0x7f;
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}
