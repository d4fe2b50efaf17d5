/** The one's complement sum of the 16-bit words of bytes, added to `sum` and not yet folded. An odd byte is padded. @rfc 1071 */
export function sumWords(bytes: Uint8Array, sum = 0): number {
  const even = bytes.length & ~1;
  let total = sum;
  for (let at = 0; at < even; at += 2) total += ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
  return even === bytes.length ? total : total + ((bytes[even] as number) << 8);
}

/** The checksum that belongs to a sum: 0 where the bytes hold a right one already. */
export function checksumOf(sum: number): number {
  let folded = sum;
  while (folded > 0xffff) folded = (folded & 0xffff) + Math.floor(folded / 0x10000);
  return ~folded & 0xffff;
}

/** The sum of the pseudo header that UDP and TCP checksums include. */
export function pseudoSum(source: number, destination: number, protocol: number, length: number): number {
  return (source >>> 16) + (source & 0xffff) + (destination >>> 16) + (destination & 0xffff) + protocol + length;
}
