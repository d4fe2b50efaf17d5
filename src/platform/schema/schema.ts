/** The part of JSON Schema 2020-12 that the program's own schemas use: what OpenAPI and scenario files publish as it is. */
export interface JsonSchema {
  readonly type?: "object" | "array" | "string" | "integer" | "number" | "boolean" | "null";
  readonly description?: string;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly enum?: readonly (string | number | boolean)[];
  readonly const?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  /** Says what `pattern` asks for, in the words of the error message: "an IPv4 address". */
  readonly "x-pattern"?: string;
  readonly format?: string;
  readonly items?: JsonSchema;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly minProperties?: number;
  readonly maxProperties?: number;
  /** What the names of an object's properties must be. */
  readonly propertyNames?: JsonSchema;
  readonly additionalProperties?: boolean | JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
}

declare const VALUE: unique symbol;

/** A schema, with the type of what it accepts. */
export interface Schema<T> extends JsonSchema {
  readonly [VALUE]?: T;
}

/** The type of the values that a schema accepts. */
export type Static<S> = S extends Schema<infer T> ? T : never;

type Note = Pick<JsonSchema, "description" | "default" | "examples">;
type Properties = Readonly<Record<string, Schema<unknown>>>;
type OptionalKeys<P extends Properties> = {
  [K in keyof P]: P[K] extends { readonly optional: true } ? K : never;
}[keyof P];
type ObjectOf<P extends Properties> = {
  readonly [K in Exclude<keyof P, OptionalKeys<P>>]: Static<P[K]>;
} & { readonly [K in OptionalKeys<P>]?: Static<P[K]> };

export const text = (
  options: Note & Pick<JsonSchema, "minLength" | "maxLength" | "pattern" | "x-pattern" | "format"> = {},
): Schema<string> => ({ type: "string", ...options });

export const integer = (options: Note & Pick<JsonSchema, "minimum" | "maximum"> = {}): Schema<number> => ({
  type: "integer",
  ...options,
});

export const number = (options: Note & Pick<JsonSchema, "minimum" | "maximum"> = {}): Schema<number> => ({
  type: "number",
  ...options,
});

/** Exactly one value: what tells the alternatives of an {@link either} apart. */
export const constant = <const V extends string | true>(value: V, options: Note = {}): Schema<V> => ({
  type: typeof value === "string" ? "string" : "boolean",
  const: value,
  ...options,
});

export const flag = (options: Note = {}): Schema<boolean> => ({ type: "boolean", ...options });

export const choice = <const V extends readonly string[]>(values: V, options: Note = {}): Schema<V[number]> => ({
  type: "string",
  enum: values,
  ...options,
});

export const list = <T>(items: Schema<T>, options: Note & Pick<JsonSchema, "maxItems"> = {}): Schema<readonly T[]> => ({
  type: "array",
  items,
  ...options,
});

/** An object of these properties and no others. Those made by {@link optional} may be missing. */
export function object<const P extends Properties>(
  properties: P,
  options: Note & Pick<JsonSchema, "minProperties" | "maxProperties"> = {},
): Schema<ObjectOf<P>> {
  const required = Object.keys(properties).filter((name) => !isOptional(properties[name]));
  const plain = Object.fromEntries(Object.entries(properties).map(([name, { ...schema }]) => [name, without(schema)]));
  return {
    type: "object",
    properties: plain,
    ...(required.length > 0 ? { required } : {}),
    additionalProperties: false,
    ...options,
  };
}

/** An object of any names, whose values are of one schema. */
export const map = <T>(
  values: Schema<T>,
  options: Note & Pick<JsonSchema, "propertyNames"> = {},
): Schema<Readonly<Record<string, T>>> => ({
  type: "object",
  additionalProperties: values,
  ...options,
});

export const either = <const S extends readonly Schema<unknown>[]>(
  schemas: S,
  options: Note = {},
): Schema<Static<S[number]>> => ({ anyOf: schemas, ...options });

/** Nothing but `null`. */
export const nothing = (options: Note = {}): Schema<null> => ({ type: "null", ...options });

/** Any JSON value. */
export const anything = (options: Note = {}): Schema<unknown> => ({ ...options });

/** Marks a property of an {@link object} that may be missing. */
export const optional = <T>(schema: Schema<T>): Schema<T> & { readonly optional: true } => ({
  ...schema,
  optional: true,
});

function isOptional(schema: Schema<unknown> | undefined): boolean {
  return schema !== undefined && "optional" in schema;
}

function without(schema: Schema<unknown> & { readonly optional?: true }): JsonSchema {
  const { optional: _, ...rest } = schema;
  return rest;
}
