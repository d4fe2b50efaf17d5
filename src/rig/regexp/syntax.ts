/** Characters from one code unit to another, both included. */
export type CharacterRange = readonly [from: number, to: number];

/** What a regular expression is made of. */
export type Node =
  | { readonly kind: "empty" }
  | { readonly kind: "set"; readonly ranges: readonly CharacterRange[]; readonly negated: boolean }
  | { readonly kind: "assertion"; readonly at: Assertion }
  | { readonly kind: "sequence" | "choice"; readonly parts: readonly Node[] }
  | { readonly kind: "repeat"; readonly part: Node; readonly min: number; readonly max: number };

/** `^`, `$`, `\b` and `\B`. */
export type Assertion = "start" | "end" | "boundary" | "inside";

/** A regular expression that is wrong, or that uses what cannot be matched in linear time. */
export class RegexpError extends Error {
  override readonly name = "RegexpError";
}

/** How deep groups may be nested. */
const DEPTH = 50;
/** The largest number in `{n,m}`; more cannot fit the size of a program. */
const REPEATS = 1000;

const DIGITS: readonly CharacterRange[] = [[0x30, 0x39]];
const WORD: readonly CharacterRange[] = [
  [0x30, 0x39],
  [0x41, 0x5a],
  [0x5f, 0x5f],
  [0x61, 0x7a],
];
const SPACE: readonly CharacterRange[] = [
  [0x09, 0x0d],
  [0x20, 0x20],
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
  [0xfeff, 0xfeff],
];
const LINE_ENDS: readonly CharacterRange[] = [
  [0x0a, 0x0a],
  [0x0d, 0x0d],
  [0x2028, 0x2029],
];

/** The sets that a letter after a backslash stands for. */
const CLASSES: Readonly<Record<string, readonly CharacterRange[]>> = {
  d: DIGITS,
  D: complement(DIGITS),
  w: WORD,
  W: complement(WORD),
  s: SPACE,
  S: complement(SPACE),
};
const CONTROLS: Readonly<Record<string, number>> = { t: 9, n: 10, v: 11, f: 12, r: 13, "0": 0 };

function complement(ranges: readonly CharacterRange[]): CharacterRange[] {
  const result: CharacterRange[] = [];
  let next = 0;
  for (const [from, to] of ranges) {
    if (from > next) result.push([next, from - 1]);
    next = to + 1;
  }
  if (next <= 0xffff) result.push([next, 0xffff]);
  return result;
}

/**
 * Parses a regular expression as ECMAScript writes it, without back references and look-around, which no matcher can do in
 * linear time. It is about code units, as without the flag `u`.
 */
export class RegexpParser {
  readonly #source: string;
  readonly #dotAll: boolean;
  #at = 0;
  #depth = 0;

  constructor(source: string, dotAll: boolean) {
    this.#source = source;
    this.#dotAll = dotAll;
  }

