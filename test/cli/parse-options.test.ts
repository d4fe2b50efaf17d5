import { expect, test } from "vitest";
import { helpText } from "../../src/cli/help.ts";
import { optionsOf, parseOptions } from "../../src/cli/parse-options.ts";
import { UsageError } from "../../src/platform/usage-error.ts";
import type { Verb } from "../../src/rig/option-tables/definition.ts";

const VERBS: readonly Verb[] = ["start", "run", "commands"];
/** A text that no option with a value takes, besides paths. */
const NONSENSE = "! nonsense";
const rows = VERBS.flatMap((verb) =>
  [...optionsOf(verb)].map(([name, { definition }]) => ({ verb, name, definition, kind: definition.kind })),
);
const valued = rows.filter(({ kind }) => !kind.flag);
const flags = rows.filter(({ kind }) => kind.flag);

function refusal(verb: Verb, ...argv: string[]): string {
  try {
    parseOptions(verb, argv);
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    return (error as Error).message;
  }
  throw new Error(`${argv.join(" ")} was accepted`);
}

test.each(valued)("$verb --$name without a value, or with an empty one, is refused", ({ verb, name }) => {
  const message = new RegExp(`^--${name} needs a value: --${name} \\S`);
  expect(refusal(verb, `--${name}`)).toMatch(message);
  expect(refusal(verb, `--${name}=`)).toMatch(message);
  expect(refusal(verb, `--${name}`, "")).toMatch(message);
  expect(refusal(verb, `--${name}`, "--log-level", "warn")).toMatch(message);
});

/** Kinds of options whose values are names: whether there is such a thing shows later. */
const NAMES = ["path", "group", "scenario"];

test.each(valued.filter(({ kind }) => !NAMES.includes(kind.kind)))(
  "$verb --$name with nonsense is refused",
  ({ verb, name }) => {
    expect(refusal(verb, `--${name}`, NONSENSE)).toMatch(new RegExp(`^--${name} ${NONSENSE}: not `));
  },
);

test.each(valued.filter(({ kind }) => kind.min !== undefined))("$verb --$name out of range is refused", (row) => {
  const { min = 0, max = 0 } = row.kind;
  for (const value of [min - 1, max + 1, Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(refusal(row.verb, `--${row.name}`, String(value))).toMatch(
      new RegExp(`^--${row.name} ${value}: not .* from ${min} to ${max}$`),
    );
  }
});

test.each(rows.filter(({ kind }) => !kind.repeatable))("$verb --$name twice is refused", ({ verb, name, kind }) => {
  const once = kind.flag ? [`--${name}`] : [`--${name}`, "1"];
  expect(refusal(verb, ...once, ...once)).toBe(`--${name} is given twice`);
});

test.each(flags)("$verb --$name takes no value", ({ verb, name }) => {
  expect(refusal(verb, `--${name}=yes`)).toBe(`--${name} takes no value`);
});

test.each<[Verb, string[], string]>([
  ["start", ["--boot-tme", "5"], "unknown option --boot-tme; did you mean --boot-time?"],
  ["start", ["--sanbox"], "unknown option --sanbox; did you mean --sandbox?"],
  ["start", ["--nonsense"], "unknown option --nonsense; see vmodem start --help"],
  ["start", ["--no-json"], "unknown option --no-json; did you mean --json?"],
  ["start", ["-x"], "unknown option -x; see vmodem start --help"],
  ["start", ["-j"], "unknown option -j; see vmodem start --help"],
  ["start", ["--bootTime", "5"], "unknown option --bootTime; did you mean --boot-time?"],
  ["start", ["--grace", "5"], "--grace goes with run, not with start"],
  ["run", ["--json"], "--json goes with start, commands and show, not with run"],
  ["run", ["--stdio"], "--stdio goes with start, not with run"],
  ["commands", ["--sandbox"], "--sandbox goes with start, run, compare and learn, not with commands"],
  ["start", ["surplus"], "start takes no argument surplus; see vmodem start --help"],
  ["start", ["--", "surplus"], "start takes no argument --; see vmodem start --help"],
  ["commands", ["all"], "commands takes no argument all; see vmodem commands --help"],
  ["start", ["--tcp", "1", "--stdio"], "--tcp and --stdio exclude each other"],
  ["start", ["--serial", "/d", "--tcp", "1"], "--tcp and --serial exclude each other"],
  ["start", ["--link", "/m", "--stdio"], "--link and --stdio exclude each other"],
  ["start", ["--group", "tty", "--tcp", "1"], "--group and --tcp exclude each other"],
  ["start", ["--baud", "9600"], "--baud goes with --serial"],
])("%s %j is refused: %s", (verb, argv, message) => {
  expect(refusal(verb, ...argv)).toBe(message);
});

test("a value may begin with a dash when it stands behind =", () => {
  expect(parseOptions("start", ["--link=-m"]).checked.link).toBe("-m");
});

test("--resolve is repeatable", () => {
  expect(parseOptions("run", ["--resolve", "a=b", "--resolve=c:1=d:2"]).checked.resolve).toEqual([
    { name: "a", port: undefined, target: { host: "b", port: undefined } },
    { name: "c", port: 1, target: { host: "d", port: 2 } },
  ]);
});

test("without options the defaults hold", () => {
  expect(parseOptions("run", []).checked).toMatchObject({
    sandbox: false,
    seed: undefined,
    grace: 5000,
    untilParentExits: false,
    logLevel: "warn",
  });
});

test.each(VERBS)("the help of %s lists the options that it takes, and no other", (verb) => {
  const listed = [...(helpText(verb) ?? "").matchAll(/^ {2}--(\S+)/gm)].map(([, name]) => name);
  expect(listed).toEqual([...optionsOf(verb).keys()]);
});

test("there is no help on a verb that does not exist", () => {
  expect(helpText("constructor")).toBeUndefined();
});
