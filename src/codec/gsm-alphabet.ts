/** 3GPP TS 23.038 6.2.1: the default alphabet, a character for each septet. */
const BASIC =
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";

/** 3GPP TS 23.038 6.2.1.1: the escape, and what follows it. */
const ESCAPE = 0x1b;
const EXTENSION: Readonly<Record<string, number>> = {
  "\f": 0x0a,
  "^": 0x14,
  "{": 0x28,
  "}": 0x29,
  "\\": 0x2f,
  "[": 0x3c,
  "~": 0x3d,
  "]": 0x3e,
  "|": 0x40,
  "€": 0x65,
};
const EXTENDED = new Map(Object.entries(EXTENSION).map(([character, septet]) => [septet, character]));

/** The septets of a text, one in each element, or `undefined` where the alphabet has no such character. */
export function encodeGsm(text: string): number[] | undefined {
  const septets: number[] = [];
  for (const character of text) {
    const basic = character === "\x1b" ? -1 : BASIC.indexOf(character);
    const extended = EXTENSION[character];
    if (basic >= 0) septets.push(basic);
    else if (extended !== undefined) septets.push(ESCAPE, extended);
    else return undefined;
  }
  return septets;
}

/** The text of septets. A septet after an escape that is not in the extension is shown as without the escape. */
export function decodeGsm(septets: Iterable<number>): string {
  let text = "";
  let escaped = false;
  for (const septet of septets) {
    if (!escaped && septet === ESCAPE) {
      escaped = true;
      continue;
    }
    text += (escaped ? EXTENDED.get(septet) : undefined) ?? BASIC[septet & 0x7f] ?? "";
    escaped = false;
  }
  return text;
}

/** 3GPP TS 23.038 6.1.2.1.1: eight septets in seven octets, the first in the lowest bits. */
export function packSeptets(septets: readonly number[]): Buffer {
  const octets = Buffer.alloc(Math.ceil((septets.length * 7) / 8));
  for (const [index, septet] of septets.entries()) {
    const bit = index * 7;
    const at = bit >> 3;
    const wide = septet << (bit & 7);
    octets[at] = (octets[at] ?? 0) | (wide & 0xff);
    if (wide > 0xff) octets[at + 1] = wide >> 8;
  }
  return octets;
}

/** The first `count` septets of packed octets; those past the end are 0. */
export function unpackSeptets(octets: Uint8Array, count: number): number[] {
  return Array.from({ length: count }, (_, index) => {
    const bit = index * 7;
    const wide = (octets[bit >> 3] ?? 0) | ((octets[(bit >> 3) + 1] ?? 0) << 8);
    return (wide >> (bit & 7)) & 0x7f;
  });
}
