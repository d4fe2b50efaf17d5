/** Reads GBK, or gives `undefined` for what is not GBK and on a platform that does not know it. */
export function decodeGbk(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("gbk", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
