import { decodeGsm, encodeGsm, packSeptets, unpackSeptets } from "./gsm-alphabet.ts";

/** A short message from the network. */
export interface DeliveredMessage {
  /** A number, or a name of up to 11 characters. */
  readonly from: string;
  readonly text: string;
  /** Local time as `YYMMDDhhmmss`. */
  readonly stamp: string;
  /** Quarters of an hour that local time is ahead of UTC. */
  readonly zone: number;
}

/** A short message from the host. */
export interface SubmittedMessage {
  readonly to: string;
  readonly text: string;
}

const INTERNATIONAL = 0x91;
const UNKNOWN = 0x81;
const ALPHANUMERIC = 0xd0;
/** 3GPP TS 23.038 4: the data coding schemes that we write. */
const DEFAULT_ALPHABET = 0x00;
const UCS2 = 0x08;

/** The user data of a text, in the first alphabet that has all its characters. */
interface UserData {
  readonly coding: number;
  readonly length: number;
  readonly octets: Buffer;
}

/** Whether one short message holds the text: 160 septets or 70 UTF-16 units (3GPP TS 23.040 9.2.3.24). */
export function fitsShortMessage(text: string): boolean {
  const { coding, length } = userDataOf(text);
  return length <= (coding === UCS2 ? 140 : 160);
}

/** The SMS-DELIVER of a message behind its service centre, and how many of its octets the length of 27.005 counts. */
export function encodeDeliver(
  message: DeliveredMessage,
  serviceCentre: string,
): { readonly pdu: Buffer; readonly length: number } {
  const { coding, length, octets } = userDataOf(message.text);
  // 3GPP TS 23.040 9.2.2.1: SMS-DELIVER, no more messages waiting.
  const tpdu = Buffer.concat([
    Buffer.of(0x04),
    addressOf(message.from),
    Buffer.of(0, coding),
    timeStampOf(message),
    Buffer.of(length),
    octets,
  ]);
  const centre = addressOf(serviceCentre);
  // 3GPP TS 27.005 3.1: the service centre's length counts octets, type included.
  return { pdu: Buffer.concat([Buffer.of(centre.length - 1), centre.subarray(1), tpdu]), length: tpdu.length };
}

/** The message of an SMS-SUBMIT of `length` octets behind its service centre; `undefined` when it is none. */
export function decodeSubmit(pdu: Uint8Array, length: number): SubmittedMessage | undefined {
  const start = 1 + (pdu[0] ?? 0);
  const tpdu = Buffer.from(pdu.subarray(start));
  const first = tpdu[0];
  // 3GPP TS 23.040 9.2.3.1: message type 01 is SMS-SUBMIT.
  if (first === undefined || tpdu.length !== length || (first & 0x03) !== 0x01) return undefined;
  const address = readAddress(tpdu, 2);
  if (address === undefined) return undefined;
  // 3GPP TS 23.040 9.2.3.3: no validity period, one of an octet, or one of seven.
  const validity = [0, 7, 1, 7][(first >> 3) & 0x03] ?? 0;
  const coding = tpdu[address.end + 1];
  const counted = tpdu[address.end + 2 + validity];
  if (coding === undefined || counted === undefined) return undefined;
  const text = textOf(tpdu.subarray(address.end + 3 + validity), counted, coding, (first & 0x40) !== 0);
  return text === undefined ? undefined : { to: address.number, text };
}

function userDataOf(text: string): UserData {
  const septets = encodeGsm(text);
  if (septets !== undefined) return { coding: DEFAULT_ALPHABET, length: septets.length, octets: packSeptets(septets) };
  const octets = Buffer.from(text, "utf16le").swap16();
  return { coding: UCS2, length: octets.length, octets };
}

function textOf(octets: Buffer, counted: number, coding: number, hasHeader: boolean): string | undefined {
  // 3GPP TS 23.040 9.2.3.24: the header's own length stands before it.
  const header = hasHeader ? 1 + (octets[0] ?? 0) : 0;
  // 3GPP TS 23.038 4: the general groups say the alphabet in bits 2 and 3; the groups from 0xF0 in bit 2 alone.
  const alphabet = coding >= 0xf0 ? (coding >> 2) & 0x01 : (coding >> 2) & 0x03;
  if (alphabet === 0) {
    if (octets.length !== Math.ceil((counted * 7) / 8)) return undefined;
    return decodeGsm(unpackSeptets(octets, counted).slice(Math.ceil((header * 8) / 7)));
  }
  if (octets.length !== counted) return undefined;
  const body = octets.subarray(header);
  if (alphabet === 1) return body.toString("latin1");
  return body.length % 2 === 0 ? Buffer.from(body).swap16().toString("utf16le") : undefined;
}

/** 3GPP TS 23.040 9.1.2.5: digits (or, for a name, semi-octets), type, and the digits in swapped pairs. */
function addressOf(number: string): Buffer {
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

function readAddress(tpdu: Buffer, start: number): { readonly number: string; readonly end: number } | undefined {
  const digits = tpdu[start];
  const type = tpdu[start + 1];
  if (digits === undefined || type === undefined || digits > 20) return undefined;
  const end = start + 2 + Math.ceil(digits / 2);
  if (end > tpdu.length) return undefined;
  const octets = tpdu.subarray(start + 2, end);
  if ((type & 0x70) === 0x50) return { number: decodeGsm(unpackSeptets(octets, Math.floor((digits * 4) / 7))), end };
  const number = octets
    .toString("hex")
    .replace(/(.)(.)/g, "$2$1")
    .slice(0, digits);
  return { number: (type === INTERNATIONAL ? "+" : "") + number.replaceAll("a", "*").replaceAll("b", "#"), end };
}

function swappedDigits(digits: string): Buffer {
  const even = digits.length % 2 === 0 ? digits : `${digits}f`;
  return Buffer.from(even.replace(/(.)(.)/g, "$2$1"), "hex");
}

/** 3GPP TS 23.040 9.2.3.11: swapped digits; the zone's sign is the highest bit of its first digit. */
function timeStampOf({ stamp, zone }: DeliveredMessage): Buffer {
  const octets = swappedDigits(stamp + String(Math.abs(zone)).padStart(2, "0"));
  if (zone < 0) octets[6] = (octets[6] ?? 0) | 0x08;
  return octets;
}
