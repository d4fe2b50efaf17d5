import { CR, LF } from "../../codec/control-bytes.ts";
import { HeaderTooLong, HTTP_LIMITS } from "./limits.ts";

const FIRST_SIZE = 1024;

/** One header block of a response, from the status line to its empty line, kept until it is complete. */
export class ResponseHeader {
  /** Whether the status line names HTTP. */
  readonly http: boolean;
  readonly status: number;
  #complete = false;
  #kept = Buffer.allocUnsafe(FIRST_SIZE);
  #length = 0;
  /** At the first byte of a line, or after the CR that is its first. */
  #lineEmpty = false;

  constructor(start: { readonly http: boolean; readonly status: number }) {
    this.http = start.http;
    this.status = start.status;
  }

  /** Whether the empty line has been seen. */
  get complete(): boolean {
    return this.#complete;
  }

  /** The block so far, if it is HTTP. */
  get text(): string {
    return this.#kept.toString("latin1", 0, this.#length);
  }

  /**
   * Goes over `bytes` from `start` on and gives the index after the last byte of the block. With `lowerCase` the bytes of
   * the block are changed in place.
   *
   * @throws HeaderTooLong
   */
  advance(bytes: Buffer, start: number, lowerCase: boolean): number {
    let at = start;
    while (at < bytes.length && !this.#complete) {
      const byte = bytes[at] ?? 0;
      // RFC 9112 §2.2: LF alone may end a line.
      if (byte === LF) {
        this.#complete = this.#lineEmpty;
        this.#lineEmpty = true;
      } else if (byte !== CR) this.#lineEmpty = false;
      if (lowerCase && byte >= 0x41 && byte <= 0x5a) bytes[at] = byte | 0x20;
      at++;
    }
    // A block that is not HTTP is only passed on, however long its lines are.
    if (this.http) this.#keep(bytes.subarray(start, at));
    return at;
  }

  #keep(bytes: Buffer): void {
    const length = this.#length + bytes.length;
    if (length > HTTP_LIMITS.header) throw new HeaderTooLong();
    if (length > this.#kept.length) {
      const larger = Buffer.allocUnsafe(Math.max(length, 2 * this.#kept.length));
      this.#kept.copy(larger, 0, 0, this.#length);
      this.#kept = larger;
    }
    bytes.copy(this.#kept, this.#length);
    this.#length = length;
  }
}
