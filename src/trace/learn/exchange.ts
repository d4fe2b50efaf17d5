import { Comparison } from "../compare/comparison.ts";
import { Surroundings } from "../compare/difference.ts";
import type { Mask } from "../compare/mask.ts";
import { FinalResult } from "../final-result.ts";
import { LATEST, type PieceTimes } from "./late-lines.ts";
import type { OurModule, Taken } from "./our-module.ts";

/** Most bytes that are kept of what each side said in one exchange: the host may enter a file. */
const KEPT = { host: 1024 * 1024, theirs: 16 * 1024 } as const;
/** Most pieces of the host of which the place is kept. */
const PIECES = 1024;

/** What begins a command line, or its first byte as a person types it. */
const BEGINNING = /^\s*a(?:t|\/|$)/i;
/** Milliseconds after which a host gives up on a module that has not answered. */
const SILENCE = 1000;

/** What passed between a host and a module for one command line, there and here. */
export interface Exchange {
  /** When it began in the record, in milliseconds. */
  readonly at: number;
  readonly host: string;
  readonly theirs: string;
  /** When it was said. */
  readonly times: PieceTimes;
  /** Where each piece of the host begins, and how much their module had said by then. */
  readonly pieces: readonly { readonly host: number; readonly theirs: number }[];
  /** Whether all that was said was kept. */
  readonly isWhole: boolean;
  readonly taken: Taken;
  /** How our module printed `+CME ERROR` before it. */
  readonly errorLevel: number;
  /** Our module said nothing wrong, but fell silent before the end: it may have been slow. */
  readonly isLate: boolean;
  /** The lines that show the difference, where there is one. */
  readonly difference: readonly string[] | undefined;
}

/** An exchange that goes on. */
export class OpenExchange {
  readonly comparison: Comparison;
  readonly #at: number;
  readonly #surroundings = new Surroundings();
  readonly #taken: Taken;
  readonly #errorLevel: number;
  #last: number;
  #host = "";
  #theirs = "";
  readonly #times: { readonly start: number; readonly after: number }[] = [];
  readonly #pieces: { readonly host: number; readonly theirs: number }[] = [];
  #lateness = 0;
  #isWhole = true;
  /** Of what their module has said since the host spoke. */
  #final = new FinalResult();
  /** The host has sent something that our module did not get. */
  #isSkipped = false;

  constructor(at: number, ours: OurModule, mask: Mask) {
    this.#at = at;
    this.#last = at;
    this.#errorLevel = ours.errorLevel;
    this.comparison = new Comparison(mask, (line) => this.#surroundings.add("module", line));
    this.#taken = ours.listen(this.comparison);
  }

  /** Whether what the host sends now belongs to the next one. */
  isEndedBy(bytes: string, at: number): boolean {
    const wasSilent =
      this.#theirs.replaceAll(/[\r\n]/g, "") === this.#host.replaceAll(/[\r\n]/g, "") || this.#theirs === "";
    return BEGINNING.test(bytes) && (this.#final.isThere || (wasSilent && at - this.#last > SILENCE));
  }

  sent(bytes: string, at: number): void {
    this.#last = at;
    this.#final = new FinalResult();
    if (this.#pieces.length < PIECES) this.#pieces.push({ host: this.#host.length, theirs: this.#theirs.length });
    this.#host = this.#keep(this.#host, bytes, KEPT.host);
    this.#surroundings.add("host", bytes);
  }

  skipped(): void {
    this.#isSkipped = true;
  }

  /** Milliseconds after the result in which their module said more. */
  get lateness(): number {
    return Math.min(LATEST, this.#lateness);
  }

  /** Takes what their module said. */
  answered(bytes: string, at: number): void {
    this.comparison.await(bytes);
    const after = at - this.#last;
    if (this.#final.isThere) this.#lateness = after;
    if (this.#theirs.length < KEPT.theirs) this.#times.push({ start: this.#theirs.length, after });
    this.#theirs = this.#keep(this.#theirs, bytes, KEPT.theirs);
    this.#final.push(bytes);
  }

  end(): Exchange {
    const { state } = this.comparison;
    const isSame = state === "same" && !this.#isSkipped;
    const { awaited, said } = this.comparison.rest();
    return {
      at: this.#at,
      host: this.#host,
      theirs: this.#theirs,
      times: this.#times,
      pieces: this.#pieces,
      isWhole: this.#isWhole,
      taken: this.#taken,
      errorLevel: this.#errorLevel,
      isLate: state === "behind",
      difference: isSame ? undefined : this.#surroundings.difference("module", { a: awaited, b: said }),
    };
  }

  #keep(kept: string, bytes: string, most: number): string {
    if (kept.length + bytes.length > most) this.#isWhole = false;
    return kept.length >= most ? kept : kept + bytes;
  }
}
