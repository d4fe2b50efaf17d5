import { CR, LF } from "../../codec/control-bytes.ts";
import { HeaderTooLong, HTTP_LIMITS } from "./limits.ts";
import { RequestHeader } from "./request-header.ts";

const CLOSING = Buffer.from("\r\n");
const NOTHING = Buffer.alloc(0);

/**
 * Repairs a request that was typed at a terminal, in a stream: line ends of CR or LF alone become CR LF where the
 * header has no CR LF at all, and a header without its closing empty line gets it. Nothing else changes, and what follows
 * the header is the body, passed on untouched.
 *
 * @spec decisions 6
 * @rfc 9112 §2.1, §2.2
 */
export class RequestRepair {
  readonly #header = new RequestHeader();
  #kept = NOTHING;
  #length = 0;
  #method: string | undefined;
  #sent = false;

  /** The method of the request, known once its header has been returned. It decides how the response ends. */
  get method(): string {
    return this.#method ?? "";
  }

  /**
   * Takes bytes that the host entered and gives the bytes to send, possibly none yet: the header is kept until its end is
   * known. The result may borrow the chunk.
   *
   * @throws HeaderTooLong
   */
  push(chunk: Buffer): Buffer {
    if (this.#sent) return chunk;
    const start = this.#length;
    this.#keep(chunk);
    const end = this.#header.scan(this.#kept.subarray(0, this.#length), start);
    if (end === undefined) {
      if (this.#length > HTTP_LIMITS.header) throw new HeaderTooLong();
      return NOTHING;
    }
    if (end > HTTP_LIMITS.header) throw new HeaderTooLong();
    const body = this.#kept.subarray(end, this.#length);
    return Buffer.concat([this.#release(end, false), body]);
  }

  /** Gives the rest at the end of the data, or `undefined` when there was no request at all. */
  finish(): Buffer | undefined {
    if (this.#sent) return NOTHING;
    if (!this.#header.started) return undefined;
    // A CR that was held back in case an LF followed may have been the closing line.
    return this.#release(this.#length, !this.#header.closedByLastCr);
  }

  /** Gives the header of `end` bytes, with its line ends repaired, and closed where it was not. */
  #release(end: number, unclosed: boolean): Buffer {
    const header = this.#kept.subarray(0, end);
    this.#kept = NOTHING;
    this.#sent = true;
    this.#method = /^[\r\n]*([^\s]*)/.exec(header.toString("latin1"))?.[1];
    const lines = this.#header.usesCrLf ? header : withCrLf(header);
    return Buffer.concat([lines, missingLineEnd(lines), unclosed ? CLOSING : NOTHING]);
  }

  /** Appends to the kept bytes; the buffer doubles, so that the cost of a header entered byte by byte is linear. */
  #keep(chunk: Buffer): void {
    const length = this.#length + chunk.length;
    if (length > this.#kept.length) {
      const larger = Buffer.allocUnsafe(Math.max(length, 2 * this.#kept.length));
      this.#kept.copy(larger, 0, 0, this.#length);
      this.#kept = larger;
    }
    chunk.copy(this.#kept, this.#length);
    this.#length = length;
  }
}

/** The part of CR LF that the last line lacks. */
function missingLineEnd(header: Buffer): Buffer {
  const last = header[header.length - 1];
  if (last === LF) return NOTHING;
  return last === CR ? CLOSING.subarray(1) : CLOSING;
}

/** Replaces every CR and every LF of a header that has no CR LF. */
function withCrLf(header: Buffer): Buffer {
  const lines = Buffer.allocUnsafe(2 * header.length);
  let at = 0;
  for (const byte of header) {
    if (byte === CR || byte === LF) {
      lines[at++] = CR;
      lines[at++] = LF;
    } else lines[at++] = byte;
  }
  return lines.subarray(0, at);
}
