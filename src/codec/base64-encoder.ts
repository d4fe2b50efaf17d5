import { CR, LF } from "./control-bytes.ts";

/** Bytes of one row: 57 of them make the 76 characters that RFC 2045 §6.8 allows. */
const ROW_BYTES = 57;
const ROW_CHARACTERS = 76;

/** How many bytes {@link Base64Encoder} gives for `size` bytes, line ends included. */
export function base64Length(size: number): number {
  const rest = size % ROW_BYTES;
  return Math.floor(size / ROW_BYTES) * (ROW_CHARACTERS + 2) + (rest === 0 ? 0 : Math.ceil(rest / 3) * 4 + 2);
}

/** Encodes a stream as base64 in rows of 76 characters, each ended by CR LF; holds back less than one row. */
export class Base64Encoder {
  readonly #row = Buffer.allocUnsafe(ROW_BYTES);
  #held = 0;

  /** Gives the rows that are complete. The chunk is only borrowed. */
  push(chunk: Uint8Array): Buffer {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const out = Buffer.allocUnsafe(Math.floor((this.#held + bytes.length) / ROW_BYTES) * (ROW_CHARACTERS + 2));
    let filled = 0;
    let at = 0;
    if (this.#held > 0) {
      at = bytes.copy(this.#row, this.#held);
      this.#held += at;
      if (this.#held < ROW_BYTES) return out;
      filled = writeRow(out, filled, this.#row, 0, ROW_BYTES);
    }
    for (; at + ROW_BYTES <= bytes.length; at += ROW_BYTES) filled = writeRow(out, filled, bytes, at, at + ROW_BYTES);
    this.#held = bytes.copy(this.#row, 0, at);
    return out;
  }

  /** Gives the last row, if any. */
  end(): Buffer {
    const out = Buffer.allocUnsafe(base64Length(this.#held));
    if (this.#held > 0) writeRow(out, 0, this.#row, 0, this.#held);
    this.#held = 0;
    return out;
  }
}

/** Writes one row with its line end at `at`, and gives where it ends. */
function writeRow(out: Buffer, at: number, bytes: Buffer, start: number, end: number): number {
  const next = at + out.write(bytes.toString("base64", start, end), at, "latin1");
  out[next] = CR;
  out[next + 1] = LF;
  return next + 2;
}
