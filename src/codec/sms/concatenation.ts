import { fitsShortMessage, type UserData, userDataOf } from "./user-data.ts";

/** The place of a short message in a long one. */
export interface Part {
  /** The number that the parts of one message share, 0 to 255. */
  readonly reference: number;
  /** From 1. */
  readonly part: number;
  readonly parts: number;
}

/** The user data header of a part. @spec 3GPP TS 23.040 9.2.3.24.1 */
export function headerOfPart({ reference, part, parts }: Part): string {
  return Buffer.of(0x00, 0x03, reference, parts, part).toString("hex").toUpperCase();
}

/** The place that a user data header names; `undefined` where the message stands alone. */
export function partOfHeader(header: string): Part | undefined {
  const octets = Buffer.from(header, "hex");
  for (let at = 0; at + 1 < octets.length; at += 2 + (octets[at + 1] ?? 0)) {
    const length = octets[at + 1];
    // 3GPP TS 23.040 9.2.3.24.1 and 9.2.3.24.8: the reference has 8 or 16 bits.
    if ((octets[at] === 0x00 && length === 3) || (octets[at] === 0x08 && length === 4)) {
      const [reference, parts, part] = octets.subarray(at + 1 + length - 2, at + 2 + length);
      if (reference !== undefined && parts !== undefined && part !== undefined) return { reference, part, parts };
    }
  }
  return undefined;
}

/** Cuts a text into pieces that fit, each as long as possible; no character is cut. */
export function cutText(text: string, fits: (piece: string) => boolean): readonly string[] {
  const pieces: string[] = [];
  let piece = "";
  for (const character of text) {
    if (!fits(piece + character)) {
      pieces.push(piece);
      piece = "";
    }
    piece += character;
  }
  pieces.push(piece);
  return pieces;
}

/** A text as one message, or cut into the parts of a long one; no character is cut. */
export function splitText(text: string, reference: number): readonly UserData[] {
  const whole = userDataOf(text);
  if (fitsShortMessage(whole)) return [whole];
  const { coding } = whole;
  const placeholder = headerOfPart({ reference, part: 1, parts: 1 });
  const pieces = cutText(text, (piece) => fitsShortMessage({ coding, header: placeholder, text: piece }));
  const parts = pieces.length;
  return pieces.map((content, index) => ({
    coding,
    header: headerOfPart({ reference, part: index + 1, parts }),
    text: content,
  }));
}
