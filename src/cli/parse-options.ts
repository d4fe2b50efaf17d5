import { parseArgs } from "node:util";
import { didYouMean } from "../platform/nearest.ts";
import { UsageError } from "../platform/usage-error.ts";
import { OPTIONS, type OptionName } from "../rig/option-table.ts";
import { type OptionDefinition, VERBS, type Verb } from "../rig/option-tables/definition.ts";
import { type CheckedOptions, checkOptions, optionText } from "../rig/options.ts";

/** Options as they were given, by name; and checked, with the defaults of the others. */
export interface GivenOptions {
  readonly given: Partial<Readonly<Record<OptionName, unknown>>>;
  readonly checked: CheckedOptions;
}

/** The same, with the operands of a verb. */
export interface ParsedOptions extends GivenOptions {
  /** What was given besides options, as many as were asked for. */
  readonly operands: readonly string[];
}

/**
 * Reads and checks the options of a verb, and its operands, which have these names. Throws a {@link UsageError} that names
 * the argument at fault.
 */
export function parseOptions(verb: Verb, argv: readonly string[], operandNames: readonly string[] = []): ParsedOptions {
  const accepted = optionsOf(verb);
  const given: Partial<Record<OptionName, unknown>> = {};
  const operands: string[] = [];
  for (const token of tokensOf(argv)) {
    if (token.kind !== "option") {
      operands.push(token.kind === "positional" ? token.value : "--");
      continue;
    }
    const { definition, name } = findOption(verb, accepted, token);
    const value = readToken(token, definition);
    const { kind } = definition;
    if (kind.repeatable) given[name] = [...((given[name] as unknown[] | undefined) ?? []), value];
    else if (name in given) throw new UsageError(`${token.rawName} is given twice`, { option: token.rawName });
    else given[name] = value;
  }
  checkOperands(verb, operands, operandNames);
  const knows = (_: OptionName, { verbs }: OptionDefinition) => verbs.includes(verb);
  const checked = checkOptions(given, { knows, write: (name) => `--${optionText(name)}` });
  return { given, checked, operands };
}

function checkOperands(verb: Verb, operands: readonly string[], names: readonly string[]): void {
  const missing = names[operands.length];
  if (missing !== undefined) throw new UsageError(`${verb} needs ${missing}; see vmodem ${verb} --help`);
  const surplus = operands[names.length];
  if (surplus === undefined) return;
  const others = names.length === 0 ? "" : ` besides ${names.join(" and ")}`;
  throw new UsageError(`${verb} takes no argument ${surplus}${others}; see vmodem ${verb} --help`);
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
    Object.entries<OptionDefinition>(OPTIONS).map(([name, { kind, short }]) => [
      optionText(name),
      { type: kind.flag ? ("boolean" as const) : ("string" as const), ...(short === undefined ? {} : { short }) },
    ]),
  );
  return parseArgs({ args: [...argv], options, strict: false, tokens: true }).tokens;
}

function findOption(verb: Verb, accepted: ReturnType<typeof optionsOf>, token: OptionToken) {
  const isKnown =
    token.rawName.startsWith("--") || accepted.get(token.name)?.definition.short === token.rawName.slice(1);
  const found = isKnown ? accepted.get(token.name) : undefined;
  if (found !== undefined) return found;
  const others = VERBS.filter((other) => optionsOf(other).has(token.name));
  if (token.rawName.startsWith("--") && others.length > 0) {
    throw new UsageError(`${token.rawName} goes with ${listed(others)}, not with ${verb}`, {
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

/** `a, b and c`. */
function listed(words: readonly string[]): string {
  return [words.slice(0, -1).join(", "), ...words.slice(-1)].filter(Boolean).join(" and ");
}
