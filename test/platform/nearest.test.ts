import { expect, test } from "vitest";
import { nearest } from "../../src/platform/nearest.ts";

const VERBS = ["start", "run", "commands", "help", "version"];

test.each([
  ["strat", VERBS, ["start"]],
  ["start", VERBS, ["start"]],
  ["rnu", VERBS, ["run"]],
  ["comands", VERBS, ["commands"]],
  ["versino", VERBS, ["version"]],
  ["dance", VERBS, []],
  ["", VERBS, []],
  ["abcdefghi", ["abcdefxyz", "abcdxyzvw"], ["abcdefxyz"]],
  ["abd", ["abcd", "abd", "xbd", "dba"], ["abd", "abcd", "xbd"]],
  ["ab", ["ba", "ab", "b", "a"], ["ab", "ba", "b"]],
])("the nearest of %j among %j are %j", (word, among, found) => {
  expect(nearest(word, among)).toEqual(found);
});

test("gives no more than is asked for", () => {
  expect(nearest("ab", ["ab", "ac", "ad"], 1)).toEqual(["ab"]);
});
