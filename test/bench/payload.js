const TEXT = "The quick brown fox jumps over the lazy dog; 0123456789 +CFTPGET: DATA, 1024\r\n";

/** The same bytes each time: `text`, or `random` (xorshift). */
export function fill(kind, length) {
  if (kind === "text") return Buffer.alloc(length, TEXT);
  const bytes = Buffer.alloc(length);
  let state = 0x9e3779b9;
  for (let index = 0; index < length; index++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    bytes[index] = state >>> 24;
  }
  return bytes;
}
