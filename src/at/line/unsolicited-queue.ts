import { AT_LIMITS } from "../limits.ts";

/** Output that no command line waits for. */
export interface Unsolicited {
  /** Prints it, framed by the settings of the moment. */
  readonly print: () => void;
  /** Called when it is printed and there is room for more. */
  readonly printed?: () => void;
  /** The line, where it is one; packets and the answers of asynchronous commands are not. */
  readonly text?: string;
  /** A report, of a kind that repeats: it may be dropped when too much waits. A service's outcome may not. */
  readonly report?: boolean;
}

/** Below this many dropped or printed entries the array is not worth compacting. */
const SLACK = 64;

/**
 * What waits for a free line, in order. When its lines are more than 64 KiB, the oldest reports are dropped (decisions
 * 1.13). Every operation costs constant time on average.
 */
export class UnsolicitedQueue {
  /** Dropped entries are holes. */
  #entries: Array<Unsolicited | undefined> = [];
  #next = 0;
  /** No report that waits lies before this index. */
  #oldestReport = 0;
  #waiting = 0;
  #bytes = 0;
  #dropped = 0;

  get isEmpty(): boolean {
    return this.#waiting === 0;
  }

  push(entry: Unsolicited): void {
    this.#entries.push(entry);
    this.#waiting++;
    this.#bytes += entry.text?.length ?? 0;
    while (this.#bytes > AT_LIMITS.waitingUrcs && this.#dropOldestReport());
  }

  /** Takes what comes next. */
  shift(): Unsolicited | undefined {
    while (this.#next < this.#entries.length) {
      const entry = this.#remove(this.#next++);
      if (entry !== undefined) return entry;
    }
    return undefined;
  }

  /** How many reports were dropped since the last call. */
  takeDropped(): number {
    const dropped = this.#dropped;
    this.#dropped = 0;
    return dropped;
  }

  /** Drops the oldest report, unless it is the newest entry of all; tells whether there was one. */
  #dropOldestReport(): boolean {
    const newest = this.#entries.length - 1;
    this.#oldestReport = Math.max(this.#oldestReport, this.#next);
    for (; this.#oldestReport < newest; this.#oldestReport++) {
      if (this.#entries[this.#oldestReport]?.report !== true) continue;
      this.#remove(this.#oldestReport);
      this.#dropped++;
      this.#compact();
      return true;
    }
    return false;
  }

  #remove(index: number): Unsolicited | undefined {
    const entry = this.#entries[index];
    if (entry === undefined) return undefined;
    this.#entries[index] = undefined;
    this.#waiting--;
    this.#bytes -= entry.text?.length ?? 0;
    if (this.#waiting === 0) {
      this.#entries = [];
      this.#next = 0;
      this.#oldestReport = 0;
    }
    return entry;
  }

  #compact(): void {
    if (this.#entries.length < 2 * this.#waiting + SLACK) return;
    const reportsSkipped = this.#entries.slice(0, this.#oldestReport).filter((entry) => entry !== undefined).length;
    this.#entries = this.#entries.filter((entry) => entry !== undefined);
    this.#next = 0;
    this.#oldestReport = reportsSkipped;
  }
}
