import { type Random, SeededRandom } from "../platform/crypto.ts";

/** The chance of one part of a rig: a stream of its own, which begins anew with {@link restart}. */
export class RigRandom implements Random {
  readonly #seed: number;
  #random: SeededRandom;

  /** `name` tells the streams of one rig apart. */
  constructor(seed: number, name: string) {
    this.#seed = seedOf(seed, name);
    this.#random = new SeededRandom(this.#seed);
  }

  integer(below: number): number {
    return this.#random.integer(below);
  }

  hex(digits: number): string {
    return this.#random.hex(digits);
  }

  /** The same values as at the start come again. */
  restart(): void {
    this.#random = new SeededRandom(this.#seed);
  }
}

/** FNV-1a of the name, begun with the seed. */
function seedOf(seed: number, name: string): number {
  let hash = (0x811c9dc5 ^ seed) >>> 0;
  for (const byte of Buffer.from(name)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash;
}
