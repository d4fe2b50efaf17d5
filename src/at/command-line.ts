import { quoted } from "../codec/quoted-string.ts";

/** One command of a command line, as the host wrote it. */
export interface Invocation {
  /** Upper case, with its `*`, or with `+` for any of the prefixes `+`, `#`, `$` (decisions 1.6). */
  readonly name: string;
  readonly form: "test" | "read" | "write" | "execute";
  /** What follows the `=` of a write form; the digits of a basic command. */
  readonly argument: string;
}

/** What the parser reads next: a command, or nothing that could be one. */
export type Parsed = Invocation | "malformed";

const EXTENDED = /([+#$*]) *([A-Z][A-Z0-9]*) */iy;
const S_REGISTER = /S *(\d{1,3}) */iy;
const BASIC = /([&%\\]?[A-Z]) *(\d*) */iy;
/** A dial string, up to a semicolon outside quotes. */
const DIAL = /D((?:[^;"]|"[^"]*"?)*)(;?)/iy;
/** Tables of some hosts hold commands with their AT, and put another before them: ATATS0=1. */
const PREFIXES = /^(?: *AT)*/i;

/**
 * Splits the body of a command line (what follows `AT`) into its commands: basic ones run on, extended ones are separated
 * by semicolons (V.250 5.4). A malformed tail is the last of the list, so that what stands before it still runs. `placed`
 * is called with the place in the line of what follows the name of each extended command.
 */
export function parseCommandLine(
  body: string,
  placed?: (command: Invocation, start: number, end: number) => void,
): readonly Parsed[] {
  const parsed: Parsed[] = [];
  let at = PREFIXES.exec(body)?.[0].length ?? 0;
  const match = (pattern: RegExp) => {
    pattern.lastIndex = at;
    const matched = pattern.exec(body);
    if (matched !== null) at = pattern.lastIndex;
    return matched;
  };
  for (;;) {
    while (body[at] === " " || body[at] === ";") at++;
    if (at >= body.length) return parsed;
    const extended = match(EXTENDED);
    if (extended !== null) {
      const [, prefix, name] = extended;
      const tail = readTail(body, at);
      const command = { name: extendedName(prefix, name), ...tail.form };
      placed?.(command, at, tail.end);
      at = tail.end;
      parsed.push(command);
      continue;
    }
    const register = match(S_REGISTER);
    if (register !== null) {
      const tail = readRegisterTail(body, at);
      at = tail.end;
      parsed.push({ name: `S${Number(register[1])}`, ...tail.form });
      continue;
    }
    const dial = match(DIAL);
    if (dial !== null) {
      parsed.push({ name: "D", form: "write", argument: dialArgument(dial[1], dial[2]) });
      continue;
    }
    const basic = match(BASIC);
    // A basic command has no forms: nothing of it may run when one is asked for.
    if (basic === null || body[at] === "?" || body[at] === "=") {
      parsed.push("malformed");
      return parsed;
    }
    const [, name = "", digits = ""] = basic;
    parsed.push({
      name: name.toUpperCase(),
      form: digits === "" ? "execute" : "write",
      argument: digits,
    });
  }
}

/** `#` and `$` stand for `+`; `*` does not. */
function extendedName(prefix = "+", name = ""): string {
  return `${prefix === "*" ? "*" : "+"}${name.toUpperCase()}`;
}

/** The dial string as a quoted argument, and the semicolon of a voice call as another. */
function dialArgument(digits = "", semicolon = ""): string {
  return semicolon === "" ? quoted(digits) : `${quoted(digits)},${semicolon}`;
}

type Form = Pick<Invocation, "form" | "argument">;

/** What follows the name of an extended command, up to the semicolon that ends it; quotes protect semicolons. */
function readTail(body: string, start: number): { readonly end: number; readonly form: Form } {
  let end = start;
  for (let quoted = false; end < body.length && (quoted || body[end] !== ";"); end++) {
    if (body[end] === '"') quoted = !quoted;
  }
  const tail = body.slice(start, end).trim();
  if (tail === "") return { end, form: { form: "execute", argument: "" } };
  if (tail === "?") return { end, form: { form: "read", argument: "" } };
  if (/^= *\?$/.test(tail)) return { end, form: { form: "test", argument: "" } };
  // Anything else but `=` is a write command with an argument that no parameter list accepts.
  return { end, form: { form: "write", argument: tail.startsWith("=") ? tail.slice(1) : '"' } };
}

/** `S0?`, `S0=5`, `S0=` and `S0` alone; the last two assign the default (manual 2.2). No register answers a test, `S0=?`. */
function readRegisterTail(body: string, start: number): { readonly end: number; readonly form: Form } {
  const pattern = /\?|= *(\?|\d*)/y;
  pattern.lastIndex = start;
  const matched = pattern.exec(body);
  if (matched === null) return { end: start, form: { form: "execute", argument: "" } };
  const end = pattern.lastIndex;
  if (matched[0] === "?") return { end, form: { form: "read", argument: "" } };
  if (matched[1] === "?") return { end, form: { form: "test", argument: "" } };
  return matched[1] === ""
    ? { end, form: { form: "execute", argument: "" } }
    : { end, form: { form: "write", argument: matched[1] ?? "" } };
}
