import { unescaped } from "../codec/quoted-string.ts";

/** A whole number, bare or quoted. Its test response is `(min-max)`, or the list where `values` are given. */
interface IntParameter {
  readonly kind: "int";
  readonly name: string;
  readonly min: number;
  readonly max: number;
  /** The allowed values where they are few, in the order in which the test response lists them. */
  readonly values?: readonly number[];
  readonly optional?: true;
}

/** A string of bytes, one JavaScript character each (latin1). Lengths count bytes. */
interface StringParameter {
  readonly kind: "string";
  readonly name: string;
  readonly maxLength: number;
  /** 1 for a non-empty string; 0 without it. */
  readonly minLength?: number;
  /** Accepted without quotes too, as hosts write paths and PINs. */
  readonly bare?: true;
  /** Refused with a byte above 0x7F or a control character. */
  readonly ascii?: true;
  /** Accepted as `{non-ascii}"hex"` too (decisions 5). */
  readonly nonAscii?: true;
  /** What stands for it in the test response; without it the parameter is not shown there. */
  readonly label?: string;
  /** A password: events show it masked. */
  readonly secret?: true;
  readonly optional?: true;
}

/** One of a few words, bare or quoted, in either case. Its test response is the list. */
interface WordParameter {
  readonly kind: "word";
  readonly name: string;
  readonly values: readonly string[];
  readonly optional?: true;
}

export type Parameter = IntParameter | StringParameter | WordParameter;

type ValueOf<P extends Parameter> = P extends IntParameter
  ? number
  : P extends WordParameter
    ? P["values"][number]
    : string;

/** The typed arguments of a parameter list: an object by parameter name. */
export type ArgumentsOf<L extends readonly Parameter[]> = {
  readonly [P in L[number] as P extends { optional: true } ? never : P["name"]]: ValueOf<P>;
} & {
  readonly [P in L[number] as P extends { optional: true } ? P["name"] : never]?: ValueOf<P>;
};

/** One argument as the host wrote it: the bytes between quotes, or the bare text without spaces around it. */
interface Token {
  readonly text: string;
  /** All of it, with its quotes and spaces. */
  readonly written: string;
  readonly quoted: boolean;
  readonly nonAscii: boolean;
}

/**
 * Parses what follows `=` against the parameters. Gives `undefined` for anything wrong: too many, missing or malformed
 * arguments, a number out of range, a string too long (decisions 1.8).
 */
export function parseArguments(
  text: string,
  parameters: readonly Parameter[],
): ArgumentsOf<readonly Parameter[]> | undefined {
  const tokens = tokenize(text);
  if (tokens === undefined || tokens.length > parameters.length) return undefined;
  const values: Record<string, string | number> = {};
  for (const [index, parameter] of parameters.entries()) {
    const token = tokens[index];
    if (token === undefined || (token.text === "" && !token.quoted)) {
      if (parameter.optional !== true) return undefined;
      continue;
    }
    const value = parseValue(token, parameter);
    if (value === undefined) return undefined;
    values[parameter.name] = value;
  }
  return values;
}

/** What a test command prints for the parameters, or `undefined` where they have nothing to say. */
export function describeRanges(parameters: readonly Parameter[], separator: string): string | undefined {
  const shown = parameters.map(describeRange).filter((range) => range !== undefined);
  return shown.length === 0 ? undefined : shown.join(separator);
}

function describeRange(parameter: Parameter): string | undefined {
  switch (parameter.kind) {
    case "int":
      return `(${parameter.values?.join(",") ?? describeSpan(parameter)})`;
    case "word":
      return `(${parameter.values.join(",")})`;
    case "string":
      return parameter.label;
  }
}

function describeSpan({ min, max }: { readonly min: number; readonly max: number }): string {
  return min === max ? `${min}` : `${min}-${max}`;
}

