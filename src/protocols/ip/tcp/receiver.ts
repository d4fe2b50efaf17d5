import { IP_LIMITS } from "../limits.ts";
import { ByteRing } from "./byte-ring.ts";
import { advance, distance } from "./segment.ts";

interface EarlySegment {
  readonly seq: number;
  readonly data: Buffer;
  readonly isLast: boolean;
}

/** What the host sends, in order. The window is what is left of a fixed buffer: the network's own pace, and no more. */
export class Receiver {
  readonly bytes = new ByteRing(IP_LIMITS.window);
  /** Segments that came before an earlier one, in order of their numbers. */
  #early: EarlySegment[] = [];
  /** The number that is expected next. */
  #next: number;
  /** The first number outside the window that was announced last. */
  #edge: number;
  #finished = false;

  constructor(next: number) {
    this.#next = next;
    this.#edge = advance(next, IP_LIMITS.window);
  }

  get next(): number {
    return this.#next;
  }

  /** Whether the host has ended its direction. */
  get finished(): boolean {
    return this.#finished;
  }

  /** Whether the window has grown so far that the host should hear of it (RFC 9293 §3.8.6.2.2). */
  get hasNews(): boolean {
    const grown = distance(advance(this.#next, this.bytes.room), this.#edge);
    return grown >= IP_LIMITS.window / 2 || (distance(this.#edge, this.#next) <= 0 && grown > 0);
  }

  /** The window to announce. */
  announce(): number {
    const window = this.bytes.room;
    this.#edge = advance(this.#next, window);
    return window;
  }

  /**
   * Whether a segment has something of the window (RFC 9293 §3.10.7.4). The expected one always counts: it may acknowledge
   * while the window is shut.
   */
  accepts(seq: number, length: number): boolean {
    const window = distance(this.#edge, this.#next);
    const first = distance(seq, this.#next);
    return first === 0 || (first + Math.max(0, length - 1) >= 0 && first < window);
  }

  /** Takes the part of a segment that is new, at once or when what comes before it has come. */
  take(seq: number, data: Buffer, isLast: boolean): void {
    if (this.#finished) return;
    const early = distance(seq, this.#next);
    if (early > 0) {
      this.#keep({ seq, data: Buffer.from(data), isLast });
      return;
    }
    this.#append(seq, data, isLast);
    for (let first = this.#early[0]; first !== undefined; first = this.#early[0]) {
      if (distance(first.seq, this.#next) > 0) return;
      this.#early.shift();
      this.#append(first.seq, first.data, first.isLast);
    }
  }

  #append(seq: number, data: Buffer, isLast: boolean): void {
    const known = distance(this.#next, seq);
    if (this.#finished || known > data.length) return;
    const taken = this.bytes.push(data.subarray(known));
    this.#next = advance(this.#next, taken);
    if (!isLast || known + taken < data.length) return;
    this.#finished = true;
    this.#next = advance(this.#next, 1);
    this.#early = [];
  }

  #keep(segment: EarlySegment): void {
    const end = advance(segment.seq, segment.data.length);
    if (this.#early.length >= IP_LIMITS.outOfOrder || distance(end, this.#edge) > 0) return;
    const at = this.#early.findIndex(({ seq }) => distance(seq, segment.seq) >= 0);
    const there = this.#early[at];
    if (there?.seq === segment.seq && there.data.length >= segment.data.length) return;
    this.#early.splice(at < 0 ? this.#early.length : at, 0, segment);
  }
}
