import { type Assertion, type CharacterRange, type Node, RegexpError, RegexpParser } from "./syntax.ts";

/** Bounds of a regular expression: the time of a match is at most their product in steps, some 10 ns each. */
const REGEXP_LIMITS = {
  /** Characters of the source. */
  source: 1000,
  /** Instructions of the program, counted repetitions unrolled. */
  program: 1000,
  /** Characters of a text that are looked at. Events hold bytes of one read, which is at most 64 KiB. */
  text: 65_536,
} as const;

type Instruction =
  | { readonly op: "set"; readonly has: (code: number) => boolean }
  | { readonly op: "assert"; readonly at: Assertion }
  | { op: "split"; first: number; second: number }
  | { readonly op: "accept" };

/**
 * A regular expression whose matching takes time linear in the text, whatever the expression is: it follows all ways
 * through the expression at once (Thompson, CACM 11:6, 1968), where a backtracking matcher tries one after the other.
 * Flags: `i`, `m` and `s`.
 */
export class LinearRegexp {
  readonly #program: Instruction[] = [];
  readonly #multiline: boolean;
  readonly #ignoreCase: boolean;

  /** Throws a {@link RegexpError} for what is wrong or not supported. */
  constructor(source: string, flags = "") {
    if (source.length > REGEXP_LIMITS.source) {
      throw new RegexpError(`a regular expression of more than ${REGEXP_LIMITS.source} characters`);
    }
    if (!/^(?!.*(.).*\1)[ims]*$/.test(flags)) throw new RegexpError(`the flags ${flags} are not of i, m and s`);
    this.#multiline = flags.includes("m");
    this.#ignoreCase = flags.includes("i");
    this.#emit(new RegexpParser(source, flags.includes("s")).parse());
    this.#add({ op: "accept" });
  }

