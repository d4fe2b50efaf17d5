import { encodeGsm, packSeptets } from "../gsm-alphabet.ts";
import { cutText } from "./concatenation.ts";

/** One page of a cell broadcast message. @spec 3GPP TS 23.041 9.4.1 */
export interface BroadcastPage {
  readonly serial: number;
  /** What the message is about, by which a host chooses. */
  readonly id: number;
  readonly coding: number;
  readonly text: string;
  /** From 1, and how many there are. */
  readonly page: number;
  readonly pages: number;
}

/** Data coding schemes: the GSM alphabet without a language, and UCS2 (3GPP TS 23.038 5). */
export const BROADCAST_CODINGS = { gsm: 0x0f, ucs2: 0x48 } as const;

/** Octets of a page, and how many characters of each alphabet they hold. */
const CONTENT = 82;
const ROOM = { gsm: 93, ucs2: 41 } as const;
/** 3GPP TS 23.041 9.4.1.2.4. */
const MOST_PAGES = 15;
/** 3GPP TS 23.038 5: CR fills a page up. */
const FILLING = 0x0d;

/** The pages of a text; `undefined` where it needs more than there can be. */
export function broadcastPages(id: number, serial: number, text: string): readonly BroadcastPage[] | undefined {
  const alphabet = encodeGsm(text) === undefined ? "ucs2" : "gsm";
  const sizeOf = (piece: string) => (alphabet === "gsm" ? (encodeGsm(piece) ?? []).length : piece.length);
  const texts = cutText(text, (piece) => sizeOf(piece) <= ROOM[alphabet]);
  if (texts.length > MOST_PAGES) return undefined;
  const pages = texts.length;
  return texts.map((part, index) => ({
    serial,
    id,
    coding: BROADCAST_CODINGS[alphabet],
    text: part,
    page: index + 1,
    pages,
  }));
}

/** A page as it is broadcast, and as PDU mode prints it. */
export function encodeBroadcast({ serial, id, coding, text, page, pages }: BroadcastPage): Buffer {
  const head = Buffer.alloc(6);
  head.writeUInt16BE(serial, 0);
  head.writeUInt16BE(id, 2);
  head[4] = coding;
  head[5] = page * 16 + pages;
  return Buffer.concat([head, contentOf(coding, text)]);
}

function contentOf(coding: number, text: string): Buffer {
  if (coding === BROADCAST_CODINGS.ucs2) {
    const filled = text.padEnd(ROOM.ucs2, String.fromCharCode(FILLING));
    return Buffer.from(filled, "utf16le").swap16();
  }
  const septets = encodeGsm(text) ?? [];
  const filling = new Array<number>(ROOM.gsm - septets.length).fill(FILLING);
  return packSeptets([...septets, ...filling]).subarray(0, CONTENT);
}
