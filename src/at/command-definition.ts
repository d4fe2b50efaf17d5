import type { CmeError } from "./cme-error.ts";
import { type ArgumentsOf, describeRanges, type Parameter } from "./parameter.ts";
import type { Result } from "./result-code.ts";

/**
 * Who holds the line, and for how long (decisions 2).
 *
 * - `synchronous`: answered at once
 * - `holding`: the line is busy until the final result code
 * - `asynchronous`: the final result code comes later; a new command line is accepted meanwhile
 * - `detached`: `OK` first, the outcome as URCs
 */
export type CommandKind = "synchronous" | "holding" | "asynchronous" | "detached";

/** Where a command is specified. `manual` is the manual that the product implements. */
export interface Specification {
  readonly document: "manual" | "V.250" | "27.005" | "27.007" | "field" | "module";
  readonly section: string;
}

/** The form in which a command was given (manual table 2-1). */
export type CommandForm = "test" | "read" | "write" | "execute";

/**
 * All that is known of a command. Parser, range checks, test command, AT+CLAC, `vmodem commands` and the README read it.
 * A form exists when its handler does; an extended command has a test form in any case. Handlers get typed arguments and
 * a context `C`; they parse no text and print no final result code.
 */
export interface CommandDefinition<C, L extends readonly Parameter[]> {
  /** Upper case, with its `+`, `&` or none: `+CHTTPACT`, `&C`, `E`, `S0`. */
  readonly name: string;
  readonly summary: string;
  readonly spec: Specification;
  readonly kind: CommandKind;
  /** Refused without a ready SIM (manual 1.4, "SIM PIN: YES"). */
  readonly needsPin: boolean;
  readonly parameters: L;
  /** What wrong parameters answer; `ERROR` without it. */
  readonly parameterError?: CmeError;
  /** Between the ranges of the test response; `, ` without it. */
  readonly testSeparator?: string;
  /** Replaces the derived test response: lines, or nothing for `OK` alone. */
  test?(context: C): readonly string[] | Promise<readonly string[]>;
  read?(context: C): Result | Promise<Result>;
  write?(values: ArgumentsOf<L>, context: C): Result | Promise<Result>;
  execute?(context: C): Result | Promise<Result>;
}

/** A definition in a list with others. */
export type Command<C> = CommandDefinition<C, readonly Parameter[]>;

export function isExtended(command: { readonly name: string }): boolean {
  return /^[+*]/.test(command.name);
}

/** The forms in which a command may be given, in the order of the manual's syntax tables. */
export function formsOf(command: Command<never>): readonly CommandForm[] {
  const forms: CommandForm[] = [];
  if (isExtended(command)) forms.push("test");
  if (command.read !== undefined) forms.push("read");
  if (command.write !== undefined) forms.push("write");
  if (command.execute !== undefined) forms.push("execute");
  return forms;
}

/** The lines that `=?` prints before `OK`. */
export function testResponse<C>(command: Command<C>, context: C): readonly string[] | Promise<readonly string[]> {
  if (command.test !== undefined) return command.test(context);
  const ranges = describeRanges(command.parameters, command.testSeparator ?? ", ");
  return ranges === undefined ? [] : [`${command.name}: ${ranges}`];
}
