const INVALID = 0xff;
const PAD = 0x3d;

const valueOfLetter = new Uint8Array(256).fill(INVALID);
for (const [value, letter] of [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"].entries()) {
  valueOfLetter[letter.charCodeAt(0)] = value;
}

/**
 * Decodes base64 from chunks cut anywhere. Accepts what messages hold: line ends of any kind and length, other characters,
 * missing padding, and pieces with padding of their own one after the other.
 *
 * @rfc 2045 §6.8
 */
export class Base64Decoder {
  /** The unfinished group: the bits of its letters, their number, and the number of pads after the last letter. */
  #bits = 0;
  #letters = 0;
  #pads = 0;

  /** Gives the bytes that the chunk completes, in a buffer of their own. A group cut short still gives its whole bytes. */
  push(chunk: Uint8Array): Buffer {
    const out = Buffer.allocUnsafe(Math.ceil((chunk.length * 3) / 4) + 3);
    let length = 0;
    let at = 0;
    while (at < chunk.length) {
      const groups = this.#letters === 0 ? decodeGroups(chunk, at, out, length) : 0;
      at += 4 * groups;
      length += 3 * groups;
      if (at === chunk.length) break;
      const byte = this.#take(chunk[at++] ?? 0);
      if (byte !== undefined) out[length++] = byte;
    }
    return out.subarray(0, length);
  }

  /** Takes one character; gives the byte it completes. */
  #take(character: number): number | undefined {
    if (character === PAD) {
      // RFC 2045 §6.8: padding ends the data. Some programs encode a file in pieces and pad each, so the next group
      // begins a new piece, as in mailparser, postal-mime and current CPython. A pad elsewhere is ignored.
      if (this.#letters >= 2 && this.#letters + ++this.#pads >= 4) this.#letters = this.#pads = 0;
      return undefined;
    }
    const value = valueOfLetter[character] ?? INVALID;
    if (value === INVALID) return undefined;
    this.#pads = 0;
    this.#bits = ((this.#bits << 6) | value) & 0xfff;
    const place = this.#letters;
    this.#letters = (place + 1) & 3;
    if (place === 0) return undefined;
    return (this.#bits >> (6 - 2 * place)) & 0xff;
  }
}

/** Decodes whole groups of four letters for as long as nothing else comes; gives their number. */
function decodeGroups(chunk: Uint8Array, from: number, out: Buffer, to: number): number {
  let length = to;
  let at = from;
  for (; at + 4 <= chunk.length; at += 4) {
    const a = valueOfLetter[chunk[at] ?? 0] ?? INVALID;
    const b = valueOfLetter[chunk[at + 1] ?? 0] ?? INVALID;
    const c = valueOfLetter[chunk[at + 2] ?? 0] ?? INVALID;
    const d = valueOfLetter[chunk[at + 3] ?? 0] ?? INVALID;
    if ((a | b | c | d) === INVALID) break;
    out[length++] = (a << 2) | (b >> 4);
    out[length++] = (b << 4) | (c >> 2);
    out[length++] = (c << 6) | d;
  }
  return (at - from) / 4;
}
