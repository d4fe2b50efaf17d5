import { expect, test } from "vitest";
import { check } from "../../../src/platform/schema/check.ts";
import {
  anything,
  choice,
  either,
  flag,
  integer,
  type JsonSchema,
  list,
  map,
  number,
  object,
  optional,
  text,
} from "../../../src/platform/schema/schema.ts";

const person = object({
  name: text({ minLength: 1, maxLength: 3 }),
  age: optional(integer({ minimum: 0, maximum: 9 })),
});

test.each<[JsonSchema, unknown]>([
  [anything(), { a: [1] }],
  [text(), ""],
  [text({ pattern: "^\\p{L}$" }), "é"],
  [integer(), -0],
  [number(), 1.5],
  [flag(), false],
  [choice(["a", "b"]), "b"],
  [{ enum: [1, true] }, true],
  [{ const: null }, null],
  [{ type: "null" }, null],
  [list(integer(), { maxItems: 2 }), [1, 2]],
  [map(flag()), { x: true }],
  [either([text(), integer()]), 1],
  [person, { name: "a" }],
  [person, { name: "a", age: 9 }],
])("%j takes %j", (schema, value) => {
  expect(check(schema, value)).toBeUndefined();
});

test.each<[JsonSchema, unknown, string, string]>([
  [text(), 1, "", "must be a string"],
  [text({ minLength: 1 }), "", "", "must not be empty"],
  [text({ minLength: 2 }), "a", "", "must have 2 characters"],
  [text({ maxLength: 1 }), "ab", "", "must have at most 1 characters"],
  [text({ pattern: "^a$", "x-pattern": "one a" }), "b", "", "must be one a"],
  [integer(), 1.5, "", "must be an integer"],
  [integer(), 2 ** 53, "", "must be an integer"],
  [integer({ minimum: 1 }), 0, "", "must be an integer of at least 1"],
  [number({ maximum: 1 }), 1.5, "", "must be a number of at most 1"],
  [number(), Number.NaN, "", "must be a number"],
  [flag(), "true", "", "must be true or false"],
  [choice(["a", "b"]), "c", "", "must be one of a, b"],
  [{ const: 1 }, 2, "", "must be 1"],
  [{ type: "null" }, 0, "", "must be null"],
  [list(integer()), {}, "", "must be an array"],
  [list(integer()), [1, "x"], "/1", "must be an integer"],
  [list(integer(), { maxItems: 1 }), [1, 2], "", "must have at most 1 items"],
  [map(flag()), { "a/b~c": 1 }, "/a~1b~0c", "must be true or false"],
  [either([text(), integer({ minimum: 0, maximum: 9 })]), true, "", "must be a string or an integer from 0 to 9"],
  [either([person, integer()]), { name: 1 }, "/name", "must be a string"],
  [person, [], "", "must be an object"],
  [person, null, "", "must be an object"],
  [person, {}, "/name", "is missing"],
  [person, { name: "a", age: 10 }, "/age", "must be an integer from 0 to 9"],
  [person, { name: "a", constructor: 1 }, "/constructor", "is unknown here; known are name, age"],
  [person, JSON.parse('{"name":"a","__proto__":1}'), "/__proto__", "is unknown here; known are name, age"],
])("%j refuses %j", (schema, value, at, message) => {
  expect(check(schema, value)).toEqual({ at, message });
});

test("what is nested too deeply is refused, not followed", () => {
  const tree: { items?: JsonSchema; type: "array" } = { type: "array" };
  tree.items = tree;
  let value: unknown = [];
  for (let depth = 0; depth < 100_000; depth++) value = [value];
  expect(check(tree, value)?.message).toBe("is nested too deeply");
});
