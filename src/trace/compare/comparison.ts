import type { Mask } from "./mask.ts";
import { Units } from "./units.ts";

/** `behind`: what was said is the beginning of what was to be said. `ahead`: it is that, and more. */
export type ComparisonState = "same" | "behind" | "ahead" | "different";

/** Most bytes that are kept of each side after a difference. */
const AFTER = 16 * 1024;

/** Holds what is said against what is to be said, as both come; keeps no more of either than the other lacks. */
export class Comparison {
  readonly #mask: Mask;
  readonly #awaited = new Units();
  readonly #said = new Units();
  readonly #matched: (unit: string) => void;
  #differs = false;

  /** `matched` is called with each line that is the same. */
  constructor(mask: Mask, matched: (unit: string) => void = () => undefined) {
    this.#mask = mask;
    this.#matched = matched;
  }

  await(bytes: string): void {
    this.#take(this.#awaited, bytes);
  }

  say(bytes: string): void {
    this.#take(this.#said, bytes);
  }

  /** Bytes that were said, or are awaited, beyond the other. */
  get backlog(): { readonly said: number; readonly awaited: number } {
    return { said: this.#said.size, awaited: this.#awaited.size };
  }

  get state(): ComparisonState {
    if (this.#differs) return "different";
    const { first: awaited, rest: awaitedRest } = this.#awaited;
    const { first: said, rest: saidRest } = this.#said;
    const [next, begun] = [awaited ?? awaitedRest, said ?? saidRest];
    if (next === begun) return "same";
    if (next.length <= begun.length && this.#mask.begins(begun, next))
      return awaited === undefined && next.length === begun.length ? "same" : "ahead";
    if (awaited === undefined && said === undefined && next.length <= begun.length) return "different";
    return said !== undefined && awaited === undefined ? "different" : "behind";
  }

  /** What is left on both sides where they differ. */
  rest(): { readonly awaited: readonly string[]; readonly said: readonly string[] } {
    return { awaited: this.#awaited.drain(), said: this.#said.drain() };
  }

  /** After a difference only its surroundings count. */
  #take(units: Units, bytes: string): void {
    if (this.#differs && units.size > AFTER) return;
    units.push(bytes);
    this.#advance();
  }

  #advance(): void {
    while (!this.#differs) {
      const { first: awaited } = this.#awaited;
      const { first: said } = this.#said;
      if (awaited === undefined || said === undefined) return;
      if (!this.#mask.same(awaited, said)) {
        this.#differs = true;
        return;
      }
      this.#matched(awaited);
      this.#awaited.shift();
      this.#said.shift();
    }
  }
}
