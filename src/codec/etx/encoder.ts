import { etxKernel } from "./kernel.ts";
import { indexOfControl } from "./scan.ts";

/** How far {@link encodeEtxInto} came: bytes taken from the source, bytes put into the target. */
export interface EtxEncoded {
  readonly read: number;
  readonly written: number;
}

/**
 * Puts an ETX before each ETX and SUB, and before nothing else. Bytes that hold neither are returned as they are, not copied;
 * otherwise the result lies in one new buffer of the worst size.
 *
 * @spec AT Command Set for Internet Service 5.10, 6.1
 */
export function encodeEtx(bytes: Buffer): Buffer {
  if (indexOfControl(bytes, 0) === bytes.length) return bytes;
  const encoded = Buffer.allocUnsafe(2 * bytes.length);
  return encoded.subarray(0, encodeEtxInto(bytes, encoded).written);
}

/**
 * Fills `target`, say one packet, with as much of `source` as fits encoded. An escape pair is never split: where only its first
 * byte would fit, the last byte of the target stays free.
 */
export function encodeEtxInto(source: Buffer, target: Buffer): EtxEncoded {
  const cursor = { source, read: 0, target, written: 0 };
  etxKernel.encode(cursor);
  return cursor;
}
