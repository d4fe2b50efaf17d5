import { randomBytes, randomInt } from "node:crypto";

/** The port to chance: message IDs, boundaries, challenges. */
export interface Random {
  /** A whole number from 0 to `below - 1`. */
  integer(below: number): number;
  /** That many lower-case hexadecimal digits. */
  hex(digits: number): string;
}

/** The machine's own chance. */
export class SystemRandom implements Random {
  integer(below: number): number {
    return randomInt(below);
  }

  hex(digits: number): string {
    return randomBytes(Math.ceil(digits / 2))
      .toString("hex")
      .slice(0, digits);
  }
}

/** A repeatable chance: the same seed gives the same values (a linear congruential generator, Numerical Recipes 7.1). */
export class SeededRandom implements Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  integer(below: number): number {
    this.#state = (Math.imul(this.#state, 1664525) + 1013904223) >>> 0;
    return Math.floor((this.#state / 0x1_0000_0000) * below);
  }

  hex(digits: number): string {
    return Array.from({ length: digits }, () => this.integer(16).toString(16)).join("");
  }
}
