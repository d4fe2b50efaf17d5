/** The value of a check that covers a whole frame and the check itself (RFC 1662 C.2). */
export const GOOD_FCS = 0xf0b8;

/** RFC 1662 C.1: x^16 + x^12 + x^5 + 1, the low bit first. */
const POLYNOMIAL = 0x8408;

const TABLE = Uint16Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ POLYNOMIAL : value >>> 1;
  return value;
});

/** The 16-bit frame check sequence of PPP, before the final inversion. `before` is that of the bytes in front. */
export function fcs16(bytes: Uint8Array, before = 0xffff): number {
  let fcs = before;
  for (let index = 0; index < bytes.length; index++) {
    fcs = (fcs >>> 8) ^ (TABLE[(fcs ^ (bytes[index] ?? 0)) & 0xff] ?? 0);
  }
  return fcs;
}
