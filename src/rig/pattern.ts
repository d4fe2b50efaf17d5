import { didYouMean } from "../platform/nearest.ts";
import { EVENT_TYPES, fieldsOf, isEventType, type RigEvent } from "./events.ts";
import { LinearRegexp } from "./regexp/linear-regexp.ts";
import { RegexpError } from "./regexp/syntax.ts";

/**
 * Selects events: each field given must be equal to that of the event. A text `"/re/flags"` is a regular expression,
 * matched anywhere in the text (flags `i`, `m`, `s`); `{"is": value}` is the value itself; a number may be
 * `{"min": n, "max": n}`. Objects and lists are compared field by field, and may hold any of these; an object of the event
 * may have more fields, a list may not be longer.
 *
 * @example
 * const failed: EventPattern = { type: "result", name: "/^\\+SMTP/", result: "/ERROR/", ms: { max: 500 } };
 */
export interface EventPattern {
  readonly [field: string]: unknown;
}

/** A pattern that is wrong; `at` is the JSON pointer of the part at fault. */
export class PatternError extends Error {
  override readonly name = "PatternError";
  readonly at: string;
  /** The message without the part. */
  readonly reason: string;

  constructor(at: string, reason: string) {
    super(`${at === "" ? "the pattern" : at}: ${reason}`);
    this.at = at;
    this.reason = reason;
  }
}

/** A field in which an event differs from a pattern. */
export interface Difference {
  /** JSON pointer of the field. */
  readonly at: string;
  /** What the pattern says there. */
  readonly expected: unknown;
  /** What the event has there; `undefined` where it has nothing. */
  readonly actual: unknown;
}

/** Bounds of a pattern: matching an event takes at most as many steps as it has parts. */
const PATTERN_LIMITS = { depth: 8, parts: 200 } as const;

/** One part of a pattern, ready to be compared. */
interface Part {
  readonly at: string;
  readonly expected: unknown;
  /** Adds what differs to `into`; stops at the first difference where there is no list. */
  readonly compare: (actual: unknown, into: Difference[] | undefined) => boolean;
}

/** A pattern that was checked once and is matched often. */
export class Pattern {
  readonly #root: Part;

  /** Throws a {@link PatternError} for a pattern that is wrong. */
  constructor(pattern: unknown) {
    if (!isPlain(pattern)) throw new PatternError("", "not an object");
    checkType(pattern.type);
    this.#root = new PatternReader().fields(pattern, "", 0);
    checkFields(pattern);
  }

  matches(event: RigEvent): boolean {
    return this.#root.compare(event, undefined);
  }

  /** The fields in which an event differs; none where it matches. */
  explain(event: RigEvent): readonly Difference[] {
    const differences: Difference[] = [];
    this.#root.compare(event, differences);
    return differences;
  }
}

class PatternReader {
  #parts = 0;

