import { fcs16, GOOD_FCS } from "./fcs.ts";
import { ADDRESS, CONTROL, DEFAULT_MAP, ESCAPE, ESCAPED, FLAG, specialBytes } from "./framing.ts";
import { PPP_LIMITS } from "./limits.ts";

/** What has come in a frame. */
export interface Frame {
  readonly protocol: number;
  /** Borrowed: the bytes hold until the next frame. */
  readonly information: Buffer;
}

/** Why a frame was dropped: its check is wrong, it is too long or too short, or its sender has given it up. */
export type FrameFault = "broken" | "oversize" | "short" | "aborted";

/** How many bytes the check has. */
const CHECK = 2;

/**
 * Finds the frames in a stream that may come in any pieces. A flag may end one frame and begin the next; what comes before
 * the first flag is noise. Frames with a fault are counted and dropped (RFC 1662 4.3).
 */
export class Deframer {
  readonly faults: Record<FrameFault, number> = { broken: 0, oversize: 0, short: 0, aborted: 0 };
  readonly #take: (frame: Frame) => void;
  readonly #buffer = Buffer.alloc(PPP_LIMITS.frame);
  #special = specialBytes(DEFAULT_MAP);
  #length = 0;
  /** Between flags; otherwise what comes belongs to no frame. */
  #inside = false;
  #escaped = false;

  constructor(take: (frame: Frame) => void) {
    this.#take = take;
  }

  /** The control characters that the line may have inserted: unless they are escaped they are removed (RFC 1662 4.2). */
  set map(map: number) {
    this.#special = specialBytes(map);
  }

  push(chunk: Buffer): void {
    for (let at = 0; at < chunk.length; ) at = this.#inside ? this.#step(chunk, at) : this.#hunt(chunk, at);
  }

  /** Looks for the flag that begins a frame. */
  #hunt(chunk: Buffer, at: number): number {
    const flag = chunk.indexOf(FLAG, at);
    if (flag < 0) return chunk.length;
    this.#begin();
    return flag + 1;
  }

  /** Takes a run of plain bytes, or one byte that is not. */
  #step(chunk: Buffer, at: number): number {
    if (this.#escaped) return this.#unescape(chunk, at);
    const special = this.#special;
    let end = at;
    while (end < chunk.length && special[chunk[end] ?? 0] === 0) end++;
    if (end > at && !this.#append(chunk, at, end)) return end;
    if (end === chunk.length) return end;
    const byte = chunk[end];
    if (byte === FLAG) this.#end();
    else if (byte === ESCAPE) this.#escaped = true;
    return end + 1;
  }

  #unescape(chunk: Buffer, at: number): number {
    this.#escaped = false;
    const byte = chunk[at] ?? 0;
    if (byte === FLAG) {
      // RFC 1662 4.3: the sender has given the frame up.
      this.faults.aborted++;
      this.#begin();
    } else if (this.#special[byte] === 1 && byte < ESCAPED) {
      // The line has inserted it.
      this.#escaped = true;
    } else if (this.#length === PPP_LIMITS.frame) {
      this.#overflow();
    } else {
      this.#buffer[this.#length++] = byte ^ ESCAPED;
    }
    return at + 1;
  }

  #append(chunk: Buffer, start: number, end: number): boolean {
    if (this.#length + end - start > PPP_LIMITS.frame) {
      this.#overflow();
      return false;
    }
    chunk.copy(this.#buffer, this.#length, start, end);
    this.#length += end - start;
    return true;
  }

  #overflow(): void {
    this.faults.oversize++;
    this.#inside = false;
  }

  #begin(): void {
    this.#inside = true;
    this.#length = 0;
  }

  #end(): void {
    const frame = this.#buffer.subarray(0, this.#length);
    this.#begin();
    if (frame.length === 0) return;
    if (frame.length <= CHECK + 1) this.faults.short++;
    else if (fcs16(frame) !== GOOD_FCS) this.faults.broken++;
    else this.#read(frame.subarray(0, -CHECK));
  }

  /** Reads the head of a frame, in the full form or the short one: both may come at any time (RFC 1661 6.5, 6.6). */
  #read(frame: Buffer): void {
    const body = frame[0] === ADDRESS && frame[1] === CONTROL ? frame.subarray(2) : frame;
    const first = body[0] ?? 0;
    const second = body[1] ?? 0;
    // RFC 1661 2: the last byte of a protocol is odd, the first one even.
    const length = first & 1 ? 1 : 2;
    const protocol = length === 1 ? first : (first << 8) | second;
    if (body.length < length || (protocol & 1) === 0) this.faults.broken++;
    else this.#take({ protocol, information: body.subarray(length) });
  }
}
