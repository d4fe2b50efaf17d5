import { decodeGsm, encodeGsm, packSeptets, unpackSeptets } from "../gsm-alphabet.ts";

/** 3GPP TS 23.040 9.1.2.5: types of an address. */
const INTERNATIONAL = 0x91;
const UNKNOWN = 0x81;
const ALPHANUMERIC = 0xd0;

/** Most semi-octets of an address (3GPP TS 23.040 9.1.2.5). */
const LONGEST = 20;

/** A moment as a short message carries it. */
export interface MessageTime {
  /** Local time as `YYMMDDhhmmss`. */
  readonly stamp: string;
  /** Quarters of an hour that local time is ahead of UTC. */
  readonly zone: number;
}

/** 3GPP TS 23.040 9.1.2.5: digits (or, for a name, semi-octets), type, and the digits in swapped pairs. */
export function encodeAddress(number: string): Buffer {
  const digits = number.replace(/^\+/, "");
  if (!/^[0-9*#]*$/.test(digits)) {
    const septets = encodeGsm(number) ?? [];
    return Buffer.concat([Buffer.of(Math.ceil((septets.length * 7) / 4), ALPHANUMERIC), packSeptets(septets)]);
  }
  const type = number.startsWith("+") ? INTERNATIONAL : UNKNOWN;
  return Buffer.concat([
    Buffer.of(digits.length, type),
    swappedDigits(digits.replaceAll("*", "a").replaceAll("#", "b")),
  ]);
}

/** 3GPP TS 27.005 3.1: the service centre's length counts octets, type included. */
export function encodeServiceCentre(number: string): Buffer {
  const centre = encodeAddress(number);
  return Buffer.concat([Buffer.of(centre.length - 1), centre.subarray(1)]);
}

/** The address at a place of a PDU, and where it ends; `undefined` when there is none. */
export function readAddress(
  tpdu: Buffer,
  start: number,
): { readonly number: string; readonly end: number } | undefined {
  const digits = tpdu[start];
  const type = tpdu[start + 1];
  if (digits === undefined || type === undefined || digits > LONGEST) return undefined;
  const end = start + 2 + Math.ceil(digits / 2);
  if (end > tpdu.length) return undefined;
  const octets = tpdu.subarray(start + 2, end);
  if ((type & 0x70) === 0x50) return { number: decodeGsm(unpackSeptets(octets, Math.floor((digits * 4) / 7))), end };
  const number = unswapped(octets).slice(0, digits);
  return { number: (type === INTERNATIONAL ? "+" : "") + number.replaceAll("a", "*").replaceAll("b", "#"), end };
}

/** 3GPP TS 23.040 9.2.3.11: swapped digits; the zone's sign is the highest bit of its first digit. */
export function encodeTime({ stamp, zone }: MessageTime): Buffer {
  const octets = swappedDigits(stamp + String(Math.abs(zone)).padStart(2, "0"));
  if (zone < 0) octets[6] = (octets[6] ?? 0) | 0x08;
  return octets;
}

/** The moment at a place of a PDU; `undefined` where the seven octets are no digits. */
export function readTime(tpdu: Buffer, start: number): MessageTime | undefined {
  const octets = Buffer.from(tpdu.subarray(start, start + 7));
  if (octets.length < 7) return undefined;
  const behind = ((octets[6] ?? 0) & 0x08) !== 0;
  octets[6] = (octets[6] ?? 0) & 0xf7;
  const digits = unswapped(octets);
  if (!/^\d{14}$/.test(digits)) return undefined;
  const zone = Number(digits.slice(12));
  return { stamp: digits.slice(0, 12), zone: behind && zone > 0 ? -zone : zone };
}

/** Digits in swapped pairs; an odd number of digits is filled up with F. @spec 3GPP TS 23.040 9.1.2.3 */
export function swappedDigits(digits: string): Buffer {
  const even = digits.length % 2 === 0 ? digits : `${digits}f`;
  return Buffer.from(even.replace(/(.)(.)/g, "$2$1"), "hex");
}

function unswapped(octets: Buffer): string {
  return octets.toString("hex").replace(/(.)(.)/g, "$2$1");
}
