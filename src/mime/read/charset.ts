/** Decodes bytes in a charset by its MIME name. Where that fails they are taken as UTF-8, and failing that as Latin-1. */
export function decodeCharset(bytes: Buffer, charset: string): string {
  return tryDecode(bytes, charset) ?? tryDecode(bytes, "utf-8") ?? bytes.toString("latin1");
}

function tryDecode(bytes: Buffer, charset: string): string | undefined {
  try {
    // Node 20 takes a leading 0xFF of ISO-8859-1 for a byte order mark when it is told to leave those alone.
    return new TextDecoder(charset, { fatal: true, ignoreBOM: /^utf-8$/i.test(charset) }).decode(bytes);
  } catch {
    return undefined;
  }
}
