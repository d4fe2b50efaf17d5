import { SUB } from "../../codec/control-bytes.ts";

export const SOH = 0x01;
export const STX = 0x02;
export const EOT = 0x04;
export const ACK = 0x06;
export const NAK = 0x15;
export const CAN = 0x18;
/** `C`: the receiver's start, which asks for a CRC. */
export const START_CRC = 0x43;

/** How a block is checked, as the receiver's start says. */
export type Check = "checksum" | "crc";

/** Bytes of data in a block that starts with SOH, and in one that starts with STX (XMODEM-1K). */
export const SHORT_BLOCK = 128;
export const LONG_BLOCK = 1024;

/** Two CANs end a transfer; a few more are harmless. */
export const CANCEL = Buffer.alloc(5, CAN);

/** How an XMODEM transfer ended. */
export type XmodemOutcome = "done" | "cancelled" | "failed";

/** The sum of the bytes, modulo 256. */
export function checksum(data: Uint8Array): number {
  let sum = 0;
  for (const byte of data) sum = (sum + byte) & 0xff;
  return sum;
}

/** CRC-16 of XMODEM: polynomial 0x1021, from 0, the high bit first. */
export function crc16(data: Uint8Array): number {
  let crc = 0;
  for (const byte of data) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? ((crc << 1) ^ 0x1021) & 0xffff : crc << 1;
  }
  return crc;
}

/** A block as it goes over the line, padded with Ctrl-Z: XMODEM transmits no length. */
export function frameBlock(number: number, data: Uint8Array, size: number, check: Check): Buffer {
  const frame = Buffer.alloc(3 + size + (check === "crc" ? 2 : 1), SUB);
  frame.set([size === LONG_BLOCK ? STX : SOH, number & 0xff, ~number & 0xff]);
  frame.set(data, 3);
  const body = frame.subarray(3, 3 + size);
  if (check === "crc") frame.writeUInt16BE(crc16(body), 3 + size);
  else frame[3 + size] = checksum(body);
  return frame;
}
