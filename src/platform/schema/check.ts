import type { JsonSchema } from "./schema.ts";

/** What is wrong with a value, and where: `at` is a JSON pointer (RFC 6901), empty for the value itself. */
export interface Problem {
  readonly at: string;
  readonly message: string;
}

/** Values nested deeper than this are refused: no schema of ours needs more than ten levels. */
const DEPTH = 32;

/** Gives the first problem of `value` by `schema`, or `undefined` where there is none. */
export function check(schema: JsonSchema, value: unknown, at = "", depth = 0): Problem | undefined {
  if (depth > DEPTH) return { at, message: "is nested too deeply" };
  if (schema.anyOf !== undefined) return checkAny(schema.anyOf, value, at, depth);
  if (schema.const !== undefined && value !== schema.const) return wrong(at, `must be ${JSON.stringify(schema.const)}`);
  if (schema.type !== undefined && !hasType(schema.type, value)) return wrong(at, `must be ${describe(schema)}`);
  if (schema.enum !== undefined && !schema.enum.includes(value as string))
    return wrong(at, `must be ${describe(schema)}`);
  if (typeof value === "number") return checkNumber(schema, value, at);
  if (typeof value === "string") return checkText(schema, value, at);
  if (Array.isArray(value)) return checkItems(schema, value, at, depth);
  if (isObject(value)) return checkProperties(schema, value, at, depth);
  return undefined;
}

