import type { JsonSchema } from "../../src/platform/schema/schema.ts";

/** Values that a schema of a single value refuses, each wrong in another way. */
export function wrongValues(schema: JsonSchema): readonly unknown[] {
  const { type, minimum, maximum, maxLength, minLength = 0, pattern } = schema;
  const values: readonly (readonly [applies: boolean, ...values: unknown[]])[] = [
    [true, {}, null],
    [minimum !== undefined, Number(minimum) - 1],
    [maximum !== undefined, Number(maximum) + 1],
    [type === "integer", 1.5, "1", 2 ** 60],
    [type === "boolean", "true", 1],
    [schema.enum !== undefined, "no-such-name"],
    [maxLength !== undefined, "1".repeat(Number(maxLength ?? 0) + 1)],
    [minLength > 0, ""],
    // No pattern of ours takes both.
    [pattern !== undefined, ...["\u0007", "\u0100"].filter((text) => !new RegExp(pattern ?? "", "u").test(text))],
  ];
  return values.flatMap(([applies, ...wrong]) => (applies ? wrong : []));
}
