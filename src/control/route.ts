import { isObject } from "../platform/schema/check.ts";
import type { JsonSchema, Schema, Static } from "../platform/schema/schema.ts";
import { UsageError } from "../platform/usage-error.ts";
import { duration, WrongValue } from "../rig/option-kinds.ts";
import type { Rig } from "../rig/rig.ts";
import type { ErrorStatus } from "./control-error.ts";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** What a handler gets of a request. */
export interface Call<Q, B> {
  readonly rig: Rig;
  /** The whole table, for the document that describes it. */
  readonly routes: readonly Route[];
  /** The parts of the path in braces, decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: Q;
  /** The body as JSON, checked; `null` where the route takes none or the client sent none. */
  readonly body: B;
  /** The body of a route that takes raw bytes; a slow reader holds the client back. */
  readonly bytes: AsyncIterable<Buffer>;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Aborts when the client has gone, or the control interface closes. */
  readonly signal: AbortSignal;
}

/** What a handler answers. */
export type Answer =
  | { readonly kind: "json"; readonly status: number; readonly value: unknown }
  | {
      readonly kind: "bytes";
      readonly type: string;
      readonly bytes: ByteSource;
      readonly headers: Readonly<Record<string, string>>;
    };

/** Bytes to send. `close` is called once the answer has ended, also where none of them were read. */
export interface ByteSource extends AsyncIterable<Uint8Array> {
  close?(): Promise<void>;
}

export const json = (value: unknown, status = 200): Answer => ({ kind: "json", status, value });

export const bytes = (content: ByteSource, type: string, headers: Readonly<Record<string, string>> = {}): Answer => ({
  kind: "bytes",
  type,
  bytes: content,
  headers,
});

/** Bytes that are all there. */
export async function* once(content: Uint8Array): AsyncGenerator<Uint8Array> {
  yield content;
}

/** The words of a `vmodem ctl` command, as the person gave them. */
export interface CtlArguments {
  /** What follows the command's own words. */
  readonly words: readonly string[];
  /** `--name value`; `true` for an option without a value. */
  readonly options: Readonly<Record<string, string | true>>;
  /** Reads a file of the person's, or standard input for `-`. */
  readonly readFile: (path: string) => Promise<Uint8Array>;
}

/** The request that a `vmodem ctl` command makes of its route. */
export interface CtlRequest {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: unknown;
  readonly bytes?: Uint8Array;
}

/** How a route is called from a shell. */
export interface CtlCommand {
  /** "fault add" */
  readonly words: string;
  /** What follows the words: "FROM TEXT..."; in brackets what may be left out, with dots what may go on. */
  readonly synopsis: string;
  /** Options that it takes besides the common ones; those with a value have its name. */
  readonly options?: Readonly<Record<string, string | true>>;
  request(given: CtlArguments): CtlRequest | Promise<CtlRequest>;
  /** What of the answer is printed; all of it without this. */
  shows?(answer: unknown, request: CtlRequest): unknown;
}

/**
 * Reads `radio.rssi=20 sim.pin=0000` into an object, each value by the schema of its field.
 *
 * @throws UsageError for a word without `=`
 */
export function fieldsOf(words: readonly string[], schema: JsonSchema): Readonly<Record<string, unknown>> {
  const fields: Record<string, unknown> = {};
  for (const word of words) {
    const at = word.indexOf("=");
    if (at < 1) throw new UsageError(`ctl set: ${word} is not FIELD=VALUE`);
    const path = word.slice(0, at).split(".");
    if (path.includes("__proto__")) throw new UsageError(`ctl set: ${word} is not FIELD=VALUE`);
    const last = path.pop() ?? "";
    let inner = fields;
    for (const name of path) {
      if (!Object.hasOwn(inner, name)) inner[name] = {};
      const next = inner[name];
      if (!isObject(next)) throw new UsageError(`ctl set: ${word} goes into ${name}, which has a value already`);
      inner = next as Record<string, unknown>;
    }
    inner[last] = readTyped(fieldSchema(schema, [...path, last]), word.slice(at + 1));
  }
  return fields;
}

const TIME = duration(0, 31_536_000_000);

/**
 * Reads a time of a command line in milliseconds: `500`, `1.5s`, `2m`, `1h`. `what` names it in the message.
 *
 * @throws UsageError
 */
export function readTime(what: string, given: string): number {
  try {
    return Math.round(TIME.read(given));
  } catch (error) {
    if (!(error instanceof WrongValue)) throw error;
    throw new UsageError(`ctl ${what} ${given}: ${error.message}`);
  }
}

/** Of a state the fields that a patch names. */
export function fieldsNamed(state: unknown, patch: unknown): unknown {
  if (!isObject(state) || !isObject(patch)) return state;
  const named = Object.entries(patch).filter(([name]) => Object.hasOwn(state, name));
  return Object.fromEntries(named.map(([name, inner]) => [name, fieldsNamed(state[name], inner)]));
}

function fieldSchema(schema: JsonSchema | undefined, path: readonly string[]): JsonSchema | undefined {
  return path.reduce<JsonSchema | undefined>((inner, name) => inner?.properties?.[name], schema);
}

/** A text stays a text where the field takes texts: a PIN of 0000 is no number. */
function readTyped(schema: JsonSchema | undefined, given: string): unknown {
  if (schema?.type === "string") return given;
  try {
    return JSON.parse(given);
  } catch {
    return given;
  }
}

/** All that is known of a route. The router, the OpenAPI document, `vmodem ctl` and its help read it. */
export interface RouteDefinition<Q, B> {
  readonly method: Method;
  /** With parameters in braces; `{path}` at the end takes the rest, slashes included. */
  readonly path: string;
  readonly summary: string;
  /** What each parameter of the path is. */
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Schema<Q>;
  readonly body?: Schema<B> | "raw";
  /** What a raw body whose type is `application/json` stands for, where that is more than its bytes. */
  readonly rawJson?: JsonSchema;
  /** The body may be missing. */
  readonly bodyOptional?: true;
  /** The schema of the answer, or its media type where it is no JSON. */
  readonly answer: { readonly status?: number; readonly schema: JsonSchema } | { readonly media: string };
  /** The refusals of its own, besides those that every route may answer. */
  readonly refusals?: Readonly<Partial<Record<ErrorStatus, string>>>;
  /** Needs no token. */
  readonly isPublic?: true;
  readonly ctl?: readonly CtlCommand[];
  handle(call: Call<Q, B>): Answer | Promise<Answer>;
}

// biome-ignore lint/suspicious/noExplicitAny: a table holds routes of different queries and bodies.
export type Route = RouteDefinition<any, any>;

/** Defines a route; the types of its query and body follow from their schemas. */
export function defineRoute<
  const QS extends Schema<unknown> = Schema<null>,
  const BS extends Schema<unknown> | "raw" = Schema<null>,
>(
  definition: Omit<RouteDefinition<unknown, unknown>, "query" | "body" | "handle"> & {
    readonly query?: QS;
    readonly body?: BS;
    handle(call: Call<Static<QS>, BS extends "raw" ? null : Static<BS>>): Answer | Promise<Answer>;
  },
): Route {
  return definition as Route;
}