  /** Whether it matches anywhere in the first {@link REGEXP_LIMITS.text} characters. */
  test(text: string): boolean {
    const length = Math.min(text.length, REGEXP_LIMITS.text);
    const size = this.#program.length;
    let current = new ThreadList(size);
    let next = new ThreadList(size);
    for (let at = 0; at <= length; at++) {
      if (this.#follow(current, 0, text, at, length)) return true;
      if (at === length) break;
      const code = text.charCodeAt(at);
      next.clear();
      for (let index = 0; index < current.count; index++) {
        const place = current.places[index] ?? 0;
        const instruction = this.#program[place];
        if (instruction?.op !== "set" || !instruction.has(code)) continue;
        if (this.#follow(next, place + 1, text, at + 1, length)) return true;
      }
      [current, next] = [next, current];
    }
    return false;
  }

  /** Adds a thread and all that it leads to without taking a character; `true` when that is the end of the expression. */
  #follow(list: ThreadList, start: number, text: string, at: number, length: number): boolean {
    const { stack } = list;
    let depth = 0;
    stack[depth++] = start;
    while (depth > 0) {
      const place = stack[--depth] ?? 0;
      if (!list.add(place)) continue;
      const instruction = this.#program[place];
      switch (instruction?.op) {
        case "accept":
          return true;
        case "split":
          stack[depth++] = instruction.second;
          stack[depth++] = instruction.first;
          break;
        case "assert":
          if (this.#holds(instruction.at, text, at, length)) stack[depth++] = place + 1;
          break;
        case "set":
        case undefined:
          break;
      }
    }
    return false;
  }

  #holds(assertion: Assertion, text: string, at: number, length: number): boolean {
    switch (assertion) {
      case "start":
        return at === 0 || (this.#multiline && isLineEnd(text.charCodeAt(at - 1)));
      case "end":
        return at === length || (this.#multiline && isLineEnd(text.charCodeAt(at)));
      case "boundary":
        return isBoundary(text, at, length);
      case "inside":
        return !isBoundary(text, at, length);
    }
  }

  #emit(node: Node): void {
    switch (node.kind) {
      case "empty":
        break;
      case "set":
        this.#add({ op: "set", has: setTest(node.ranges, node.negated, this.#ignoreCase) });
        break;
      case "assertion":
        this.#add({ op: "assert", at: node.at });
        break;
      case "sequence":
        for (const part of node.parts) this.#emit(part);
        break;
      case "choice":
        this.#emitChoice(node.parts);
        break;
      case "repeat":
        this.#emitRepeat(node.part, node.min, node.max);
        break;
    }
  }

  #emitChoice(parts: readonly Node[]): void {
    const ends: { second: number; first: number }[] = [];
    for (const [index, part] of parts.entries()) {
      if (index === parts.length - 1) {
        this.#emit(part);
        continue;
      }
      const split = this.#addSplit();
      this.#emit(part);
      ends.push(this.#addSplit());
      split.second = this.#program.length;
    }
    for (const end of ends) {
      end.first = this.#program.length;
      end.second = this.#program.length;
    }
  }

  #emitRepeat(part: Node, min: number, max: number): void {
    for (let count = 0; count < min; count++) this.#emit(part);
    if (max === Number.POSITIVE_INFINITY) {
      const start = this.#program.length;
      const split = this.#addSplit();
      this.#emit(part);
      const back = this.#addSplit();
      back.first = start;
      back.second = start;
      split.second = this.#program.length;
      return;
    }
    const splits: { second: number }[] = [];
    for (let count = min; count < max; count++) {
      splits.push(this.#addSplit());
      this.#emit(part);
    }
    for (const split of splits) split.second = this.#program.length;
  }

  /** Adds a split whose first way goes on with the next instruction. */
  #addSplit() {
    const split = { op: "split" as const, first: this.#program.length + 1, second: this.#program.length + 1 };
    this.#add(split);
    return split;
  }

  #add(instruction: Instruction): void {
    if (this.#program.length >= REGEXP_LIMITS.program) {
      throw new RegexpError("a regular expression that is too large: it repeats too much");
    }
    this.#program.push(instruction);
  }
}

/** The instructions at which threads stand, each once, in the order in which they came. */
class ThreadList {
  readonly places: Uint16Array;
  /** Scratch space of `#follow`: each instruction is entered once and leads to two others at most. */
  readonly stack: Uint16Array;
  readonly #present: Uint8Array;
  count = 0;

  constructor(size: number) {
    this.places = new Uint16Array(size);
    this.stack = new Uint16Array(2 * size + 2);
    this.#present = new Uint8Array(size);
  }

  add(place: number): boolean {
    if (this.#present[place] !== 0) return false;
    this.#present[place] = 1;
    this.places[this.count++] = place;
    return true;
  }

  clear(): void {
    this.#present.fill(0);
    this.count = 0;
  }
}

function setTest(ranges: readonly CharacterRange[], negated: boolean, ignoreCase: boolean): (code: number) => boolean {
  const within = (code: number) => ranges.some(([from, to]) => code >= from && code <= to);
  if (!ignoreCase) return (code) => within(code) !== negated;
  // ECMA-262 22.2.2.7.3: two characters are the same when their upper cases are.
  return (code) => {
    const upper = canonical(code);
    const lower = String.fromCharCode(code).toLowerCase().charCodeAt(0);
    return (within(code) || within(upper) || (canonical(lower) === upper && within(lower))) !== negated;
  };
}

function canonical(code: number): number {
  const upper = String.fromCharCode(code).toUpperCase();
  if (upper.length !== 1) return code;
  const mapped = upper.charCodeAt(0);
  return code >= 128 && mapped < 128 ? code : mapped;
}

function isLineEnd(code: number): boolean {
  return code === 0x0a || code === 0x0d || code === 0x2028 || code === 0x2029;
}

function isBoundary(text: string, at: number, length: number): boolean {
  return isWord(text, at - 1, length) !== isWord(text, at, length);
}

function isWord(text: string, at: number, length: number): boolean {
  return at >= 0 && at < length && /\w/.test(text[at] ?? "");
}
