import { CR, LF, SP } from "../../codec/control-bytes.ts";
import { ServiceError } from "../../platform/network/service-error.ts";

/** What comes next. A CR before the LF that ends a line is allowed, not demanded (RFC 9112 §2.2). */
type Awaited = "size" | "extension" | "data" | "data end" | "trailer line" | "trailer end" | "nothing";

const HT = 0x09;
/** Thirteen hexadecimal digits are 52 bits: as much as a number holds exactly. */
const LONGEST_SIZE = 13;

/**
 * Follows the chunked coding to its end without decoding it: sizes, extensions, data and trailer, in constant memory.
 *
 * @rfc 9112 §7.1
 */
export class ChunkedFraming {
  #awaited: Awaited = "size";
  /** Digits of the size so far, without leading zeros; `undefined` before the first digit. */
  #digits: number | undefined;
  /** Bytes of data left in the chunk; while its size is read, the size so far. */
  #left = 0;

  /** Whether the last byte of the body has been seen. */
  get complete(): boolean {
    return this.#awaited === "nothing";
  }

  /**
   * Goes over `bytes` from `start` on and gives the index after the last byte that belongs to the body.
   *
   * @throws ServiceError `REPLY`
   */
  advance(bytes: Buffer, start: number): number {
    let at = start;
    while (at < bytes.length && !this.complete) {
      if (this.#awaited === "data") {
        const run = Math.min(this.#left, bytes.length - at);
        this.#left -= run;
        at += run;
        if (this.#left === 0) this.#awaited = "data end";
      } else this.#framing(bytes[at++] ?? 0);
    }
    return at;
  }

  /** Takes one byte outside the data. */
  #framing(byte: number): void {
    switch (this.#awaited) {
      case "size":
        this.#size(byte);
        break;
      case "extension":
        // RFC 9112 §7.1.1: unknown extensions are ignored, and this client knows none.
        if (byte === LF) this.#chunk();
        break;
      case "data end":
        if (byte === LF) this.#awaited = "size";
        else if (byte !== CR) throw malformed("a chunk that is longer than its size");
        break;
      case "trailer line":
        if (byte === LF) this.#awaited = "nothing";
        else if (byte !== CR) this.#awaited = "trailer end";
        break;
      case "trailer end":
        if (byte === LF) this.#awaited = "trailer line";
        break;
      case "data":
      case "nothing":
        break;
    }
  }

  #size(byte: number): void {
    const digit = hexDigit(byte);
    if (digit !== undefined) {
      this.#left = this.#left * 16 + digit;
      this.#digits = this.#left === 0 ? 0 : (this.#digits ?? 0) + 1;
      if (this.#digits > LONGEST_SIZE) throw malformed("a chunk size of too many digits");
    } else if (this.#digits === undefined) throw malformed("a chunk without a size");
    else if (byte === LF) this.#chunk();
    else if (byte === SP || byte === HT || byte === CR || byte === 0x3b) this.#awaited = "extension";
    else throw malformed("a chunk size that is not a number");
  }

  /** The line of the size has ended. The chunk of size 0 is the last, and the trailer follows. */
  #chunk(): void {
    this.#awaited = this.#left === 0 ? "trailer line" : "data";
    this.#digits = undefined;
  }
}

function hexDigit(byte: number): number | undefined {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x61 + 10 : undefined;
}

function malformed(what: string): ServiceError {
  return new ServiceError("REPLY", `the response has ${what}`);
}
