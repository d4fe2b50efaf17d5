import { CR, LF, SP } from "./control-bytes.ts";

const HT = 0x09;
const EQUALS = 0x3d;
const NOT_HEX = 0xff;
/** White space held back in case a line end follows, also after an equals sign. A longer run is text, whatever follows. */
const MAX_HELD = 1024;

const hexValueOf = new Uint8Array(256).fill(NOT_HEX);
for (const [value, digit] of [..."0123456789ABCDEF"].entries()) {
  hexValueOf[digit.charCodeAt(0)] = value;
  hexValueOf[digit.toLowerCase().charCodeAt(0)] = value;
}

/**
 * Decodes quoted-printable from chunks cut anywhere. An equals sign that begins neither a byte nor a soft line break is
 * itself; line ends stay as they came.
 *
 * @rfc 2045 §6.7
 */
export class QuotedPrintableDecoder {
  /** The undecided bytes at the end of the last chunk: an unfinished escape, or white space that may end a line. */
  #held: Buffer = Buffer.alloc(0);
  /** Inside a run of blanks too long to be held. */
  #inLongRun = false;

  /** Gives the bytes that are certain so far: the chunk itself if it holds nothing to decode, else a new buffer. */
  push(chunk: Buffer): Buffer {
    if (this.#held.length === 0 && !this.#inLongRun && isPlain(chunk)) return chunk;
    return this.#decode(this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]), false);
  }

  /** Gives the bytes held back, at the end of the data. */
  end(): Buffer {
    return this.#decode(this.#held, true);
  }

  #decode(bytes: Buffer, final: boolean): Buffer {
    const out = Buffer.allocUnsafe(bytes.length);
    let at = this.#inLongRun ? skipBlanks(bytes, 0) : 0;
    let length = bytes.copy(out, 0, 0, at);
    this.#inLongRun &&= at === bytes.length;
    while (at < bytes.length) {
      const byte = bytes[at] ?? 0;
      if (isText(byte, bytes[at + 1] ?? 0)) {
        out[length++] = byte;
        at++;
        continue;
      }
      const encoded = byte === EQUALS ? encodedByteAt(bytes, at + 1, final) : "none";
      if (typeof encoded === "number") {
        out[length++] = encoded;
        at += 3;
        continue;
      }
      if (encoded === "unknown") break;
      const end = skipBlanks(bytes, at + 1);
      const next = afterGap(bytes, at, end, final);
      if (next === "unknown") break;
      if (next === "none") {
        length += bytes.copy(out, length, at, end);
        this.#inLongRun = end === bytes.length;
      }
      at = next === "none" ? end : next;
    }
    this.#held = Buffer.from(bytes.subarray(at));
    return out.subarray(0, length);
  }
}

/** Whether the chunk holds no escape and no blank that may end a line. */
function isPlain(chunk: Buffer): boolean {
  const last = chunk[chunk.length - 1];
  if (last === SP || last === HT || chunk.includes(EQUALS)) return false;
  return !(chunk.includes(" \n") || chunk.includes(" \r") || chunk.includes("\t\n") || chunk.includes("\t\r"));
}

function skipBlanks(bytes: Buffer, from: number): number {
  let at = from;
  while (bytes[at] === SP || bytes[at] === HT) at++;
  return at;
}

/** Whether a byte stands for itself, whatever follows: neither an equals sign nor a blank that may end a line. */
function isText(byte: number, next: number): boolean {
  return byte !== EQUALS && ((byte !== SP && byte !== HT) || next > SP);
}

/** The byte that two digits at `at` stand for; `unknown` while the second may still come. */
function encodedByteAt(bytes: Buffer, at: number, final: boolean): number | "none" | "unknown" {
  if (at >= bytes.length) return "none";
  const high = hexValueOf[bytes[at] ?? 0] ?? NOT_HEX;
  if (high === NOT_HEX) return "none";
  if (at + 1 >= bytes.length) return final ? "none" : "unknown";
  const low = hexValueOf[bytes[at + 1] ?? 0] ?? NOT_HEX;
  return low === NOT_HEX ? "none" : (high << 4) | low;
}

/**
 * Where decoding goes on after the equals sign or the blanks from `at` to `end` if a line end makes them vanish. `none` if
 * they are text, `unknown` while more bytes must come to tell.
 */
function afterGap(bytes: Buffer, at: number, end: number, final: boolean): number | "none" | "unknown" {
  if (end - at > MAX_HELD) return "none";
  if (final && end === bytes.length) return end;
  const lineEnd = lineEndAt(bytes, end);
  if (typeof lineEnd !== "number") return final ? "none" : lineEnd;
  // RFC 2045 §6.7 (5): an equals sign at a line's end joins the lines. (3): blanks there were added on the way.
  return bytes[at] === EQUALS ? lineEnd : end;
}

/** Where the line end at `at` ends; `unknown` while more bytes must come to tell. */
function lineEndAt(bytes: Buffer, at: number): number | "none" | "unknown" {
  if (at >= bytes.length) return "unknown";
  if (bytes[at] === LF) return at + 1;
  if (bytes[at] !== CR) return "none";
  if (at + 1 >= bytes.length) return "unknown";
  return bytes[at + 1] === LF ? at + 2 : "none";
}
