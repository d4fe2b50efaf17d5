import { check } from "../platform/schema/check.ts";
import type { JsonSchema, Schema } from "../platform/schema/schema.ts";
import { ControlError } from "./control-error.ts";
import { CONTROL_LIMITS } from "./limits.ts";

/**
 * Reads a body of JSON and checks it.
 *
 * @throws ControlError 400 for what is no JSON, 413, 422
 */
export async function readJson(
  content: AsyncIterable<Buffer>,
  schema: JsonSchema,
  isOptional: boolean,
): Promise<unknown> {
  const raw = await readRaw(content, CONTROL_LIMITS.json);
  return raw.length === 0 && isOptional ? null : parseChecked(raw, schema);
}

/**
 * Reads a body of raw bytes.
 *
 * @throws ControlError 413
 */
export async function readRaw(content: AsyncIterable<Buffer>, limit: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of content) {
    size += piece.length;
    if (size > limit) throw new ControlError(413, `the body may have ${limit} bytes`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces, size);
}

/**
 * Reads bytes as JSON and checks them.
 *
 * @throws ControlError 400 for what is no JSON, 422
 */
export function parseChecked<T>(raw: Buffer, schema: Schema<T>): T {
  const value = parseJson(raw);
  const problem = check(schema, value);
  if (problem !== undefined) throw ControlError.invalid(problem);
  return value as T;
}

function parseJson(raw: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(raw));
  } catch (error) {
    throw new ControlError(400, `the body is no JSON: ${error instanceof Error ? error.message : "unreadable"}`);
  }
}

/**
 * Reads a query by the schema of its fields: numbers and flags come as text.
 *
 * @throws ControlError 422 for an unknown, repeated or wrong field
 */
export function readQuery(search: URLSearchParams, schema: JsonSchema | undefined): Readonly<Record<string, unknown>> {
  const properties = new Map(Object.entries(schema?.properties ?? {}));
  const values = Object.fromEntries(
    [...new Set(search.keys())].map((name) => {
      const [given = "", ...more] = search.getAll(name);
      const at = `/${name}`;
      if (more.length > 0) throw ControlError.invalid({ at, message: "is given more than once" }, "query");
      return [name, convert(properties.get(name), given)];
    }),
  );
  const problem = check(schema ?? { type: "object", properties: {}, additionalProperties: false }, values);
  if (problem !== undefined) throw ControlError.invalid(problem, "query");
  return values;
}

function convert(schema: JsonSchema | undefined, given: string): unknown {
  switch (schema?.type) {
    case "integer":
    case "number":
      return /^-?\d+(\.\d+)?$/.test(given) ? Number(given) : given;
    case "boolean":
      return given === "true" ? true : given === "false" ? false : given;
    default:
      return given;
  }
}
