import { type CommandForm, formsOf, isExtended } from "../../at/command-definition.ts";
import type { Parameter } from "../../at/parameter.ts";
import type { Command } from "../../commands/modem-context.ts";
import { type CommandReference, type ExampleStep, referenceOf } from "../../commands/reference/command-reference.ts";
import { dialectNotes } from "../../commands/reference/dialect-notes.ts";
import { IDENTITIES } from "../../module/identity.ts";
import { ExampleModule, type Exchange } from "./example.ts";

/** All that is said of one command. */
export interface Explanation {
  readonly name: string;
  readonly summary: string;
  readonly spec: Command["spec"];
  readonly kind: Command["kind"];
  readonly needsPin: boolean;
  /** The syntax of each form, and what it answers. */
  readonly forms: readonly {
    readonly form: CommandForm;
    readonly syntax: string;
    readonly answer: readonly string[];
  }[];
  readonly parameters: readonly ExplainedParameter[];
  readonly responses: readonly string[];
  /** Each code with its occasion. */
  readonly codes: Readonly<Record<string, string>>;
  readonly urcs: Readonly<Record<string, string>>;
  readonly example: readonly Exchange[];
  /** How it differs in the dialect `field`. */
  readonly field: readonly string[];
  /** The identities that lack it. */
  readonly lackedBy: readonly string[];
}

export interface ExplainedParameter {
  readonly name: string;
  readonly optional: boolean;
  readonly range: string;
  readonly meaning: string | undefined;
  /** What each value means, where these are few. */
  readonly values: Readonly<Record<string, string>>;
}

/** Explains a command; its example, test and read form run on a module of their own meanwhile. */
export async function explainCommand(command: Command): Promise<Explanation> {
  // A bundle keeps `await using` as it is, and Node 20 does not know it.
  const module = await ExampleModule.start();
  try {
    return await explainOn(module, command);
  } finally {
    await module.close();
  }
}

async function explainOn(module: ExampleModule, command: Command): Promise<Explanation> {
  const { name, summary, spec, kind, needsPin } = command;
  const reference = referenceOf(name);
  return {
    name: `AT${name}`,
    summary,
    spec,
    kind,
    needsPin,
    forms: await explainForms(command, module),
    parameters: command.parameters.map((parameter) => explainParameter(parameter, reference)),
    responses: reference.responses ?? (isSetting(command) ? [`${name}: <value>`] : []),
    codes: codesOf(command, reference),
    urcs: reference.urcs ?? {},
    example: await runExample(command, module),
    field: dialectNotes(name, "field"),
    lackedBy: Object.entries(IDENTITIES)
      .filter(([, { lacks }]) => (lacks as readonly string[]).includes(name))
      .map(([identity]) => identity),
  };
}

/** The name of a parameter as the syntax shows it. */
export function parameterName({ name }: Parameter, index: number): string {
  return /^\w+$/.test(name) ? name : `n${index + 1}`;
}

/** `AT+CFTPGET=<path>[,<offset>]`. */
function syntaxOf(command: Command, form: CommandForm): string {
  const { name, parameters } = command;
  const { syntax } = referenceOf(name);
  if (form === "write" && syntax !== undefined) return syntax;
  if (form !== "write") return `AT${name}${{ test: "=?", read: "?", execute: "" }[form]}`;
  const shown = parameters
    .map((parameter, index) => {
      const text = `${index === 0 ? "" : ","}<${parameterName(parameter, index)}>`;
      return parameter.optional === true ? `[${text}]` : text;
    })
    .join("");
  return `AT${name}${isExtended(command) || /^S\d/.test(name) ? "=" : ""}${shown}`;
}

export function explainParameter(parameter: Parameter, { parameters = {} }: CommandReference): ExplainedParameter {
  const meaning = parameters[parameter.name];
  return {
    name: parameter.name,
    optional: parameter.optional === true,
    range: rangeOf(parameter),
    meaning: typeof meaning === "string" ? meaning : undefined,
    values: typeof meaning === "object" ? meaning : {},
  };
}

function rangeOf(parameter: Parameter): string {
  switch (parameter.kind) {
    case "int":
      return (
        parameter.values?.join(", ") ??
        (parameter.min === parameter.max ? `${parameter.min}` : `${parameter.min} to ${parameter.max}`)
      );
    case "word":
      return parameter.values.map((word) => (/^\w+$/.test(word) ? word : JSON.stringify(word))).join(", ");
    case "string": {
      const { minLength = 0, maxLength, ascii, bare, nonAscii } = parameter;
      const notes = [
        ascii === true ? ["ASCII only"] : [],
        bare === true ? ["quotes may be left out"] : [],
        nonAscii === true ? ['also {non-ascii}"hex"'] : [],
      ].flat();
      return [`string of ${minLength} to ${maxLength} bytes`, ...notes].join(", ");
    }
  }
}

/** A command that only sets and reads one number. */
function isSetting({ name, parameters, read }: Command): boolean {
  return isExtended({ name }) && read !== undefined && parameters.length === 1 && parameters[0]?.name === "value";
}

function codesOf({ parameterError, parameters, needsPin, spec }: Command, { codes = {} }: CommandReference) {
  const pin = spec.document === "27.005" ? "+CMS ERROR: 310 to 316" : "+CME ERROR: 10 to 14";
  return {
    ...(parameters.length === 0
      ? {}
      : { [parameterError === undefined ? "ERROR" : `+CME ERROR: ${parameterError.cme}`]: "a parameter is wrong" }),
    ...(needsPin ? { [pin]: "the SIM is missing, or asks for its PIN or PUK" } : {}),
    ...codes,
  };
}

async function explainForms(command: Command, module: ExampleModule): Promise<Explanation["forms"]> {
  const forms: Explanation["forms"][number][] = [];
  for (const form of formsOf(command)) {
    const syntax = syntaxOf(command, form);
    // These two change nothing, so that their real answer can be shown.
    const runs = form === "test" || form === "read";
    forms.push({ form, syntax, answer: runs ? (await module.run(syntax, undefined)).module : [] });
  }
  return forms;
}

async function runExample(command: Command, module: ExampleModule): Promise<readonly Exchange[]> {
  const { example, entry } = referenceOf(command.name);
  const exchanges: Exchange[] = [];
  for (const step of example ?? derivedExample(command)) {
    // The data of an earlier step may be those of a file that the example needs.
    const asked = exchanges.at(-1)?.host ?? "";
    const kind = asked.startsWith(`AT${command.name}`) ? entry : "counted";
    exchanges.push(await module.run(step, kind));
  }
  return exchanges;
}

/** An example of a command that has none of its own. */
function derivedExample(command: Command): readonly ExampleStep[] {
  const { name, parameters } = command;
  const forms = formsOf(command);
  const [first] = parameters;
  if (
    isExtended(command) &&
    forms.includes("read") &&
    forms.includes("write") &&
    first?.kind === "int" &&
    parameters.length === 1
  ) {
    return [`AT${name}?`, `AT${name}=${first.values?.[0] ?? first.min}`];
  }
  const form = (["read", "execute", "test"] as const).find((wanted) => forms.includes(wanted));
  if (form !== undefined) return [syntaxOf(command, form)];
  return [`AT${name}${first?.kind === "int" ? first.min : ""}`];
}
