import { nearest } from "../platform/nearest.ts";
import type { RigEvent } from "./events.ts";
import type { Journal } from "./journal.ts";
import { describeNearMisses, NearMisses, showJson } from "./near-misses.ts";
import { type EventPattern, Pattern, PatternError } from "./pattern.ts";

/** What is expected of a session (instrument 3, `--expect`). */
export interface ExpectationSet {
  /** For each of these an event must match. */
  readonly some?: readonly EventPattern[];
  /** No event may match any of these. */
  readonly never?: readonly EventPattern[];
  /** Events must match these in this order; others may come between them. */
  readonly sequence?: readonly EventPattern[];
}

/** What has become of one expectation. */
export interface ExpectationVerdict {
  /** The expectation in a line: `some {"type":"mail"}`. */
  readonly name: string;
  /** Why it is not met, in one or more lines; absent where it is met. */
  readonly problem?: string;
}

/** One expectation, which looks at all events in their order. */
interface Expectation {
  look(event: RigEvent): void;
  verdict(): ExpectationVerdict;
}

const KINDS = ["some", "never", "sequence"] as const;
/** More patterns than a person writes, and few enough to be compared with every event. */
const MOST = 500;

/**
 * Follows a journal from its beginning, whatever that still keeps later, and says what is not met.
 *
 * @example
 * const expectations = new Expectations({ some: [{ type: "mail" }], never: [{ type: "unknown" }] });
 * expectations.follow(journal);
 * expectations.verdicts().filter(({ problem }) => problem !== undefined);
 */
export class Expectations {
  readonly #expectations: readonly Expectation[];
  #journal: Journal | undefined;

  /** Throws a {@link PatternError} that names the field at fault. */
  constructor(set: unknown) {
    if (typeof set !== "object" || set === null || Array.isArray(set)) throw new PatternError("", "not an object");
    const other = Object.keys(set).find((key) => !KINDS.some((kind) => kind === key));
    if (other !== undefined) {
      const [meant] = nearest(other, KINDS, 1);
      throw new PatternError(
        `/${other}`,
        meant === undefined ? `not one of ${KINDS.join(", ")}` : `did you mean ${meant}?`,
      );
    }
    const { some = [], never = [], sequence = [] } = set as Readonly<Record<string, unknown>>;
    const steps = readPatterns(sequence, "/sequence");
    this.#expectations = [
      ...readPatterns(some, "/some").map((pattern) => new Some(pattern)),
      ...readPatterns(never, "/never").map((pattern) => new Never(pattern)),
      ...(steps.length === 0 ? [] : [new Sequence(steps)]),
    ];
  }

  /** Looks at what the journal has, and at what comes. */
  follow(journal: Journal): void {
    this.#journal = journal;
    journal.follow((event) => this.#look(event));
  }

  /** One verdict for each expectation, in the order of the set. */
  verdicts(): readonly ExpectationVerdict[] {
    this.#journal?.settle();
    return this.#expectations.map((expectation) => expectation.verdict());
  }

  #look(event: RigEvent): void {
    for (const expectation of this.#expectations) expectation.look(event);
  }
}

interface ReadPattern {
  readonly text: string;
  readonly pattern: Pattern;
}

function readPatterns(given: unknown, at: string): readonly ReadPattern[] {
  if (!Array.isArray(given)) throw new PatternError(at, "not a list of patterns");
  if (given.length > MOST) throw new PatternError(at, `more than ${MOST} patterns`);
  return given.map((pattern: unknown, index) => {
    try {
      return { text: showJson(pattern), pattern: new Pattern(pattern) };
    } catch (error) {
      if (!(error instanceof PatternError)) throw error;
      throw new PatternError(`${at}/${index}${error.at}`, error.reason);
    }
  });
}

class Some implements Expectation {
  readonly #name: string;
  readonly #pattern: Pattern;
  readonly #near: NearMisses;
  #met = false;

  constructor({ text, pattern }: ReadPattern) {
    this.#name = `some ${text}`;
    this.#pattern = pattern;
    this.#near = new NearMisses(pattern);
  }

  look(event: RigEvent): void {
    if (this.#met) return;
    this.#met = this.#pattern.matches(event);
    if (!this.#met) this.#near.offer(event);
  }

  verdict(): ExpectationVerdict {
    if (this.#met) return { name: this.#name };
    return { name: this.#name, problem: `no event matched; ${describeClosest(this.#near)}` };
  }
}

class Never implements Expectation {
  readonly #name: string;
  readonly #pattern: Pattern;
  #first: RigEvent | undefined;
  #count = 0;

  constructor({ text, pattern }: ReadPattern) {
    this.#name = `never ${text}`;
    this.#pattern = pattern;
  }

  look(event: RigEvent): void {
    if (!this.#pattern.matches(event)) return;
    this.#first ??= event;
    this.#count++;
  }

  verdict(): ExpectationVerdict {
    if (this.#first === undefined) return { name: this.#name };
    const which = this.#count === 1 ? "one event matched:" : `${this.#count} events matched, first`;
    return { name: this.#name, problem: `${which}\n  ${showJson(this.#first)}` };
  }
}

class Sequence implements Expectation {
  readonly #steps: readonly ReadPattern[];
  #done = 0;
  #last: RigEvent | undefined;
  #near: NearMisses | undefined;

  constructor(steps: readonly ReadPattern[]) {
    this.#steps = steps;
  }

  look(event: RigEvent): void {
    const step = this.#steps[this.#done];
    if (step === undefined) return;
    if (step.pattern.matches(event)) {
      this.#done++;
      this.#last = event;
      this.#near = undefined;
    } else {
      this.#near ??= new NearMisses(step.pattern);
      this.#near.offer(event);
    }
  }

  verdict(): ExpectationVerdict {
    const name = `sequence of ${this.#steps.length}`;
    const step = this.#steps[this.#done];
    if (step === undefined) return { name };
    const after = this.#last === undefined ? "" : ` after event ${this.#last.seq}`;
    const came = `${this.#done} of ${this.#steps.length} came; then no event matched ${step.text}${after}`;
    return { name, problem: `${came}; ${describeClosest(this.#near)}` };
  }
}

function describeClosest(near: NearMisses | undefined): string {
  const best = near?.best ?? [];
  return best.length === 0 ? "no event of that type came" : `these came closest:${describeNearMisses(best)}`;
}
