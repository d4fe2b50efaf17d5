const FIRST_SYLLABLE = 0xac00;
const LAST_SYLLABLE = 0xd7a3;
/** The last lead byte of the extension; its pairs end at C652. */
const LAST_LEAD = 0xc6;

/**
 * Decodes Unified Hangul Code (code page 949), or gives `undefined` for bytes that are not. WHATWG calls it `euc-kr`, but
 * the decoder of Node knows only the 2350 syllables of KS X 1001 under that name. The other 8822 fill the free pairs of
 * bytes in the order of Unicode.
 */
export function decodeUnifiedHangul(bytes: Uint8Array): string | undefined {
  const euc = new TextDecoder("euc-kr", { fatal: true });
  let extension: ReadonlyMap<number, string> | undefined;
  let text = "";
  for (let at = 0; at < bytes.length; at++) {
    const lead = bytes[at] ?? 0;
    if (lead < 0x80) {
      text += String.fromCharCode(lead);
      continue;
    }
    const trail = bytes[++at] ?? 0;
    if (isExtension(lead, trail)) {
      extension ??= extensionSyllables(euc);
      const syllable = extension.get((lead << 8) | trail);
      if (syllable === undefined) return undefined;
      text += syllable;
      continue;
    }
    if (lead < 0xa1 || trail < 0xa1) return undefined;
    try {
      text += euc.decode(Uint8Array.of(lead, trail));
    } catch {
      return undefined;
    }
  }
  return text;
}

/** Up to lead byte A0 every trail byte is the extension's, above only those that KS X 1001 does not use. */
function isExtension(lead: number, trail: number): boolean {
  return lead >= 0x81 && lead <= LAST_LEAD && isTrail(trail) && (lead <= 0xa0 || trail <= 0xa0);
}

function isTrail(byte: number): boolean {
  return (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a) || (byte >= 0x81 && byte <= 0xfe);
}

function extensionSyllables(euc: Pick<InstanceType<typeof TextDecoder>, "decode">): ReadonlyMap<number, string> {
  const standard = new Set<string>();
  for (let lead = 0xb0; lead <= 0xc8; lead++) {
    for (let trail = 0xa1; trail <= 0xfe; trail++) standard.add(euc.decode(Uint8Array.of(lead, trail)));
  }
  const syllables = new Map<number, string>();
  let code = FIRST_SYLLABLE;
  for (let lead = 0x81; lead <= LAST_LEAD; lead++) {
    for (let trail = 0x41; trail <= 0xfe; trail++) {
      if (!isExtension(lead, trail)) continue;
      while (standard.has(String.fromCharCode(code))) code++;
      if (code > LAST_SYLLABLE) return syllables;
      syllables.set((lead << 8) | trail, String.fromCharCode(code++));
    }
  }
  return syllables;
}
