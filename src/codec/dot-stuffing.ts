import { CR, LF } from "./control-bytes.ts";

const DOT = 0x2e;
const LINE_START_DOT = "\r\n.";

/**
 * Makes a message of CR LF lines transparent for DATA (RFC 5321 §4.5.2): a dot that begins a line is doubled, however the
 * stream is split. Nothing is held back.
 */
export class DotStuffer {
  /** What came before the next byte: a line end, a CR, or anything else. */
  #behind: "line end" | "CR" | "text" = "line end";

  /** Gives the chunk itself if it holds no dot to double. */
  push(chunk: Buffer): Buffer {
    if (chunk.length === 0) return chunk;
    const out = this.#startsWithDot(chunk) || chunk.includes(LINE_START_DOT, 0, "latin1") ? this.#stuff(chunk) : chunk;
    const last = chunk[chunk.length - 1];
    const beforeLast = chunk.length > 1 ? chunk[chunk.length - 2] === CR : this.#behind === "CR";
    if (last === LF && beforeLast) this.#behind = "line end";
    else this.#behind = last === CR ? "CR" : "text";
    return out;
  }

  /** Gives the end of the message: a dot on its own line, after a line end if the message lacks one. */
  end(): Buffer {
    return Buffer.from(this.#behind === "line end" ? ".\r\n" : "\r\n.\r\n", "latin1");
  }

  /** Whether a dot at the start of the chunk begins a line, which earlier chunks tell. */
  #startsWithDot(chunk: Buffer): boolean {
    if (this.#behind === "line end") return chunk[0] === DOT;
    return this.#behind === "CR" && chunk[0] === LF && chunk[1] === DOT;
  }

  #stuff(chunk: Buffer): Buffer {
    // The densest text is a dot a line: one more byte for every three, and one at the very start.
    const out = Buffer.allocUnsafe(chunk.length + Math.ceil(chunk.length / 3) + 1);
    let filled = 0;
    let lineStart = this.#behind === "line end";
    let afterCr = this.#behind === "CR";
    for (const byte of chunk) {
      if (lineStart && byte === DOT) out[filled++] = DOT;
      lineStart = afterCr && byte === LF;
      afterCr = byte === CR;
      out[filled++] = byte;
    }
    return out.subarray(0, filled);
  }
}
