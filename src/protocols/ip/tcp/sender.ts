import { IP_LIMITS } from "../limits.ts";
import { ByteRing } from "./byte-ring.ts";
import { advance, distance, type Segment } from "./segment.ts";

/** A segment that is due. */
export interface DueSegment {
  readonly seq: number;
  readonly data: Buffer;
  /** Whether it ends our direction. */
  readonly isLast: boolean;
  /** Whether all of it was never sent before. */
  readonly isNew: boolean;
}

/** Segments sent before anything is acknowledged (RFC 6928), and repeated acknowledgements that mean a loss (RFC 5681 §3.2). */
const INITIAL_SEGMENTS = 10;
const DUPLICATES = 3;

/** What goes to the host: bytes until they are acknowledged, in as many segments as its window and the link allow. @rfc 5681 */
export class Sender {
  readonly #bytes = new ByteRing(IP_LIMITS.unacknowledged);
  readonly #mss: number;
  /** The first number that is not acknowledged, the next one to send, and the one after all that was ever sent. */
  #first: number;
  #next: number;
  #sent: number;
  /** The host's window, and the numbers of the segment that has told it. */
  #window = 0;
  #windowSeq: number;
  #windowAck: number;
  #congestion: number;
  #threshold = Number.POSITIVE_INFINITY;
  #duplicates = 0;
  /** While a loss is mended: what had been sent when it was noticed. */
  #recover: number | undefined;
  #resends = false;
  #probes = false;
  #isEnding = false;
  #finished = false;

  /** `acknowledging` is the segment that has completed the handshake. */
  constructor(mss: number, acknowledging: Segment) {
    this.#mss = mss;
    this.#first = acknowledging.ack;
    this.#next = this.#first;
    this.#sent = this.#first;
    this.#windowSeq = acknowledging.seq;
    this.#windowAck = acknowledging.ack;
    this.#window = acknowledging.window;
    this.#congestion = INITIAL_SEGMENTS * mss;
  }

  /** The number of the next segment. */
  get next(): number {
    return this.#next;
  }

  /** The first number that the host has not acknowledged. */
  get first(): number {
    return this.#first;
  }

  /** Whether the host takes nothing for now. */
  get isShut(): boolean {
    return this.#window === 0;
  }

  get hasRoom(): boolean {
    return this.#bytes.room > 0;
  }

  /** Whether the host has acknowledged our end. */
  get finished(): boolean {
    return this.#finished;
  }

  /** Whether an acknowledgement, or a larger window, is awaited. */
  get awaits(): boolean {
    return this.#outstanding > 0 || (this.#bytes.length > 0 && this.#window === 0);
  }

  get #outstanding(): number {
    return distance(this.#sent, this.#first);
  }

  /** Takes as many bytes as there is room for, and gives their number. */
  push(bytes: Uint8Array): number {
    return this.#bytes.push(bytes);
  }

  /** Ends our direction after what was pushed. */
  end(): void {
    this.#isEnding = true;
  }

  /** The segment that is to be sent now. */
  due(): DueSegment | undefined {
    if (this.#finished) return undefined;
    if (this.#resends) {
      this.#resends = false;
      return this.#cut(this.#first, Math.min(this.#mss, this.#bytes.length));
    }
    const offset = distance(this.#next, this.#first);
    const left = this.#bytes.length - offset;
    const usable = this.#probes ? 1 : Math.floor(Math.min(this.#window, this.#congestion)) - offset;
    const size = Math.min(left, this.#mss, Math.max(0, usable));
    if (left < 0 || (left > 0 && size === 0)) return undefined;
    // Less than a whole segment only where it is the last, or nothing is under way (RFC 9293 §3.8.6.2.1).
    if (size < left && size < this.#mss && offset > 0) return undefined;
    if (size === 0 && !this.#isEnding) return undefined;
    this.#probes = false;
    return this.#cut(this.#next, size);
  }

  /** Takes what a segment of the host says of ours. `false` where it acknowledges what was never sent. */
  acknowledge({ seq, ack, window, data }: Segment): boolean {
    if (distance(ack, this.#sent) > 0) return false;
    const count = distance(ack, this.#first);
    if (count < 0) return true;
    const before = this.#window;
    const age = distance(seq, this.#windowSeq);
    if (age > 0 || (age === 0 && distance(ack, this.#windowAck) >= 0)) {
      this.#window = window;
      this.#windowSeq = seq;
      this.#windowAck = ack;
    }
    if (count > 0) this.#advance(ack, count);
    else if (before > 0 && before === window && data.length === 0 && this.#outstanding > 0) this.#repeat();
    // What was sent into a shut window has gone for nothing.
    if (before === 0 && this.#window > 0) this.#next = this.#first;
    return true;
  }

  /** Nothing came in time: all is sent again, or the shut window is probed. */
  timedOut(): void {
    this.#next = this.#first;
    this.#probes = this.#window === 0 && this.#bytes.length > 0;
    if (this.#probes) return;
    this.#threshold = this.#halved();
    this.#congestion = this.#mss;
    this.#duplicates = 0;
    this.#recover = undefined;
  }

  #cut(seq: number, size: number): DueSegment {
    const offset = distance(seq, this.#first);
    const isLast = this.#isEnding && offset + size === this.#bytes.length;
    const end = advance(seq, size + (isLast ? 1 : 0));
    const isNew = distance(seq, this.#sent) >= 0;
    if (distance(end, this.#next) > 0) this.#next = end;
    if (distance(end, this.#sent) > 0) this.#sent = end;
    return { seq, data: this.#bytes.copy(offset, size), isLast, isNew };
  }

  #advance(ack: number, count: number): void {
    const bytes = Math.min(count, this.#bytes.length);
    this.#bytes.drop(bytes);
    this.#finished = count > bytes;
    this.#first = ack;
    if (distance(ack, this.#next) > 0) this.#next = ack;
    this.#duplicates = 0;
    if (this.#recover === undefined) {
      this.#congestion +=
        this.#congestion < this.#threshold ? Math.min(count, this.#mss) : (this.#mss * this.#mss) / this.#congestion;
    } else if (distance(ack, this.#recover) >= 0) {
      this.#congestion = this.#threshold;
      this.#recover = undefined;
    } else {
      // A part is mended; the next hole begins where it ends (RFC 6582).
      this.#resends = true;
    }
  }

  #repeat(): void {
    this.#duplicates++;
    if (this.#recover !== undefined) this.#congestion += this.#mss;
    if (this.#recover !== undefined || this.#duplicates !== DUPLICATES) return;
    this.#threshold = this.#halved();
    this.#congestion = this.#threshold + DUPLICATES * this.#mss;
    this.#recover = this.#sent;
    this.#resends = true;
  }

  #halved(): number {
    return Math.max(this.#outstanding / 2, 2 * this.#mss);
  }
}