  parse(): Node {
    const node = this.#choice();
    if (this.#at < this.#source.length) throw this.#error("a ) without its (");
    return node;
  }

  #choice(): Node {
    const parts = [this.#sequence()];
    while (this.#take("|")) parts.push(this.#sequence());
    return parts.length === 1 ? (parts[0] ?? { kind: "empty" }) : { kind: "choice", parts };
  }

  #sequence(): Node {
    const parts: Node[] = [];
    for (;;) {
      const next = this.#source[this.#at];
      if (next === undefined || next === "|" || next === ")") break;
      parts.push(this.#term());
    }
    return { kind: "sequence", parts };
  }

  #term(): Node {
    const atom = this.#atom();
    const [all, symbol, least, comma, most] = this.#match(/(?:([*+?])|\{(\d+)(?:(,)(\d*))?\})\??/y) ?? [];
    if (all === undefined) return atom;
    if (atom.kind === "assertion") throw this.#error(`nothing to repeat before ${all}`);
    const min = symbol === undefined ? Number(least) : symbol === "+" ? 1 : 0;
    const counted = comma === undefined ? min : most === "" ? Number.POSITIVE_INFINITY : Number(most);
    const max = symbol === undefined ? counted : symbol === "?" ? 1 : Number.POSITIVE_INFINITY;
    if (min > max) throw this.#error(`${all} has its numbers in the wrong order`);
    if (min > REPEATS || (max > REPEATS && max !== Number.POSITIVE_INFINITY))
      throw this.#error(`${all} repeats too often`);
    return { kind: "repeat", part: atom, min, max };
  }

  #atom(): Node {
    const character = this.#source[this.#at++] ?? "";
    switch (character) {
      case "^":
        return { kind: "assertion", at: "start" };
      case "$":
        return { kind: "assertion", at: "end" };
      case ".":
        return { kind: "set", ranges: this.#dotAll ? [] : LINE_ENDS, negated: true };
      case "(":
        return this.#group();
      case "[":
        return this.#set();
      case "\\":
        return this.#escape();
      case "*":
      case "+":
      case "?":
        throw this.#error(`nothing to repeat before ${character}`);
      default:
        if (character === "{" && this.#match(/\d+(?:,\d*)?\}/y) !== undefined)
          throw this.#error("nothing to repeat before {");
        return literal(character.charCodeAt(0));
    }
  }

  #group(): Node {
    if (++this.#depth > DEPTH) throw this.#error(`groups are nested more than ${DEPTH} deep`);
    if (this.#match(/\?<?[=!]/y) !== undefined) throw this.#error("look-around is not supported");
    if (this.#match(/\?:|\?<[\p{ID_Start}$_][\p{ID_Continue}$]*>/uy) === undefined && this.#source[this.#at] === "?") {
      throw this.#error("an unknown kind of group");
    }
    const node = this.#choice();
    if (!this.#take(")")) throw this.#error("a ( without its )");
    this.#depth--;
    return node;
  }

  #escape(): Node {
    if (this.#take("b")) return { kind: "assertion", at: "boundary" };
    if (this.#take("B")) return { kind: "assertion", at: "inside" };
    if (this.#match(/[1-9]|k</y) !== undefined) throw this.#error("back references are not supported");
    const escaped = this.#escaped();
    return typeof escaped === "number" ? literal(escaped) : { kind: "set", ranges: escaped, negated: false };
  }

  /** What stands after a backslash: one character or a set of them. */
  #escaped(): number | readonly CharacterRange[] {
    const [, hex2, hex4, letter] = this.#match(/x([\da-f]{2})|u([\da-f]{4})|c([a-z])/iy) ?? [];
    const hex = hex2 ?? hex4;
    if (hex !== undefined) return Number.parseInt(hex, 16);
    if (letter !== undefined) return letter.charCodeAt(0) % 32;
    const character = this.#source[this.#at++];
    if (character === undefined) throw this.#error("a backslash at the end");
    const set = Object.hasOwn(CLASSES, character) ? CLASSES[character] : undefined;
    if (set !== undefined) return set;
    if (Object.hasOwn(CONTROLS, character)) return CONTROLS[character] ?? 0;
    if (/[\p{L}\p{N}]/u.test(character)) throw this.#error(`\\${character} is not a known escape`);
    return character.charCodeAt(0);
  }

  #set(): Node {
    const negated = this.#take("^");
    const ranges: CharacterRange[] = [];
    while (!this.#take("]")) {
      if (this.#at >= this.#source.length) throw this.#error("a [ without its ]");
      const from = this.#member();
      const hyphen = this.#source[this.#at] === "-" && this.#source[this.#at + 1] !== "]";
      if (!hyphen) {
        ranges.push(...asRanges(from));
        continue;
      }
      this.#at++;
      if (this.#at >= this.#source.length) throw this.#error("a [ without its ]");
      const to = this.#member();
      if (typeof from === "number" && typeof to === "number") {
        if (from > to) throw this.#error("a range of characters in the wrong order");
        ranges.push([from, to]);
      } else ranges.push(...asRanges(from), [0x2d, 0x2d], ...asRanges(to));
    }
    return { kind: "set", ranges, negated };
  }

  #member(): number | readonly CharacterRange[] {
    const character = this.#source.charCodeAt(this.#at++);
    if (character !== 0x5c) return character;
    return this.#take("b") ? 8 : this.#escaped();
  }

  #take(character: string): boolean {
    if (this.#source[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  /** Matches a sticky expression here and moves past it. */
  #match(expression: RegExp): RegExpExecArray | undefined {
    expression.lastIndex = this.#at;
    const matched = expression.exec(this.#source);
    if (matched === null) return undefined;
    this.#at += matched[0].length;
    return matched;
  }

  #error(reason: string): RegexpError {
    return new RegexpError(`${reason}, at character ${Math.min(this.#at, this.#source.length)} of /${this.#source}/`);
  }
}

function literal(code: number): Node {
  return { kind: "set", ranges: [[code, code]], negated: false };
}

function asRanges(member: number | readonly CharacterRange[]): readonly CharacterRange[] {
  return typeof member === "number" ? [[member, member]] : member;
}
