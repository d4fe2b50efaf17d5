import { describe, expect, test } from "vitest";
import type { JsonSchema } from "../../src/platform/schema/schema.ts";
import {
  type Control,
  commonNames,
  controlOf,
  discriminator,
  hintOf,
  labelOf,
  readEntered,
  showValue,
} from "../../src/web/form/schema-words.ts";

const RSSI: JsonSchema = { anyOf: [{ type: "integer", minimum: 0, maximum: 31 }, { enum: [99] }] };

test.each<[JsonSchema, Control, string]>([
  [{ type: "string", enum: ["on", "off"] }, "choice", ""],
  [{ enum: ["on", "off"] }, "choice", "on, off"],
  [{ type: "boolean" }, "flag", ""],
  [{ type: "integer", minimum: 1, maximum: 9 }, "number", "1 to 9"],
  [{ type: "number", minimum: 2, default: 5 }, "number", "at least 2; default 5"],
  [RSSI, "number", "0 to 31, or 99"],
  [
    {
      anyOf: [
        { type: "integer", minimum: 50, maximum: 60 },
        { type: "string", enum: ["ipr"] },
      ],
    },
    "text",
    "50 to 60",
  ],
  [{ type: "string", pattern: "^x$", "x-pattern": "an x" }, "text", "an x"],
  [{ type: "array", items: { type: "string" } }, "lines", ""],
  [{ type: "array", items: { type: "object" } }, "json", ""],
  [{ type: "object", additionalProperties: {} }, "json", ""],
  [{}, "json", ""],
])("%j is entered as %s, with the hint %j", (schema, control, hint) => {
  expect([controlOf(schema), hintOf(schema)]).toEqual([control, hint]);
});

describe("what is entered", () => {
  test.each<[Control, string, unknown]>([
    ["text", "0012", "0012"],
    ["text", "", undefined],
    ["number", "12", 12],
    ["number", "x", "x"],
    ["lines", "a\nb", ["a", "b"]],
    ["json", '{"a":1}', { a: 1 }],
    ["json", "{a", "{a"],
  ])("as %s: %j is %j", (control, entered, value) => {
    expect(readEntered(control, entered)).toEqual(value);
  });

  test.each<[Control, unknown, string]>([
    ["text", null, ""],
    ["number", 0, "0"],
    ["lines", ["a", "b"], "a\nb"],
    ["json", { a: 1 }, '{"a":1}'],
  ])("is shown as %s: %j is %j", (control, value, text) => {
    expect(showValue(control, value)).toBe(text);
  });
});

test("alternatives are told apart by the property that is a constant, and share those that all have", () => {
  const kind = (name: string, own: string): JsonSchema => ({
    properties: { kind: { const: name }, id: { type: "string" }, [own]: { type: "integer" } },
  });
  const schemas = [kind("a", "x"), kind("b", "y")];
  expect(discriminator(schemas)).toBe("kind");
  expect([...commonNames(schemas)]).toEqual(["kind", "id"]);
});

test.each([
  ["average_size", "average size"],
  ["bootTime", "boot time"],
  ["ftp-data", "ftp-data"],
  ["pin", "PIN"],
  ["pins", "pins"],
])("the label of %s is %s", (name, label) => {
  expect(labelOf(name)).toBe(label);
});
