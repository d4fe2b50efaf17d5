import { parseArgs } from "node:util";
import { UsageError } from "../platform/usage-error.ts";
import { OPTIONS, type OptionDefinition, type OptionName, type Verb } from "../rig/option-table.ts";
import { type CheckedOptions, checkOptions, didYouMean, optionText } from "../rig/options.ts";

/** Options as they were given, by name; and checked, with the defaults of the others. */
export interface ParsedOptions {
  readonly given: Partial<Readonly<Record<OptionName, unknown>>>;
  readonly checked: CheckedOptions;
}

/** Reads and checks the options of a verb. Throws a {@link UsageError} that names the argument at fault. */
export function parseOptions(verb: Verb, argv: readonly string[]): ParsedOptions {
  const accepted = optionsOf(verb);
  const given: Partial<Record<OptionName, unknown>> = {};
  for (const token of tokensOf(argv)) {
    if (token.kind !== "option") {
      const word = token.kind === "positional" ? token.value : "--";
      throw new UsageError(`${verb} takes no argument ${word}; see vmodem ${verb} --help`);
    }
    const { definition, name } = findOption(verb, accepted, token);
    const value = readToken(token, definition);
    const { kind } = definition;
    if (kind.repeatable) given[name] = [...((given[name] as unknown[] | undefined) ?? []), value];
    else if (name in given) throw new UsageError(`${token.rawName} is given twice`, { option: token.rawName });
    else given[name] = value;
  }
  return { given, checked: checkOptions(given, { knows: () => true, write: (name) => `--${optionText(name)}` }) };
}

/** The options that a verb takes, by the name that the command line gives them. */
export function optionsOf(
  verb: Verb,
): ReadonlyMap<string, { readonly name: OptionName; readonly definition: OptionDefinition }> {
  return new Map(
    Object.entries<OptionDefinition>(OPTIONS)
      .filter(([, definition]) => definition.verbs.includes(verb))
      .map(([name, definition]) => [optionText(name), { name: name as OptionName, definition }]),
  );
}

type Token = ReturnType<typeof tokensOf>[number];
type OptionToken = Extract<Token, { readonly kind: "option" }>;

/** Splits the arguments only: what is wrong with them is told here, not in the words of parseArgs. */
function tokensOf(argv: readonly string[]) {
  const options = Object.fromEntries(
    Object.entries<OptionDefinition>(OPTIONS).map(([name, { kind }]) => [
      optionText(name),
      { type: kind.flag ? ("boolean" as const) : ("string" as const) },
    ]),
  );
  return parseArgs({ args: [...argv], options, strict: false, tokens: true }).tokens;
}

function findOption(verb: Verb, accepted: ReturnType<typeof optionsOf>, token: OptionToken) {
  const found = token.rawName.startsWith("--") ? accepted.get(token.name) : undefined;
  if (found !== undefined) return found;
  const others = (["start", "run", "commands"] as const).filter((other) => optionsOf(other).has(token.name));
  if (token.rawName.startsWith("--") && others.length > 0) {
    throw new UsageError(`${token.rawName} goes with ${others.join(" and ")}, not with ${verb}`, {
      option: token.rawName,
    });
  }
  const hint = didYouMean(
    token.rawName,
    [...accepted.keys()].map((name) => `--${name}`),
  );
  throw new UsageError(`unknown option ${token.rawName}${hint || `; see vmodem ${verb} --help`}`, {
    option: token.rawName,
  });
}

function readToken({ rawName, value, inlineValue }: OptionToken, definition: OptionDefinition): unknown {
  const { kind, argument } = definition;
  if (kind.flag) {
    if (value !== undefined) throw new UsageError(`${rawName} takes no value`, { option: rawName });
    return true;
  }
  // `--link --json` lacks a value; `--packet-gap -1` has a wrong one, and `--link=-x` an odd one.
  const looksLikeOption = !inlineValue && value !== undefined && /^-(?![\d.])./.test(value);
  if (value === undefined || value === "" || looksLikeOption) {
    throw new UsageError(`${rawName} needs a value: ${rawName} ${argument}`, { option: rawName });
  }
  return value;
}
