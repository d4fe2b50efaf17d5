import { createHash, createHmac, randomBytes, randomInt } from "node:crypto";

/** The port to random numbers: message IDs, boundaries, challenges. */
export interface Random {
  /** A whole number from 0 to `below - 1`. */
  integer(below: number): number;
  /** That many lower-case hexadecimal digits. */
  hex(digits: number): string;
}

/** The machine's own source of random numbers. */
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

/** Repeatable random numbers: the same seed gives the same values (a linear congruential generator, Numerical Recipes 7.1). */
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

/** The HMAC-MD5 of a text under a key, both as UTF-8, in lower-case hexadecimal digits (RFC 2104): what CRAM-MD5 asks for. */
export function hmacMd5(key: string, text: string): string {
  return createHmac("md5", key).update(text).digest("hex");
}

/** SHA-256 in lower-case hexadecimal. */
export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