  fields(value: Readonly<Record<string, unknown>>, at: string, depth: number): Part {
    const fields = Object.entries(value).map(
      ([name, expected]) => [name, this.#read(expected, `${at}/${escapePointer(name)}`, depth + 1)] as const,
    );
    return part(at, value, (actual, into) => {
      if (!isPlain(actual)) return differs(at, value, actual, into);
      return all(fields, into, ([name, field]) =>
        field.compare(Object.hasOwn(actual, name) ? actual[name] : undefined, into),
      );
    });
  }

  #read(value: unknown, at: string, depth: number): Part {
    if (depth > PATTERN_LIMITS.depth) throw new PatternError(at, `nested more than ${PATTERN_LIMITS.depth} deep`);
    if (++this.#parts > PATTERN_LIMITS.parts) throw new PatternError(at, `more than ${PATTERN_LIMITS.parts} parts`);
    if (typeof value === "string") return readText(value, at);
    if (Array.isArray(value)) return this.#list(value, at, depth);
    if (isPlain(value)) {
      if (Object.hasOwn(value, "is")) return readIs(value, at);
      if (Object.hasOwn(value, "min") || Object.hasOwn(value, "max")) return readRange(value, at);
      return this.fields(value, at, depth);
    }
    if (value === null || typeof value === "boolean" || Number.isFinite(value)) return equal(at, value, value);
    throw new PatternError(at, "not a value of JSON");
  }

  #list(values: readonly unknown[], at: string, depth: number): Part {
    const items = values.map((value, index) => this.#read(value, `${at}/${index}`, depth + 1));
    return part(at, values, (actual, into) => {
      if (!Array.isArray(actual) || actual.length !== items.length) return differs(at, values, actual, into);
      return all([...items.entries()], into, ([index, item]) => item.compare(actual[index], into));
    });
  }
}

/** `/re/flags`. Another text that begins with a slash, a path for example, stands for itself. */
const REGEXP = /^\/(.+)\/([a-z]*)$/s;
const ANY_FLAGS = /^[dgimsuvy]*$/;

function readText(text: string, at: string): Part {
  const [, source, flags = ""] = REGEXP.exec(text) ?? [];
  if (source === undefined || !ANY_FLAGS.test(flags)) return equal(at, text, text);
  try {
    const regexp = new LinearRegexp(source, flags);
    return part(
      at,
      text,
      (actual, into) => (typeof actual === "string" && regexp.test(actual)) || differs(at, text, actual, into),
    );
  } catch (error) {
    if (!(error instanceof RegexpError)) throw error;
    throw new PatternError(at, `${error.message}; {"is": ${JSON.stringify(text)}} is the text itself`);
  }
}

function readIs(value: Readonly<Record<string, unknown>>, at: string): Part {
  refuseOthers(value, ["is"], at);
  return equal(at, value, value.is);
}

function readRange(value: Readonly<Record<string, unknown>>, at: string): Part {
  refuseOthers(value, ["min", "max"], at);
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = value;
  for (const bound of ["min", "max"] as const) {
    if (value[bound] !== undefined && !Number.isFinite(value[bound]))
      throw new PatternError(`${at}/${bound}`, "not a number");
  }
  const [low, high] = [min as number, max as number];
  if (low > high) throw new PatternError(at, "min is above max");
  return part(
    at,
    value,
    (actual, into) =>
      (typeof actual === "number" && actual >= low && actual <= high) || differs(at, value, actual, into),
  );
}

function refuseOthers(value: Readonly<Record<string, unknown>>, known: readonly string[], at: string): void {
  const other = Object.keys(value).find((key) => !known.includes(key));
  if (other !== undefined) {
    throw new PatternError(`${at}/${escapePointer(other)}`, `not known beside ${known.join(" and ")}`);
  }
}

/** Refuses a type that no event has: such a pattern would never match. */
function checkType(type: unknown): void {
  if (typeof type !== "string" || REGEXP.test(type) || isEventType(type)) return;
  throw new PatternError("/type", `no event has the type ${JSON.stringify(type)}${hint(type, EVENT_TYPES)}`);
}

/** Refuses a field that no such event has: the pattern would never match, and a `never` of it would always hold. */
function checkFields(pattern: Readonly<Record<string, unknown>>): void {
  const type = isEventType(pattern.type) ? pattern.type : undefined;
  const known = fieldsOf(type);
  if (known === undefined) return;
  const other = Object.keys(pattern).find((field) => !known.includes(field));
  if (other === undefined) return;
  const event = type === undefined ? 'event but those of the type "log"' : `${type} event`;
  const wrong = `no ${event} has the field ${JSON.stringify(other)}`;
  throw new PatternError(`/${escapePointer(other)}`, `${wrong}${hint(other, known)}`);
}

function hint(word: string, known: readonly string[]): string {
  return didYouMean(word, known) || `; there are ${known.join(", ")}`;
}

function part(at: string, expected: unknown, compare: Part["compare"]): Part {
  return { at, expected, compare };
}

function equal(at: string, expected: unknown, value: unknown): Part {
  return part(at, expected, (actual, into) => sameJson(value, actual) || differs(at, expected, actual, into));
}

function differs(at: string, expected: unknown, actual: unknown, into: Difference[] | undefined): false {
  into?.push({ at, expected, actual });
  return false;
}

/** Whether every comparison holds; goes on after a difference only where differences are collected. */
function all<T>(items: readonly T[], into: Difference[] | undefined, holds: (item: T) => boolean): boolean {
  let same = true;
  for (const item of items) {
    if (holds(item)) continue;
    same = false;
    if (into === undefined) return false;
  }
  return same;
}

function sameJson(a: unknown, b: unknown): boolean {
  if (Object.is(a, b) || (a === 0 && b === 0)) return true;
  if (Array.isArray(a))
    return Array.isArray(b) && a.length === b.length && a.every((item, at) => sameJson(item, b[at]));
  if (!isPlain(a) || !isPlain(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && sameJson(a[key], b[key]))
  );
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** RFC 6901 §3. */
function escapePointer(name: string): string {
  return name.replaceAll("~", "~0").replaceAll("/", "~1");
}
