import type { EventBody } from "../platform/events.ts";
import { nearest } from "../platform/nearest.ts";
import type { Command } from "./command-definition.ts";
import { type Invocation, type Parsed, parseCommandLine } from "./command-line.ts";
import type { CommandTable } from "./command-table.ts";
import { findCommand } from "./interpreter.ts";
import { hasSecret, MASK, maskSecrets, showArguments } from "./parameter.ts";
import { describeResult, type Result } from "./result-code.ts";

/** Names of commands, one behind the other, executed or read. */
const NAMES = /^[a-z+;?&]*$/i;

/** A command line with its secret arguments masked. Where a command is written wrongly, all that follows its name is masked. */
export function maskedLine<C>(body: string, table: CommandTable<C>): string {
  // Only arguments are secret, and a line of names alone has none.
  if (NAMES.test(body)) return `AT${body}`;
  let text = "AT";
  let shown = 0;
  parseCommandLine(body, (invocation, start, end) => {
    const parameters = findCommand(table, invocation)?.parameters ?? [];
    if (invocation.form !== "write" || !hasSecret(parameters)) return;
    const tail = body.slice(start, end).trim();
    text += body.slice(shown, start) + (tail.startsWith("=") ? `=${maskSecrets(tail.slice(1), parameters)}` : MASK);
    shown = end;
  });
  return text + body.slice(shown);
}

export function commandEvent<C>(command: Command<C>, invocation: Invocation): EventBody {
  const given = invocation.form === "write" ? showArguments(invocation.argument, command.parameters) : [];
  return { type: "command", name: command.name, form: invocation.form, arguments: given };
}

/** A command that this module does not have. Of one that could not even be read the whole line is shown. */
export function unknownEvent<C>(parsed: Parsed, body: string, table: CommandTable<C>): EventBody {
  if (parsed === "malformed") return { type: "unknown", text: maskedLine(body, table), nearest: [] };
  if (table.lacks(parsed.name)) return { type: "unknown", text: parsed.name, nearest: [], lacking: true };
  const names = table.commands.map(({ name }) => name);
  return { type: "unknown", text: parsed.name, nearest: nearest(parsed.name, names) };
}

export function resultEvent(name: string, result: Result, ms: number): EventBody {
  return { type: "result", name, result: describeResult(result), ms };
}
