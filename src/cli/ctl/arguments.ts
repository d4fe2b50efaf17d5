import type { CtlArguments, CtlCommand, Route } from "../../control/route.ts";
import { nearest } from "../../platform/nearest.ts";
import { UsageError } from "../../platform/usage-error.ts";

/** A command of `vmodem ctl`, with the route that it calls. */
export interface BoundCommand {
  readonly route: Route;
  readonly command: CtlCommand;
}

/** The commands of a table of routes, in its order. */
export function ctlCommands(routes: readonly Route[]): readonly BoundCommand[] {
  return routes.flatMap((route) => (route.ctl ?? []).map((command) => ({ route, command })));
}

/** Options that every command takes; `true` where no value follows. */
const COMMON_OPTIONS: Readonly<Record<string, string | true>> = {
  control: "ADDRESS",
  "control-token": "TOKEN",
  text: true,
  help: true,
};

type Options = CtlArguments["options"];

export interface CtlLine {
  readonly bound: BoundCommand | undefined;
  /** What follows the words of the command. */
  readonly words: readonly string[];
  /** The options of the command. */
  readonly own: Options;
  /** The options that every command takes. */
  readonly common: Options;
}

/**
 * Takes a command line of `vmodem ctl` apart. The command is the one with the most words at its start; what follows `--` is
 * no option.
 *
 * @throws UsageError for an option that the command does not take, or one without its value
 */
export function parseCtlLine(argv: readonly string[], commands: readonly BoundCommand[]): CtlLine {
  const bound = findCommand(split(argv, anyOption(commands)).words, commands);
  const takes = new Map([...Object.entries(COMMON_OPTIONS), ...Object.entries(bound?.command.options ?? {})]);
  const { words, options } = split(argv, takes);
  // A command may have an option of its own by that name: the text of a reply.
  const isCommon = ([name]: readonly [string, unknown]) =>
    Object.hasOwn(COMMON_OPTIONS, name) && !Object.hasOwn(bound?.command.options ?? {}, name);
  for (const { name, kind, value } of options) checkOption(name, kind, value);
  const values = options.map(({ name, value }) => [name, value ?? true] as const);
  const twice = values.find(([name], index) => values.findIndex(([other]) => other === name) < index);
  if (twice !== undefined) throw new UsageError(`ctl: --${twice[0]} is given twice`);
  return {
    bound,
    words: words.slice(bound?.command.words.split(" ").length ?? 0),
    own: Object.fromEntries(values.filter((option) => !isCommon(option))),
    common: Object.fromEntries(values.filter(isCommon)),
  };
}

/**
 * Checks that a command got as many words as its synopsis names.
 *
 * @throws UsageError
 */
export function checkWords({ words, synopsis }: CtlCommand, given: readonly string[]): void {
  const names = synopsis === "" ? [] : synopsis.split(" ");
  const needed = names.filter((name) => !name.startsWith("["));
  if (given.length < needed.length) throw new UsageError(`ctl ${words} needs ${needed.slice(given.length).join(" ")}`);
  if (given.length <= names.length || synopsis.endsWith("...")) return;
  throw new UsageError(`ctl ${words} takes no argument ${given[names.length]}; see vmodem ctl ${words} --help`);
}

/** The commands that may be meant by words that are none. */
export function unknownCommand(given: readonly string[], commands: readonly BoundCommand[]): UsageError {
  const names = commands.map(({ command }) => command.words);
  const [first] = given;
  if (first === undefined) return new UsageError(`ctl needs a command: ${names.join(", ")}`);
  const [meant] = [...nearest(given.slice(0, 2).join(" "), names), ...nearest(first, names)];
  return new UsageError(
    `ctl: unknown command ${first}; ${meant === undefined ? "see vmodem ctl --help" : `did you mean ${meant}?`}`,
  );
}

interface GivenOption {
  readonly name: string;
  /** What it takes: a value of this name, or none (`true`); `undefined` for an option that is not known. */
  readonly kind: string | true | undefined;
  readonly value: string | undefined;
}

function split(argv: readonly string[], takes: ReadonlyMap<string, string | true>) {
  const words: string[] = [];
  const options: GivenOption[] = [];
  const rest = [...argv];
  for (let given = rest.shift(); given !== undefined; given = rest.shift()) {
    const [, name, inline] = /^--([^=]+)(?:=(.*))?$/s.exec(SHORT.get(given) ?? given) ?? [];
    if (given === "--") words.push(...rest.splice(0));
    else if (name === undefined) words.push(given);
    else {
      const kind = takes.get(name);
      options.push({ name, kind, value: inline ?? (typeof kind === "string" ? rest.shift() : undefined) });
    }
  }
  return { words, options };
}

const SHORT: ReadonlyMap<string, string> = new Map([
  ["-f", "--follow"],
  ["-h", "--help"],
]);

function checkOption(name: string, kind: string | true | undefined, value: string | undefined): void {
  if (kind === undefined) throw new UsageError(`ctl: unknown option --${name}`);
  if (kind === true && value !== undefined) throw new UsageError(`ctl: --${name} takes no value`);
  if (kind !== true && value === undefined) throw new UsageError(`ctl: --${name} needs ${kind}`);
}

/** The options of all commands: enough to tell words from values before the command is known. */
function anyOption(commands: readonly BoundCommand[]): ReadonlyMap<string, string | true> {
  const own = commands.flatMap(({ command }) => Object.entries(command.options ?? {}));
  return new Map([...own, ...Object.entries(COMMON_OPTIONS)]);
}

function findCommand(words: readonly string[], commands: readonly BoundCommand[]): BoundCommand | undefined {
  const starts = commands.filter(({ command }) =>
    command.words.split(" ").every((word, index) => words[index] === word),
  );
  return starts.toSorted((a, b) => b.command.words.length - a.command.words.length)[0];
}
