import type { JsonSchema } from "../../platform/schema/schema.ts";
import { isRecord } from "../settings/nvram.ts";

/** The values that a field takes. */
export interface ValueRule {
  /** The rule as JSON Schema. */
  readonly schema: JsonSchema;
  /** Completes "must be ...". */
  readonly description: string;
  accepts(value: unknown): boolean;
  /** Says what is wrong with a value that is not accepted, in place of "must be ...". */
  explain?(value: unknown): string;
}

/** One field of the state of `S`. */
export interface StateField<S> {
  /** The names from the outside in: `radio.operator.long`. */
  readonly path: string;
  /** Shows the value; a field without it, a secret, can only be changed. */
  read?(subject: S): unknown;
  /** The values that it can be set to; a field without it is read-only. */
  readonly rule?: ValueRule;
}

/** What is wrong with a patch: where, as a JSON pointer (RFC 6901), and what. */
export interface StateProblem {
  readonly at: string;
  readonly message: string;
  /** The patch is right in itself, but the modem is not in a state for it. */
  readonly isConflict?: true;
}

/** The state as nested objects of JSON. */
export function readState<S>(fields: readonly StateField<S>[], subject: S): Record<string, unknown> {
  const state: Record<string, unknown> = {};
  for (const { path, read } of fields) {
    if (read === undefined) continue;
    const names = path.split(".");
    const last = names.pop() ?? "";
    let object = state;
    for (const name of names) {
      const inner = isRecord(object[name]) ? object[name] : {};
      object[name] = inner;
      object = inner as Record<string, unknown>;
    }
    object[last] = read(subject);
  }
  return state;
}

/** Checks a whole patch: returns its first problem, or nothing if every field of it exists and takes its value. */
export function checkPatch(fields: readonly StateField<never>[], patch: unknown): StateProblem | undefined {
  return checkGroup(fields, "", "", patch);
}

function checkGroup(
  fields: readonly StateField<never>[],
  prefix: string,
  pointer: string,
  patch: unknown,
): StateProblem | undefined {
  if (!isRecord(patch)) return { at: pointer, message: "must be an object" };
  for (const [name, value] of Object.entries(patch)) {
    const at = `${pointer}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`;
    const problem = checkMember(fields, prefix, name, at, value);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function checkMember(
  fields: readonly StateField<never>[],
  prefix: string,
  name: string,
  at: string,
  value: unknown,
): StateProblem | undefined {
  const path = `${prefix}${name}`;
  const isGroup = fields.some((each) => each.path.startsWith(`${path}.`));
  if (isGroup && !name.includes(".")) return checkGroup(fields, `${path}.`, at, value);
  const found = name.includes(".") ? undefined : fields.find((each) => each.path === path);
  if (found === undefined) return { at, message: "there is no such field" };
  if (found.rule === undefined) return { at, message: "is read-only" };
  const { rule } = found;
  if (rule.accepts(value)) return undefined;
  return { at, message: rule.explain?.(value) ?? `must be ${rule.description}` };
}

/** The patch as JSON Schema. */
export function patchSchema(fields: readonly StateField<never>[]): JsonSchema {
  return groupSchema(fields, "");
}

function groupSchema(fields: readonly StateField<never>[], prefix: string): JsonSchema {
  const properties: Record<string, JsonSchema> = {};
  for (const { path, rule } of fields) {
    if (!path.startsWith(prefix) || rule === undefined) continue;
    const [name = "", ...inner] = path.slice(prefix.length).split(".");
    properties[name] = inner.length === 0 ? rule.schema : groupSchema(fields, `${prefix}${name}.`);
  }
  return { type: "object", properties, additionalProperties: false };
}

/** One of some names. */
export function oneOf(values: readonly string[]): ValueRule {
  return {
    schema: { enum: values },
    description: `one of ${values.join(", ")}`,
    accepts: (value) => values.some((each) => each === value),
  };
}

/** A whole number in a range, or one of some others. */
export function integer(minimum: number, maximum: number, others: readonly number[] = []): ValueRule {
  const range: JsonSchema = { type: "integer", minimum, maximum };
  return {
    schema: others.length === 0 ? range : { anyOf: [range, { enum: others }] },
    description: `a whole number from ${minimum} to ${maximum}${others.map((other) => ` or ${other}`).join("")}`,
    accepts: (value) =>
      typeof value === "number" &&
      Number.isInteger(value) &&
      ((value >= minimum && value <= maximum) || others.includes(value)),
  };
}

/** A number in a range. */
export function real(minimum: number, maximum: number): ValueRule {
  return {
    schema: { type: "number", minimum, maximum },
    description: `a number from ${minimum} to ${maximum}`,
    accepts: (value) => typeof value === "number" && value >= minimum && value <= maximum,
  };
}

export const FLAG: ValueRule = {
  schema: { type: "boolean" },
  description: "true or false",
  accepts: (value) => typeof value === "boolean",
};

/** Text of a form that `pattern` describes; `accepts` may ask for more. */
export function text(
  pattern: RegExp,
  description: string,
  accepts: (value: string) => boolean = () => true,
): ValueRule {
  return {
    schema: { type: "string", pattern: pattern.source, "x-pattern": description },
    description,
    accepts: (value) => typeof value === "string" && pattern.test(value) && accepts(value),
  };
}
