import { CR, LF, SP } from "../../codec/control-bytes.ts";
import { ServiceError } from "../../platform/network/service-error.ts";
import { MAIL_LIMITS } from "../limits.ts";

const HT = 0x09;
const DASH = 0x2d;

/** A boundary line: `level` counts the multiparts around the one that it belongs to. */
export interface BoundaryLine {
  readonly level: number;
  /** Whether it closes the multipart, or begins another part of it. */
  readonly closing: boolean;
}

/** The result of a scan from the front of a buffer: `content` bytes of the part, then `taken` bytes in all, boundary included. */
export interface Scan {
  readonly content: number;
  readonly taken: number;
  readonly line: BoundaryLine | undefined;
}

/**
 * The boundaries of the multiparts that are open, outermost first. A boundary line of an outer multipart
 * also ends all multiparts inside it.
 *
 * @rfc 2046 §5.1.1
 */
export class Boundaries {
  readonly #open: string[] = [];
  /** The boundary lines by their text. If two multiparts have the same boundary, the outer one has the line. */
  readonly #lines = new Map<string, BoundaryLine>();

  get depth(): number {
    return this.#open.length;
  }

  /** Enters a multipart; the boundary is one character a byte. */
  open(boundary: string): void {
    if (this.#open.length >= MAIL_LIMITS.depth)
      throw new ServiceError("REPLY", `multiparts nested deeper than ${MAIL_LIMITS.depth}`);
    const level = this.#open.push(boundary) - 1;
    for (const [line, closing] of [
      [`--${boundary}`, false],
      [`--${boundary}--`, true],
    ] as const) {
      if (!this.#lines.has(line)) this.#lines.set(line, { level, closing });
    }
  }

  /** Whether the boundary of a level is that of the innermost multipart, which may be a multipart of another level. */
  isInnermost(level: number): boolean {
    return this.#open[level] === this.#open.at(-1);
  }

  /** Leaves the multiparts from `level` inwards. */
  closeFrom(level: number): void {
    this.#open.length = level;
    for (const [line, found] of this.#lines) if (found.level >= level) this.#lines.delete(line);
  }

  /**
   * Looks for a boundary line from the front of `bytes`, which is a line's start if `atLineStart`. The line end before it
   * belongs to it. Bytes that are not taken are to be passed again, with more bytes behind them; `final`: none come.
   */
  scan(bytes: Buffer, atLineStart: boolean, final: boolean): Scan {
    if (this.#open.length === 0) return { content: bytes.length, taken: bytes.length, line: undefined };
    for (let start = atLineStart ? 0 : lineAfter(bytes, 0); start >= 0; start = lineAfter(bytes, start)) {
      if (!startsWithDashes(bytes, start)) continue;
      const found = this.#lineAt(bytes, start, final);
      if (found !== undefined) return { content: contentEnd(bytes, start), ...found };
    }
    const content = final ? bytes.length : undecidedFrom(bytes, atLineStart);
    return { content, taken: content, line: undefined };
  }

  /** The boundary line at `start`; without `line` if more bytes are needed to decide. */
  #lineAt(bytes: Buffer, start: number, final: boolean): Omit<Scan, "content"> | undefined {
    const limit = Math.min(bytes.length, start + MAIL_LIMITS.token);
    const length = bytes.subarray(start, limit).indexOf(LF);
    const isWhole = length >= 0 || (final && limit === bytes.length);
    if (!isWhole) {
      return limit - start < MAIL_LIMITS.token ? { taken: contentEnd(bytes, start), line: undefined } : undefined;
    }
    const end = length < 0 ? limit : start + length;
    const line = this.#lines.get(trimmed(bytes, start, end));
    return line === undefined ? undefined : { taken: length < 0 ? end : end + 1, line };
  }
}

/** Where the next line starts that may be a boundary, past `from`; -1 if there is none. */
function lineAfter(bytes: Buffer, from: number): number {
  const at = bytes.indexOf("\n--", from, "latin1");
  return at < 0 ? -1 : at + 1;
}

function startsWithDashes(bytes: Buffer, at: number): boolean {
  return bytes[at] === DASH && bytes[at + 1] === DASH;
}

/** Where the content ends before a boundary line at `start`. */
function contentEnd(bytes: Buffer, start: number): number {
  if (start === 0) return 0;
  return bytes[start - 2] === CR && start > 1 ? start - 2 : start - 1;
}

/** RFC 2046 §5.1.1: blanks may have been added to a boundary line on the way. */
function trimmed(bytes: Buffer, start: number, lineEnd: number): string {
  let end = lineEnd;
  if (bytes[end - 1] === CR) end--;
  while (end > start && (bytes[end - 1] === SP || bytes[end - 1] === HT)) end--;
  return bytes.toString("latin1", start, end);
}

/** Where the bytes begin that may become a boundary line, with the line end before it. */
function undecidedFrom(bytes: Buffer, atLineStart: boolean): number {
  let at = bytes.length;
  if (bytes[at - 1] === DASH && (bytes[at - 2] === LF || (at === 1 && atLineStart))) at--;
  if (bytes[at - 1] === LF) at--;
  if (bytes[at - 1] === CR) at--;
  return at;
}
