import type { EventBody } from "../../platform/events.ts";
import { byteCount, keepLastBytes, longBytes, sliceBytes } from "../../platform/long-bytes.ts";

/** What is kept of one data entry: as much as an HTTP header may have. */
const HEAD = 64 * 1024;
/** What is kept of its end: as much as the module's queue holds behind the end of the data. */
const TAIL = 64 * 1024;
/** The memory of a piece is so large or more, so that another one can use it. */
const PIECE = 16 * 1024;

/** Bytes of the host, and the event that brought them. */
export interface HostPiece {
  readonly bytes: string;
  readonly seq: number;
}

/** An event that says bytes, or what is like one. */
type Said = Pick<HostPiece, "bytes">;

interface EntryPiece {
  readonly said: Said;
  /** Where its bytes are, if they are many: those of an event are lent. */
  readonly memory: Buffer | undefined;
  readonly seq: number;
  /** Where its bytes stand in the entry. */
  readonly start: number;
  readonly end: number;
}

export type EntryOutcome = Extract<EventBody, { readonly type: "entry"; readonly phase: "end" }>["outcome"];

/** One data entry, as the host sent it. */
export interface WatchedEntry {
  readonly name: string;
  /** The first 64 KiB, with their escapes, without the Ctrl-Z at the end. */
  readonly head: string;
  /** All of it, in bytes. */
  readonly size: number;
  readonly outcome: EntryOutcome;
  /** Whether a Ctrl-Z has ended it. */
  readonly terminated: boolean;
  /**
   * The host meant an ETX and Ctrl-Z as the end: `silence` followed, or, in a write of its own, a second Ctrl-Z (`again`).
   */
  readonly escapedEnd: "silence" | "again" | undefined;
  /** The event that brought its last byte. */
  readonly cause: number;
}

/** Collects the host's bytes during one data entry. */
export class EntryWatch {
  readonly #name: string;
  /** Whether the line feed of the command line's CR LF may still come: the module skips it, and does not count it. */
  readonly #skipsLineFeed: boolean;
  #head = "";
  #pieces: EntryPiece[] = [];
  /** The memory of a piece that has gone, for the next one. */
  #unused: Buffer | undefined;
  #size = 0;

  constructor(name: string, skipsLineFeed: boolean) {
    this.#name = name;
    this.#skipsLineFeed = skipsLineFeed;
  }

  add(said: Said, seq: number): void {
    if (this.#head.length < HEAD) this.#head += sliceBytes(said, 0, HEAD - this.#head.length);
    const start = this.#size;
    const length = byteCount(said);
    this.#size += length;
    const memory = longBytes(said) === undefined ? undefined : this.#memoryFor(length);
    const own = memory === undefined ? said : keepLastBytes(said, memory.subarray(0, length));
    this.#pieces.push({ said: own, memory, seq, start, end: this.#size });
    while ((this.#pieces[1]?.start ?? this.#size) < this.#size - TAIL) {
      this.#unused = this.#pieces.shift()?.memory ?? this.#unused;
    }
  }

  /** The entry has ended after `count` bytes of data. Gives it, and what came behind its end. */
  end(count: number, outcome: EntryOutcome): { readonly entry: WatchedEntry; readonly rest: readonly HostPiece[] } {
    const skipped = this.#skipsLineFeed && this.#head.startsWith("\n") && this.#isEnd(count + 1) ? 1 : 0;
    const end = count + skipped;
    const terminated = outcome === "ended" && this.#isEnd(end);
    const last = this.#pieceAt(terminated ? end : this.#size - 1);
    const entry: WatchedEntry = {
      name: this.#name,
      head: this.#head.slice(skipped, end),
      size: count,
      outcome,
      terminated,
      escapedEnd: this.#escapedEnd(outcome, end),
      cause: last?.seq ?? 0,
    };
    return { entry, rest: terminated ? this.#from(end + 1) : [] };
  }

  #memoryFor(length: number): Buffer {
    const unused = this.#unused;
    this.#unused = undefined;
    if (unused !== undefined && unused.length >= length) return unused;
    return Buffer.allocUnsafeSlow(Math.max(length, PIECE));
  }

  #escapedEnd(outcome: EntryOutcome, end: number): WatchedEntry["escapedEnd"] {
    if (outcome === "silent") return this.#endsWithEscape ? "silence" : undefined;
    if (outcome !== "ended" || !this.#isEnd(end)) return undefined;
    // In one write the two are how a host escapes a Ctrl-Z at the end of its data and then ends them.
    const index = this.#pieces.findIndex(({ start }) => start === end);
    return index > 0 && this.#pieces[index - 1]?.said.bytes.endsWith("\x03\x1a") ? "again" : undefined;
  }

  #isEnd(at: number): boolean {
    const piece = this.#pieceAt(at);
    return piece !== undefined && sliceBytes(piece.said, at - piece.start, at - piece.start + 1) === "\x1a";
  }

  #pieceAt(at: number) {
    return this.#pieces.findLast(({ start, end }) => start <= at && at < end);
  }

  #from(at: number): readonly HostPiece[] {
    return this.#pieces
      .filter(({ end }) => end > at)
      .map(({ said, start, seq }) => ({ bytes: sliceBytes(said, Math.max(0, at - start)), seq }));
  }

  get #endsWithEscape(): boolean {
    return (
      this.#from(this.#size - 2)
        .map(({ bytes }) => bytes)
        .join("") === "\x03\x1a"
    );
  }
}
