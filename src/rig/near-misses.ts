import type { RigEvent } from "./events.ts";
import type { Difference, Pattern } from "./pattern.ts";

/** How many events that came closest an unmet expectation shows. */
const NEAR_MISSES = 3;

/** An event that came close to a pattern, and where it differs. */
export interface NearMiss {
  readonly event: RigEvent;
  readonly differences: readonly Difference[];
}

/** The events that came closest to a pattern: fewest differing fields first, the latest of equals first. */
export class NearMisses {
  readonly #pattern: Pattern;
  #best: readonly NearMiss[] = [];

  constructor(pattern: Pattern) {
    this.#pattern = pattern;
  }

  get best(): readonly NearMiss[] {
    return this.#best;
  }

  /** Looks at the next event. */
  offer(event: RigEvent): void {
    const differences = this.#pattern.explain(event);
    // An event that differs in its type is no near miss, whatever else it shares.
    if (differences.some(({ at }) => at === "/type" || at === "/modem")) return;
    const place = this.#best.findIndex((miss) => differences.length <= miss.differences.length);
    this.#best = this.#best
      .toSpliced(place < 0 ? this.#best.length : place, 0, { event, differences })
      .slice(0, NEAR_MISSES);
  }
}

/** Says in lines, a blank at the beginning of each, what came closest and where it differs. */
export function describeNearMisses(misses: readonly NearMiss[]): string {
  return misses
    .map(({ event, differences }) => {
      const fields = differences.map(
        ({ at, expected, actual }) => `${at} is ${showJson(actual)}, not ${showJson(expected)}`,
      );
      return `\n  ${showJson(event)}\n    ${fields.join("\n    ")}`;
    })
    .join("");
}

/** JSON of a value, cut to a line that can be read. */
export function showJson(value: unknown): string {
  const text = JSON.stringify(value) ?? "absent";
  return text.length > 200 ? `${text.slice(0, 200)}...` : text;
}
