import { CR, LF } from "../../codec/control-bytes.ts";

/**
 * Finds where the header of a request ends, however the host ends its lines, and tells which line ends it uses. While no
 * CR LF has been seen, CR or LF alone end a line; from the first CR LF on only LF does, with or without a CR before it.
 * Empty lines before the request line belong to the header.
 *
 * @rfc 9112 §2.2
 */
export class RequestHeader {
  #usesCrLf = false;
  #started = false;
  /** Whether the line that CR or LF alone would end, or that only LF would end, has no content so far. */
  #bareLineEmpty = true;
  #lineEmpty = true;
  #afterCr = false;

  /** Whether a CR LF has been seen. */
  get usesCrLf(): boolean {
    return this.#usesCrLf;
  }

  /** Whether a byte other than a line end has been seen. */
  get started(): boolean {
    return this.#started;
  }

  /** Whether the CR that came last is the closing empty line, or half of it, if nothing follows. */
  get closedByLastCr(): boolean {
    return this.#afterCr && this.#started && (this.#usesCrLf ? this.#lineEmpty : this.#bareLineEmpty);
  }

  /** Looks at `bytes` from `start` on, where the last call stopped, and gives the index after the header's end. */
  scan(bytes: Buffer, start: number): number | undefined {
    for (let at = start; at < bytes.length; at++) {
      const byte = bytes[at];
      // Only the byte after a CR tells whether that CR stood alone.
      if (this.#afterCr && byte !== LF && this.#loneCr()) return at;
      if (byte === LF) {
        if (this.#lineFeed()) return at + 1;
      } else if (byte === CR) this.#afterCr = true;
      else this.#content();
    }
    return undefined;
  }

  #content(): void {
    this.#started = true;
    this.#bareLineEmpty = false;
    this.#lineEmpty = false;
  }

  /** A CR turned out to stand alone. Gives whether it was the closing empty line. */
  #loneCr(): boolean {
    if (!this.#usesCrLf && this.closedByLastCr) return true;
    this.#afterCr = false;
    this.#bareLineEmpty = true;
    // In a header that uses CR LF a stray CR is content like any other byte.
    this.#lineEmpty = false;
    return false;
  }

  /** An LF ends a line, with the CR before it where there is one. Gives whether the line was the closing empty one. */
  #lineFeed(): boolean {
    if (this.#afterCr) this.#usesCrLf = true;
    this.#afterCr = false;
    const empty = this.#usesCrLf ? this.#lineEmpty : this.#bareLineEmpty;
    this.#bareLineEmpty = true;
    this.#lineEmpty = true;
    return empty && this.#started;
  }
}
