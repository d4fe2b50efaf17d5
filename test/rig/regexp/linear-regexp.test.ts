import fc from "fast-check";
import { expect, test } from "vitest";
import { LinearRegexp } from "../../../src/rig/regexp/linear-regexp.ts";

/** Every row is checked against the matcher of the language too. */
test.each<[source: string, flags: string, text: string, matches: boolean]>([
  ["REQUEST", "", "+CHTTPACT: REQUEST\r\n", true],
  ["request", "", "+CHTTPACT: REQUEST\r\n", false],
  ["request", "i", "+CHTTPACT: REQUEST\r\n", true],
  ["^AT\\+CSQ$", "", "AT+CSQ", true],
  ["^AT\\+CSQ$", "", "AT+CSQ?", false],
  ["", "", "", true],
  ["a|", "", "b", true],
  ["^(?:a|b)+$", "", "abab", true],
  ["^(?:a|b)+$", "", "abc", false],
  ["^(?<name>a)b$", "", "ab", true],
  ["^a{2,3}$", "", "a", false],
  ["^a{2,3}$", "", "aaa", true],
  ["^a{2,3}$", "", "aaaa", false],
  ["^a{2,}$", "", "aaaaaaa", true],
  ["^a{2}?$", "", "aa", true],
  ["^a{0}$", "", "", true],
  ["^a{,2}$", "", "a{,2}", true],
  ["a.c", "", "a\nc", false],
  ["a.c", "s", "a\nc", true],
  ["^b", "", "a\nb", false],
  ["^b", "m", "a\nb", true],
  ["a$", "m", "a\rb", true],
  ["\\bfoo\\b", "", "a foo b", true],
  ["\\bfoo\\b", "", "afoo", false],
  ["\\Boo\\b", "", "foo", true],
  ["^[a-c_]+$", "", "a_c", true],
  ["^[^a-c]+$", "", "xyz", true],
  ["^[^a-c]+$", "", "xbz", false],
  ["^[]$", "", "a", false],
  ["^[^]$", "", "\n", true],
  ["^[\\]\\-]$", "", "-", true],
  ["^[a-]$", "", "-", true],
  ["^[\\w-x]$", "", "-", true],
  ["^[\\b]$", "", "\b", true],
  ["^\\d\\D\\w\\W\\s\\S$", "", "1a_- x", true],
  ["^\\x1a\\u0003\\cZ\\0\\t\\r\\n\\f\\v$", "", "\x1a\x03\x1a\0\t\r\n\f\v", true],
  ["^[\\x00-\\x1f]+$", "", "\x00\x1f", true],
  ["^[A-Z]$", "i", "q", true],
  ["^[^A-Z]$", "i", "q", false],
  ["\\/\\.\\*", "", "/.*", true],
  ["^}]$", "", "}]", true],
  ["é", "i", "É", true],
  ["(?:a*)*b", "", "aaac", false],
  ["(?:\\b)+x", "", "x", true],
  ["\u{1f600}", "", "a\u{1f600}", true],
])("/%s/%s of %j is %s", (source, flags, text, matches) => {
  expect(new RegExp(source, flags).test(text)).toBe(matches);
  expect(new LinearRegexp(source, flags).test(text)).toBe(matches);
});

test.each<[source: string, flags: string, message: RegExp]>([
  ["(?=a)", "", /look-around is not supported, at character 3 of/],
  ["(?!a)", "", /look-around/],
  ["(?<=a)", "", /look-around/],
  ["(?<!a)", "", /look-around/],
  ["(a)\\1", "", /back references are not supported/],
  ["(?<n>a)\\k<n>", "", /back references are not supported/],
  ["(?i:a)", "", /unknown kind of group/],
  ["(a", "", /a \( without its \)/],
  ["a)", "", /a \) without its \(/],
  ["[a", "", /a \[ without its \]/],
  ["[a-", "", /a \[ without its \]/],
  ["a\\", "", /a backslash at the end/],
  ["*a", "", /nothing to repeat before \*/],
  ["{2}", "", /nothing to repeat before \{/],
  ["^*", "", /nothing to repeat before \*/],
  ["a**", "", /nothing to repeat/],
  ["a{3,2}", "", /wrong order/],
  ["[b-a]", "", /wrong order/],
  ["\\q", "", /\\q is not a known escape/],
  ["a{1001}", "", /repeats too often/],
  ["(?:a{100}){100}", "", /too large/],
  ["a".repeat(1001), "", /more than 1000 characters/],
  [`${"(".repeat(60)}${")".repeat(60)}`, "", /nested more than 50 deep/],
  ["a", "g", /the flags g are not of i, m and s/],
  ["a", "ii", /the flags ii/],
])("/%s/%s is refused", (source, flags, message) => {
  expect(() => new LinearRegexp(source, flags)).toThrow(message);
});

/** Expressions of the supported grammar, few characters, so that they match often. */
const expression = fc.letrec<{ node: string; atom: string }>((tie) => ({
  atom: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom("a", "b", "A", ".", "\\w", "\\W", "\\s", "[ab]", "[^a]", "[A-Z\\n]", " ", "\\n"),
    tie("node").map((inner) => `(?:${inner})`),
  ),
  node: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    tie("atom"),
    fc.tuple(tie("atom"), fc.constantFrom("*", "+", "?", "{2}", "{1,2}", "{1,}?", "*?")).map((parts) => parts.join("")),
    fc.tuple(fc.constantFrom("^", "$", "\\b", "\\B", ""), tie("node"), tie("node")).map((parts) => parts.join("")),
    fc.tuple(tie("node"), tie("node")).map((parts) => parts.join("|")),
  ),
})).node;

test("it matches what the matcher of the language matches", () => {
  const text = fc
    .array(fc.constantFrom("a", "b", "A", "B", " ", "\n", "_"), { maxLength: 8 })
    .map((parts) => parts.join(""));
  const flags = fc.constantFrom("", "i", "m", "s", "ims");
  fc.assert(
    fc.property(expression, flags, fc.array(text, { minLength: 1, maxLength: 5 }), (source, given, texts) => {
      const linear = new LinearRegexp(source, given);
      const native = new RegExp(source, given);
      for (const each of texts) expect(linear.test(each)).toBe(native.test(each));
    }),
    { numRuns: 2000 },
  );
});

test.each([["^(?:a+)+$"], ["(?:a|a)*b"], ["(?:a*)*(?:a*)*b"], ["(?:a?){300}a{300}$"]])(
  "/%s/ takes time linear in the text",
  (source) => {
    const regexp = new LinearRegexp(source);
    const time = (length: number) => {
      const text = `${"a".repeat(length)}!`;
      let best = Number.POSITIVE_INFINITY;
      for (let round = 0; round < 5; round++) {
        const start = performance.now();
        expect(regexp.test(text)).toBe(false);
        best = Math.min(best, performance.now() - start);
      }
      return best;
    };
    const [short, long] = [time(500), time(4000)];
    // Eight times the text: linear is 8, quadratic 64.
    expect(long / short).toBeLessThan(24);
  },
);

test("a text is looked at up to its bound", () => {
  const text = "a".repeat(65_536);
  expect(new LinearRegexp("b").test(`${text}b`)).toBe(false);
  expect(new LinearRegexp("a$").test(`${text}b`)).toBe(true);
});
