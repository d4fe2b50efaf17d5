import { fcs16 } from "./fcs.ts";

export const FLAG = 0x7e;
export const ESCAPE = 0x7d;
/** What an escaped byte is combined with (RFC 1662 4.2). */
export const ESCAPED = 0x20;
/** The address of all stations, and the control field of unnumbered information (RFC 1662 3.1). */
export const ADDRESS = 0xff;
export const CONTROL = 0x03;

/** The map of control characters before one is agreed: all 32 are escaped (RFC 1662 7.1). */
export const DEFAULT_MAP = 0xffffffff;

/** How packets become frames in one direction. */
export interface FrameFormat {
  /** A bit for each control character below 0x20 that must be escaped. */
  readonly map: number;
  /** The peer takes frames without address and control field. */
  readonly compressAddress: boolean;
  /** The peer takes the protocol in one byte where that is possible. */
  readonly compressProtocol: boolean;
}

/** The format that every peer understands at any time; LCP's packets always have it (RFC 1661 5, RFC 1662 7.1). */
export const PLAIN_FORMAT: FrameFormat = { map: DEFAULT_MAP, compressAddress: false, compressProtocol: false };

/** Which bytes stand for themselves on the line: 0 for those that do. */
export function specialBytes(map: number): Uint8Array {
  const special = new Uint8Array(256);
  for (let byte = 0; byte < 32; byte++) special[byte] = (map >>> byte) & 1;
  special[FLAG] = 1;
  special[ESCAPE] = 1;
  return special;
}

/** Puts packets into frames: between flags, with what the map says escaped, and with a check. */
export class Framer {
  #format: FrameFormat = PLAIN_FORMAT;
  #special = specialBytes(PLAIN_FORMAT.map);

  get format(): FrameFormat {
    return this.#format;
  }

  set format(format: FrameFormat) {
    this.#special = specialBytes(format.map);
    this.#format = format;
  }

  /** The frame of a packet. */
  frame(protocol: number, information: Uint8Array): Buffer {
    const { compressAddress, compressProtocol } = this.#format;
    const head = [
      ...(compressAddress ? [] : [ADDRESS, CONTROL]),
      ...(compressProtocol && isShort(protocol) ? [] : [protocol >>> 8]),
      protocol & 0xff,
    ];
    const body = new Uint8Array(head.length + information.length + 2);
    body.set(head);
    body.set(information, head.length);
    const end = body.length - 2;
    const fcs = ~fcs16(body.subarray(0, end)) & 0xffff;
    body[end] = fcs & 0xff;
    body[end + 1] = fcs >>> 8;
    return escapedFrame(body, this.#special);
  }
}

/** RFC 1661 6.5: the last byte of a protocol is odd and the first even, so that both lengths can be told apart. */
function isShort(protocol: number): boolean {
  return protocol < 0x100;
}

function escapedFrame(body: Uint8Array, special: Uint8Array): Buffer {
  let escapes = 0;
  for (let index = 0; index < body.length; index++) escapes += special[body[index] ?? 0] ?? 0;
  const frame = Buffer.allocUnsafe(body.length + escapes + 2);
  let at = 0;
  frame[at++] = FLAG;
  let start = 0;
  for (let index = 0; escapes > 0 && index < body.length; index++) {
    const byte = body[index] ?? 0;
    if (special[byte] !== 1) continue;
    frame.set(body.subarray(start, index), at);
    at += index - start;
    frame[at++] = ESCAPE;
    frame[at++] = byte ^ ESCAPED;
    start = index + 1;
    escapes--;
  }
  frame.set(body.subarray(start), at);
  frame[frame.length - 1] = FLAG;
  return frame;
}
