import { decodeGsm, encodeGsm, packSeptets, unpackSeptets } from "../gsm-alphabet.ts";

/** What a short message carries. */
export interface UserData {
  /** Data coding scheme (3GPP TS 23.038 4). */
  readonly coding: number;
  /** The user data header without its length, in hexadecimal; empty where there is none. */
  readonly header: string;
  /** 8-bit data have one character for each octet. */
  readonly text: string;
}

/** The alphabet of a data coding scheme, as its bits count them. */
export type Alphabet = "gsm" | "octets" | "ucs2";

/** Data coding schemes of those alphabets. */
export const CODINGS: Readonly<Record<Alphabet, number>> = { gsm: 0x00, octets: 0x04, ucs2: 0x08 };

/** Octets of the user data of one message (3GPP TS 23.040 9.2.3.24). */
const ROOM = 140;

/**
 * The alphabet of a data coding scheme: the general groups name it in bits 2 and 3, those from 0xF0 in bit 2 alone, and the
 * group for waiting messages 0xE0 means UCS2 (3GPP TS 23.038 4).
 */
export function alphabetOf(coding: number): Alphabet {
  if (coding >= 0xf0) return (coding & 0x04) === 0 ? "gsm" : "octets";
  if (coding >= 0xe0) return "ucs2";
  if (coding >= 0x80) return "gsm";
  const bits = (coding >> 2) & 0x03;
  return bits === 1 ? "octets" : bits === 2 ? "ucs2" : "gsm";
}

/** A text as user data in the first alphabet that has all its characters. */
export function userDataOf(text: string, header = ""): UserData {
  return { coding: encodeGsm(text) === undefined ? CODINGS.ucs2 : CODINGS.gsm, header, text };
}

/** The octets of user data, and their length as the PDU counts it: in septets for the default alphabet, else in octets. */
export function encodeUserData({ coding, header, text }: UserData): {
  readonly length: number;
  readonly octets: Buffer;
} {
  const head = encodeHeader(header);
  switch (alphabetOf(coding)) {
    case "gsm": {
      // 3GPP TS 23.040 9.2.3.24: the text begins at the next septet boundary behind the header.
      const before = Math.ceil((head.length * 8) / 7);
      const septets = [...new Array<number>(before).fill(0), ...(encodeGsm(text) ?? [])];
      const octets = packSeptets(septets);
      head.copy(octets);
      return { length: septets.length, octets };
    }
    case "octets": {
      const octets = Buffer.concat([head, Buffer.from(text, "latin1")]);
      return { length: octets.length, octets };
    }
    case "ucs2": {
      const octets = Buffer.concat([head, Buffer.from(text, "utf16le").swap16()]);
      return { length: octets.length, octets };
    }
  }
}

/** Reads user data of that length in the PDU's count; `undefined` where the octets are not those. */
export function decodeUserData(
  octets: Buffer,
  length: number,
  coding: number,
  hasHeader: boolean,
): UserData | undefined {
  const alphabet = alphabetOf(coding);
  const size = alphabet === "gsm" ? Math.ceil((length * 7) / 8) : length;
  if (octets.length !== size || size > ROOM) return undefined;
  // 3GPP TS 23.040 9.2.3.24: the header's own length stands before it.
  const before = hasHeader ? 1 + (octets[0] ?? 0) : 0;
  if (before > octets.length) return undefined;
  const header = octets.toString("hex", 1, Math.max(before, 1)).toUpperCase();
  const body = octets.subarray(before);
  switch (alphabet) {
    case "gsm":
      return { coding, header, text: decodeGsm(unpackSeptets(octets, length).slice(Math.ceil((before * 8) / 7))) };
    case "octets":
      return { coding, header, text: body.toString("latin1") };
    case "ucs2":
      return body.length % 2 === 0
        ? { coding, header, text: Buffer.from(body).swap16().toString("utf16le") }
        : undefined;
  }
}

/** Whether one short message holds them: 160 septets or 140 octets, the header included (3GPP TS 23.040 9.2.3.24). */
export function fitsShortMessage(data: UserData): boolean {
  const { length } = encodeUserData(data);
  return length <= (alphabetOf(data.coding) === "gsm" ? (ROOM * 8) / 7 : ROOM);
}

function encodeHeader(header: string): Buffer {
  if (header === "") return Buffer.alloc(0);
  const content = Buffer.from(header, "hex");
  return Buffer.concat([Buffer.of(content.length), content]);
}
