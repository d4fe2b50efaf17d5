import { describe, expect, test } from "vitest";
import { VirtualClock } from "../../src/platform/time/virtual-clock.ts";
import { type ExpectationSet, Expectations } from "../../src/rig/expectations.ts";
import { Journal } from "../../src/rig/journal.ts";

/** The problems of a set, after URCs of these texts; the first two come before the set follows the journal. */
function problems(set: ExpectationSet, texts: readonly string[], size?: number): readonly (string | undefined)[] {
  const journal = new Journal({ clock: new VirtualClock(), ...(size === undefined ? {} : { size }) });
  const emit = (text: string) => journal.port("m1").emit({ type: "urc", text });
  texts.slice(0, 2).forEach(emit);
  const expectations = new Expectations(set);
  expectations.follow(journal);
  texts.slice(2).forEach(emit);
  return expectations.verdicts().map(({ problem }) => problem);
}

const urc = (text: string) => ({ type: "urc", text });

describe("what is met", () => {
  test.each<[string, ExpectationSet, readonly string[]]>([
    ["some", { some: [urc("a"), urc("c")] }, ["a", "b", "c"]],
    ["never", { never: [urc("z")] }, ["a", "b"]],
    ["a sequence with others between", { sequence: [urc("a"), urc("c"), urc("c")] }, ["a", "b", "c", "a", "c"]],
    ["nothing is expected", {}, ["a"]],
  ])("%s", (_, set, texts) => {
    expect(problems(set, texts).filter((problem) => problem !== undefined)).toEqual([]);
  });

  test("events that the journal has evicted since count", () => {
    const texts = Array.from({ length: 100 }, (_, index) => `${index}`);
    expect(problems({ some: [urc("3")], sequence: [urc("5"), urc("99")] }, texts, 500)).toEqual([undefined, undefined]);
  });
});

describe("what is not met says why", () => {
  test.each<[string, ExpectationSet, readonly string[], readonly RegExp[]]>([
    ["nothing of the type", { some: [{ type: "mail" }] }, ["a"], [/^no event matched; no event of that type came$/]],
    [
      "near misses",
      { some: [urc("x")] },
      ["a", "b"],
      [/these came closest:\n {2}\{"seq":2.*\n {4}\/text is "b", not "x"\n {2}\{"seq":1/],
    ],
    ["an event that must not come", { never: [urc("b")] }, ["a", "b"], [/^one event matched:\n {2}\{"seq":2/]],
    ["several of them", { never: [urc("b")] }, ["b", "b", "b"], [/^3 events matched, first\n {2}\{"seq":1/]],
    [
      "a sequence in the wrong order",
      { sequence: [urc("b"), urc("a")] },
      ["a", "b", "c"],
      [
        /^1 of 2 came; then no event matched \{"type":"urc","text":"a"\} after event 2; these came closest:\n {2}\{"seq":3/,
      ],
    ],
    ["one event for two steps", { sequence: [urc("a"), urc("a")] }, ["a"], [/^1 of 2 came/]],
  ])("%s", (_, set, texts, said) => {
    const found = problems(set, texts);
    expect(found).toHaveLength(said.length);
    for (const [index, text] of said.entries()) expect(found[index]).toMatch(text);
  });
});

describe("a wrong set is refused with the field", () => {
  test.each<[unknown, string]>([
    [null, "the pattern: not an object"],
    [[], "the pattern: not an object"],
    [{ sums: [] }, "/sums: did you mean some?"],
    [{ whatever: [] }, "/whatever: not one of some, never, sequence"],
    [{ some: {} }, "/some: not a list of patterns"],
    [{ never: [{ type: "urc" }, { type: "ulc" }] }, '/never/1/type: no event has the type "ulc"; did you mean urc?'],
    [{ sequence: ["urc"] }, "/sequence/0: not an object"],
    [{ some: [{ ms: { min: 2, max: 1 } }] }, "/some/0/ms: min is above max"],
    [{ some: Array.from({ length: 501 }, () => ({})) }, "/some: more than 500 patterns"],
  ])("%j", (set, message) => {
    expect(() => new Expectations(set)).toThrow(message);
  });
});