/** Appends one name to a JSON pointer (RFC 6901 §3). */
export function pointer(at: string, name: string | number): string {
  return `${at}/${String(name).replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function wrong(at: string, message: string): Problem {
  return { at, message };
}

/** Says in words what a schema asks for: "an integer from 0 to 31". */
function describe(schema: JsonSchema): string {
  if (schema.anyOf !== undefined) return schema.anyOf.map(describe).join(" or ");
  if (schema.enum !== undefined) return `one of ${schema.enum.join(", ")}`;
  switch (schema.type) {
    case "integer":
    case "number": {
      const noun = schema.type === "integer" ? "an integer" : "a number";
      const { minimum, maximum } = schema;
      if (minimum !== undefined && maximum !== undefined) return `${noun} from ${minimum} to ${maximum}`;
      if (minimum !== undefined) return `${noun} of at least ${minimum}`;
      if (maximum !== undefined) return `${noun} of at most ${maximum}`;
      return noun;
    }
    case "string":
      return schema["x-pattern"] ?? "a string";
    case "boolean":
      return "true or false";
    case "array":
      return "an array";
    case "object":
      return "an object";
    case "null":
      return "null";
    default:
      return "any value";
  }
}

function hasType(type: NonNullable<JsonSchema["type"]>, value: unknown): boolean {
  switch (type) {
    case "object":
      return isObject(value);
    case "array":
      return Array.isArray(value);
    case "integer":
      return Number.isSafeInteger(value);
    case "number":
      return Number.isFinite(value);
    case "null":
      return value === null;
    case "string":
    case "boolean":
      return typeof value === type;
  }
}

function checkNumber(schema: JsonSchema, value: number, at: string): Problem | undefined {
  const { minimum = -Infinity, maximum = Infinity } = schema;
  return value < minimum || value > maximum ? wrong(at, `must be ${describe(schema)}`) : undefined;
}

function checkText(schema: JsonSchema, value: string, at: string): Problem | undefined {
  const { minLength = 0, maxLength = Infinity, pattern } = schema;
  if (value.length < minLength)
    return wrong(at, minLength === 1 ? "must not be empty" : `must have ${minLength} characters`);
  if (value.length > maxLength) return wrong(at, `must have at most ${maxLength} characters`);
  if (pattern !== undefined && !new RegExp(pattern, "u").test(value)) return wrong(at, `must be ${describe(schema)}`);
  return undefined;
}

function checkItems(schema: JsonSchema, value: readonly unknown[], at: string, depth: number): Problem | undefined {
  const { items, maxItems = Infinity } = schema;
  if (value.length > maxItems) return wrong(at, `must have at most ${maxItems} items`);
  if (items === undefined) return undefined;
  return firstOf(value.entries(), ([index, item]) => check(items, item, pointer(at, index), depth + 1));
}

function checkProperties(
  schema: JsonSchema,
  value: Readonly<Record<string, unknown>>,
  at: string,
  depth: number,
): Problem | undefined {
  const { properties = {}, required = [], additionalProperties = true, minProperties = 0, maxProperties } = schema;
  const missing = required.find((name) => !Object.hasOwn(value, name));
  if (missing !== undefined) return wrong(pointer(at, missing), "is missing");
  const wrongMember = firstOf(Object.entries(value), ([name, item]) => {
    const misnamed = schema.propertyNames && check(schema.propertyNames, name, pointer(at, name), depth + 1);
    if (misnamed !== undefined) return misnamed;
    const own = Object.hasOwn(properties, name) ? properties[name] : undefined;
    const inner = own ?? additionalProperties;
    if (inner === true) return undefined;
    if (inner === false) {
      const names = Object.keys(properties);
      return wrong(pointer(at, name), `is unknown here${names.length > 0 ? `; known are ${names.join(", ")}` : ""}`);
    }
    return check(inner, item, pointer(at, name), depth + 1);
  });
  const count = Object.keys(value).length;
  const isCounted = count >= minProperties && count <= (maxProperties ?? count);
  return wrongMember ?? (isCounted ? undefined : wrong(at, `must have ${describeCount(schema)}`));
}

function describeCount({ properties = {}, minProperties = 0, maxProperties }: JsonSchema): string {
  const of = `of ${Object.keys(properties).join(", ")}`;
  if (minProperties === maxProperties) return `exactly ${minProperties} ${of}`;
  return maxProperties === undefined ? `at least ${minProperties} ${of}` : `at most ${maxProperties} ${of}`;
}

/**
 * Of alternatives that all fail, reports the one that the writer meant: that which knows most names of the value, or else
 * the one that got deepest into it.
 */
function checkAny(schemas: readonly JsonSchema[], value: unknown, at: string, depth: number): Problem | undefined {
  const told = isObject(value) ? tellApart(schemas, value, at) : undefined;
  if (told !== undefined) return "at" in told ? told : check(told.schema, value, at, depth + 1);
  let deepest: Problem | undefined;
  let known = 0;
  for (const schema of schemas) {
    const problem = check(schema, value, at, depth + 1);
    if (problem === undefined) return undefined;
    const knows = isObject(value)
      ? Object.keys(value).filter((name) => schema.properties?.[name] !== undefined).length
      : 0;
    if (deepest === undefined || knows > known || (knows === known && problem.at.length > deepest.at.length)) {
      deepest = problem;
      known = knows;
    }
  }
  if (deepest?.at === at) return wrong(at, `must be ${schemas.map(describe).join(" or ")}`);
  return deepest;
}

/**
 * Of objects that differ in the constant of one property, gives the one that the value names, or the problem of that
 * property; nothing where the alternatives are not of that kind.
 */
function tellApart(
  schemas: readonly JsonSchema[],
  value: Readonly<Record<string, unknown>>,
  at: string,
): Problem | { readonly schema: JsonSchema } | undefined {
  const [name] = Object.entries(schemas[0]?.properties ?? {}).find(([, { const: own }]) => own !== undefined) ?? [];
  if (name === undefined) return undefined;
  const constants = schemas.map(({ properties }) => properties?.[name]?.const);
  if (constants.includes(undefined)) return undefined;
  const schema = schemas[constants.indexOf(value[name])];
  if (schema !== undefined) return { schema };
  const where = pointer(at, name);
  return Object.hasOwn(value, name)
    ? wrong(where, `must be one of ${constants.join(", ")}`)
    : wrong(where, "is missing");
}

function firstOf<T>(items: Iterable<T>, find: (item: T) => Problem | undefined): Problem | undefined {
  for (const item of items) {
    const problem = find(item);
    if (problem !== undefined) return problem;
  }
  return undefined;
}
