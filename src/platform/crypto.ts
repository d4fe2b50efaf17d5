import { createRequire } from "node:module";

/** Loaded at its first use: it takes a tenth of the time in which the program starts. */
function crypto(): typeof import("node:crypto") {
  return createRequire(import.meta.url)("node:crypto");
}

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
    return crypto().randomInt(below);
  }

  hex(digits: number): string {
    return crypto()
      .randomBytes(Math.ceil(digits / 2))
      .toString("hex")
      .slice(0, digits);
  }
}

/** A seed of random choices that need not be secret, from 0 to 2^32 - 1. */
export function chooseSeed(): number {
  return Math.floor(Math.random() * 2 ** 32);
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
  return crypto().createHmac("md5", key).update(text).digest("hex");
}

/** SHA-256 of bytes, or of a text as UTF-8, in lower-case hexadecimal. */
export function sha256(bytes: Uint8Array | string): string {
  return crypto().createHash("sha256").update(bytes).digest("hex");
}
