/** Decodes GBK; `undefined` if the bytes are not GBK or the platform lacks it. */
export function decodeGbk(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("gbk", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
