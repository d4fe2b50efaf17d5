import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { JsonSyntaxError, parseLocatedJson } from "../../../src/platform/schema/located-json.ts";

test("any JSON is read as JSON.parse reads it, however it is laid out", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(undefined, 1, "\t"), (value, indent) => {
      const text = JSON.stringify(value, undefined, indent);
      expect(parseLocatedJson(text).value).toEqual(JSON.parse(text));
    }),
  );
});

test("what JSON.parse refuses is refused, too", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.nat(), fc.constantFrom(...'",:[]{}0x\\\n'), (value, place, sign) => {
      const text = JSON.stringify(value);
      const at = place % (text.length + 1);
      const broken = `${text.slice(0, at)}${sign}${text.slice(at)}`;
      const refused = refusal(() => parseLocatedJson(broken));
      // A name that stands twice is refused here only, whatever comes behind it.
      fc.pre(!(refused instanceof JsonSyntaxError && refused.message.includes("twice")));
      expect(refused === undefined).toBe(refusal(() => JSON.parse(broken)) === undefined);
    }),
  );
});

function refusal(read: () => unknown): unknown {
  try {
    read();
    return undefined;
  } catch (error) {
    return error;
  }
}

const TEXT = `{
  "a": 1,

  "b/c": [
    true, {
      "d~": null
    }
  ]
}`;

test.each([
  ["", 1],
  ["/a", 2],
  ["/b~1c", 4],
  ["/b~1c/0", 5],
  ["/b~1c/1/d~0", 6],
  ["/b~1c/1/missing", 5],
  ["/missing/deep", 1],
])("%j is on line %i", (at, line) => {
  expect(parseLocatedJson(TEXT).lineOf(at)).toBe(line);
});

describe("what is no JSON is told with its line and column", () => {
  test.each([
    ["", 1, 1, "expected a value, not the end"],
    ["{\n  a: 1 }", 2, 3, 'expected a name in double quotes, not "a"'],
    ['{\n  "a": 1,\n}', 3, 1, 'expected a name in double quotes, not "}"'],
    ["[1\n 2]", 2, 2, 'expected "," or "]", not "2"'],
    ['{"a" 1}', 1, 6, 'expected ":", not "1"'],
    ["[01]", 1, 2, 'expected a value, not "0"'],
    ["[1] x", 1, 5, 'expected the end of the file, not "x"'],
    ['["a\nb"]', 1, 2, "a string ends on its line"],
    ['["\\x"]', 1, 2, "a string ends on its line"],
    ['["abc', 1, 2, "a string ends on its line"],
    ['{"a":1,\n"a":2}', 2, 1, 'the name "a" is there twice'],
    ["[".repeat(200), 1, 102, "expected less nesting"],
  ])("%j", (text, line, column, reason) => {
    try {
      parseLocatedJson(text);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(JsonSyntaxError);
      expect(error).toMatchObject({ line, column, message: expect.stringContaining(reason) });
    }
  });
});

test("a name like __proto__ is a name like others", () => {
  const { value } = parseLocatedJson('{"__proto__":{"a":1}}');
  expect(Object.keys(value as object)).toEqual(["__proto__"]);
  expect(({} as Record<string, unknown>).a).toBeUndefined();
});
