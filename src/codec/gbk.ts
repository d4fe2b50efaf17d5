/** Reads GBK, or gives `undefined` for what is not GBK and on a platform that does not know it. */
export function decodeGbk(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("gbk", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/**
 * Gives a writer of GBK, made from the platform's reader: 24,000 characters in some milliseconds, so keep it. The writer
 * gives `undefined` for a text that GBK does not hold.
 */
export function gbkEncoder(): (text: string) => Uint8Array | undefined {
  const pairs = new Map<string, number>();
  for (let lead = 0x81; lead <= 0xfe; lead++) {
    for (let trail = 0x40; trail <= 0xfe; trail++) {
      const character = decodeGbk(Uint8Array.of(lead, trail));
      if (character !== undefined) pairs.set(character, (lead << 8) | trail);
    }
  }
  return (text) => {
    const bytes: number[] = [];
    for (const character of text) {
      const pair = pairs.get(character);
      if (pair !== undefined) bytes.push(pair >> 8, pair & 0xff);
      else if (character < "\x80") bytes.push(character.charCodeAt(0));
      else return undefined;
    }
    return Uint8Array.from(bytes);
  };
}
