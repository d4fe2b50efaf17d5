import type { CtlArguments, CtlCommand, Route } from "../../control/route.ts";
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

export interface CtlLine {
  readonly bound: BoundCommand | undefined;
  readonly words: readonly string[];
  readonly options: CtlArguments["options"];
}

/**
 * Takes a command line of `vmodem ctl` apart. The command is the one with the most words at its start.
 *
 * @throws UsageError for an option that the command does not take, or one without its value
 */
export function parseCtlLine(argv: readonly string[], commands: readonly BoundCommand[]): CtlLine {
  const bound = findCommand(argv, commands);
  const takes = bound?.command.fields === true ? undefined : { ...COMMON_OPTIONS, ...bound?.command.options };
  const kindOf = (name: string) => (takes === undefined ? (COMMON_OPTIONS[name] ?? "VALUE") : takes[name]);
  const words: string[] = [];
  const options: Record<string, string | true> = {};
  const rest = [...argv];
  for (let given = rest.shift(); given !== undefined; given = rest.shift()) {
    const name = optionIn(given);
    if (name === undefined) words.push(given);
    else options[name] = readOption(name, kindOf(name), given, rest);
  }
  return { bound, words: words.slice(bound?.command.words.split(" ").length ?? 0), options };
}

/** The name of the option that an argument gives, or `undefined` for a word. */
function optionIn(argument: string): string | undefined {
  if (argument === "-f") return "follow";
  return /^--([^=]+)/.exec(argument)?.[1];
}

/** The value of an option: behind its `=`, or the next argument, which is taken from `rest`. */
function readOption(name: string, kind: string | true | undefined, given: string, rest: string[]): string | true {
  if (kind === undefined) throw new UsageError(`ctl: unknown option --${name}`);
  const inline = /^--[^=]+=(.*)$/s.exec(given)?.[1];
  if (kind === true) {
    if (inline !== undefined) throw new UsageError(`ctl: --${name} takes no value`);
    return true;
  }
  const value = inline ?? rest.shift();
  if (value === undefined) throw new UsageError(`ctl: --${name} needs ${kind}`);
  return value;
}

function findCommand(argv: readonly string[], commands: readonly BoundCommand[]): BoundCommand | undefined {
  const words = argv.filter((word) => !word.startsWith("-"));
  const starts = commands.filter(({ command }) =>
    command.words.split(" ").every((word, index) => words[index] === word),
  );
  return starts.toSorted((a, b) => b.command.words.length - a.command.words.length)[0];
}
