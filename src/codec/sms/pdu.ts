import { encodeAddress, encodeServiceCentre, encodeTime, type MessageTime, readAddress, readTime } from "./address.ts";
import { decodeUserData, encodeUserData, type UserData } from "./user-data.ts";

/** A short message from the network. */
export interface DeliveredMessage extends UserData, MessageTime {
  readonly kind: "deliver";
  /** A number, or a name of up to 11 characters. */
  readonly from: string;
  readonly protocol: number;
}

/** A short message from the host. */
export interface SubmittedMessage extends UserData {
  readonly kind: "submit";
  readonly to: string;
  /** The first octet without the bit of the header. */
  readonly first: number;
  readonly protocol: number;
  /** The octets of the validity period, in hexadecimal. */
  readonly validity: string;
}

/** What the network says of a message that it has delivered. */
export interface StatusReport {
  readonly kind: "report";
  readonly to: string;
  readonly reference: number;
  readonly sent: MessageTime;
  readonly delivered: MessageTime;
  /** 0 where the message has reached its recipient (3GPP TS 23.040 9.2.3.15). */
  readonly status: number;
}

export type ShortMessage = DeliveredMessage | SubmittedMessage | StatusReport;

/** 3GPP TS 23.040 9.2.3.1: message types, with no more messages waiting. */
const DELIVER = 0x04;
export const SUBMIT = 0x01;
const REPORT = 0x06;
/** 3GPP TS 23.040 9.2.3.23 and 9.2.3.5: a header is there; a report is asked for. */
const HEADER = 0x40;
const REPORT_WANTED = 0x20;

/** The first octet of a message, as a PDU and the details of text mode have it. */
export function firstOctet(message: ShortMessage): number {
  if (message.kind === "report") return REPORT;
  return (message.kind === "submit" ? message.first : DELIVER) | (message.header === "" ? 0 : HEADER);
}

/** Whether the sender wants to know that the message was delivered. */
export function wantsReport({ first }: SubmittedMessage): boolean {
  return (first & REPORT_WANTED) !== 0;
}

/** How a first octet says how long the validity period is: none, seven octets, one, or seven (3GPP TS 23.040 9.2.3.3). */
const VALIDITY_LENGTHS = [0, 7, 1, 7] as const;

export function validityLength(first: number): number {
  return VALIDITY_LENGTHS[(first >> 3) & 0x03] ?? 0;
}

/** A message behind its service centre, and how many of its octets the length of 27.005 counts. */
export function encodePdu(
  message: ShortMessage,
  serviceCentre: string,
): { readonly pdu: Buffer; readonly length: number } {
  const tpdu = encodeTpdu(message);
  return { pdu: Buffer.concat([encodeServiceCentre(serviceCentre), tpdu]), length: tpdu.length };
}

function encodeTpdu(message: ShortMessage): Buffer {
  const first = Buffer.of(firstOctet(message));
  if (message.kind === "report") {
    const { reference, to, sent, delivered, status } = message;
    return Buffer.concat([
      first,
      Buffer.of(reference),
      encodeAddress(to),
      encodeTime(sent),
      encodeTime(delivered),
      Buffer.of(status),
    ]);
  }
  const { length, octets } = encodeUserData(message);
  const scheme = Buffer.of(message.protocol, message.coding);
  const data = Buffer.concat([Buffer.of(length), octets]);
  if (message.kind === "deliver") {
    return Buffer.concat([first, encodeAddress(message.from), scheme, encodeTime(message), data]);
  }
  // The network counts the messages; the number of the host is ignored.
  return Buffer.concat([
    first,
    Buffer.of(0),
    encodeAddress(message.to),
    scheme,
    Buffer.from(message.validity, "hex"),
    data,
  ]);
}

/** The message of a PDU whose TPDU has `length` octets behind its service centre; `undefined` when it is none of that kind. */
export function decodePdu(pdu: Uint8Array, length: number, kind: "submit"): SubmittedMessage | undefined;
export function decodePdu(pdu: Uint8Array, length: number, kind: "deliver"): DeliveredMessage | undefined;
export function decodePdu(pdu: Uint8Array, length: number, kind: "submit" | "deliver"): ShortMessage | undefined {
  const tpdu = Buffer.from(pdu.subarray(1 + (pdu[0] ?? 0)));
  if (tpdu.length !== length) return undefined;
  return kind === "submit" ? decodeSubmit(tpdu) : decodeDeliver(tpdu);
}

function decodeSubmit(tpdu: Buffer): SubmittedMessage | undefined {
  const [first] = tpdu;
  if (first === undefined || (first & 0x03) !== SUBMIT) return undefined;
  const address = readAddress(tpdu, 2);
  if (address === undefined) return undefined;
  const validityEnd = address.end + 2 + validityLength(first);
  const scheme = readScheme(tpdu, address.end);
  const data = scheme && readData(tpdu, validityEnd, scheme.coding, first);
  if (scheme === undefined || data === undefined) return undefined;
  return {
    kind: "submit",
    to: address.number,
    first: first & ~HEADER,
    protocol: scheme.protocol,
    validity: tpdu.toString("hex", address.end + 2, validityEnd).toUpperCase(),
    ...data,
  };
}

function decodeDeliver(tpdu: Buffer): DeliveredMessage | undefined {
  const [first] = tpdu;
  const address = readAddress(tpdu, 1);
  if (first === undefined || (first & 0x03) !== 0 || address === undefined) return undefined;
  const time = readTime(tpdu, address.end + 2);
  const scheme = readScheme(tpdu, address.end);
  const data = scheme && readData(tpdu, address.end + 9, scheme.coding, first);
  if (time === undefined || scheme === undefined || data === undefined) return undefined;
  return { kind: "deliver", from: address.number, protocol: scheme.protocol, ...time, ...data };
}

function readScheme(tpdu: Buffer, at: number): { readonly protocol: number; readonly coding: number } | undefined {
  const [protocol, coding] = tpdu.subarray(at, at + 2);
  return protocol === undefined || coding === undefined ? undefined : { protocol, coding };
}

function readData(tpdu: Buffer, at: number, coding: number, first: number): UserData | undefined {
  const length = tpdu[at];
  return length === undefined
    ? undefined
    : decodeUserData(tpdu.subarray(at + 1), length, coding, (first & HEADER) !== 0);
}
