import { CR, LF, SP } from "../../codec/control-bytes.ts";
import { HTTP_LIMITS } from "./limits.ts";

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

const HTTP = /^HTTP\//i;
const DIGITS = /^\d*$/;
const HT = 0x09;
const VT = 0x0b;
const FF = 0x0c;

/**
 * Looks at the bytes from `start` on: a status line is a word, blanks, three digits, and then a blank or the end of the
 * line. Any version of HTTP counts, and any blanks, as RFC 9112 §4 allows a client to be lenient.
 *
 * @rfc 9112 §4
 */
export function recogniseReply(bytes: Buffer, start: number): ReplyStart {
  const wordEnd = skip(bytes, start, isVisible);
  const statusStart = skip(bytes, wordEnd, isBlank);
  const statusEnd = statusStart + 3;
  if (statusStart - start > HTTP_LIMITS.statusLine) return OTHER;
  if (wordEnd === bytes.length) return UNDECIDED;
  if (wordEnd === start || statusStart === wordEnd) return OTHER;
  const status = bytes.toString("latin1", statusStart, statusEnd);
  if (!DIGITS.test(status)) return OTHER;
  const after = bytes[statusEnd];
  if (after === undefined) return UNDECIDED;
  if (!isBlank(after) && after !== LF) return OTHER;
  return { kind: "status", http: HTTP.test(bytes.toString("latin1", start, wordEnd)), status: Number(status) };
}

/** The index of the first byte from `start` on that is none of these. */
function skip(bytes: Buffer, start: number, matches: (byte: number) => boolean): number {
  let at = start;
  while (at < bytes.length && matches(bytes[at] ?? 0)) at++;
  return at;
}

function isVisible(byte: number): boolean {
  return byte > SP && byte < 0x7f;
}

function isBlank(byte: number): boolean {
  return byte === SP || byte === HT || byte === VT || byte === FF || byte === CR;
}