/** Splits at the commas outside quotes. `undefined`: an unterminated quote, or text beside one. */
function tokenize(text: string): Token[] | undefined {
  const tokens: Token[] = [];
  let rest = text;
  for (;;) {
    const matched = TOKEN.exec(rest);
    if (matched === null) return undefined;
    const quoted = matched[2];
    tokens.push(
      quoted === undefined
        ? { text: (matched[3] ?? "").trim(), written: matched[0], quoted: false, nonAscii: false }
        : { text: unescaped(quoted), written: matched[0], quoted: true, nonAscii: matched[1] !== undefined },
    );
    if (matched[0].length === rest.length) return tokens;
    rest = rest.slice(matched[0].length + 1);
  }
}

/** An optional marker, a quoted string with nothing but spaces around it, or bare text; then a comma or the end. */
const TOKEN = /^ *(?:(\{non-ascii\})? *"([^"]*)" *|([^",]*))(?=,|$)/i;

/** What stands for a secret argument wherever it is shown. */
export const MASK = "***";

/**
 * The arguments as an event shows them: their values in order, `null` for one that is left out, secret ones masked. Where
 * they are wrong their text is shown as it is, or masked as a whole if any of them is secret.
 */
export function showArguments(text: string, parameters: readonly Parameter[]): readonly unknown[] {
  const values: Readonly<Record<string, unknown>> | undefined = parseArguments(text, parameters);
  if (values === undefined) return [maskSecrets(text, parameters)];
  const shown = parameters.map((parameter) => {
    const value = values[parameter.name];
    return value !== undefined && isSecret(parameter) ? MASK : (value ?? null);
  });
  return shown.slice(0, shown.findLastIndex((value) => value !== null) + 1);
}

/** The text of the arguments, with the secret ones masked; masked as a whole where it cannot be told which these are. */
export function maskSecrets(text: string, parameters: readonly Parameter[]): string {
  if (!hasSecret(parameters)) return text;
  if (parseArguments(text, parameters) === undefined) return MASK;
  const tokens = tokenize(text) ?? [];
  return tokens
    .map((token, index) => {
      const parameter = parameters[index];
      if (parameter !== undefined && isSecret(parameter) && token.text !== "") return token.quoted ? `"${MASK}"` : MASK;
      return token.written;
    })
    .join(",");
}

export function hasSecret(parameters: readonly Parameter[]): boolean {
  return parameters.some(isSecret);
}

function isSecret(parameter: Parameter): boolean {
  return parameter.kind === "string" && parameter.secret === true;
}

function parseValue(token: Token, parameter: Parameter): number | string | undefined {
  switch (parameter.kind) {
    case "int":
      return token.nonAscii ? undefined : parseInteger(token.text, parameter);
    case "word":
      return parameter.values.find((word) => word.toUpperCase() === token.text.toUpperCase());
    case "string":
      return parseString(token, parameter);
  }
}

function parseInteger(text: string, { min, max, values }: IntParameter): number | undefined {
  if (!/^\d{1,10}$/.test(text)) return undefined;
  const value = Number(text);
  return (values?.includes(value) ?? (value >= min && value <= max)) ? value : undefined;
}

function parseString(token: Token, parameter: StringParameter): string | undefined {
  const { bare, ascii, nonAscii, minLength = 0, maxLength } = parameter;
  if ((!token.quoted && bare !== true) || (token.nonAscii && nonAscii !== true)) return undefined;
  const value = token.nonAscii ? decodeHexSegments(token.text) : token.text;
  if (value === undefined || value.length < minLength || value.length > maxLength) return undefined;
  return ascii === true && !/^[ -~]*$/.test(value) ? undefined : value;
}

/**
 * Decodes the hexadecimal image of each `/`-separated segment; spaces are ignored, and a segment that decodes with a
 * leading `/` does not double it (decisions 5).
 */
function decodeHexSegments(text: string): string | undefined {
  let decoded = "";
  for (const [index, segment] of text.replaceAll(" ", "").split("/").entries()) {
    if (segment.length % 2 !== 0 || !/^[0-9a-f]*$/i.test(segment)) return undefined;
    const bytes = Buffer.from(segment, "hex").toString("latin1");
    // What ends a line, or a string, in some protocol enters no parameter, not even as a code (decisions 3).
    if (["\0", "\r", "\n"].some((byte) => bytes.includes(byte))) return undefined;
    decoded += index > 0 && !bytes.startsWith("/") ? `/${bytes}` : bytes;
  }
  return decoded;
}
