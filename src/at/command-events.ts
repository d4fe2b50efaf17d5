import type { EventBody } from "../platform/events.ts";
import { nearest } from "../platform/nearest.ts";
import type { Command } from "./command-definition.ts";
import type { Invocation, Parsed } from "./command-line.ts";
import type { CommandTable } from "./command-table.ts";
import { findCommand } from "./interpreter.ts";
import { maskSecrets, showArguments } from "./parameter.ts";
import { describeResult, type Result } from "./result-code.ts";

/** A command line, with its secret arguments masked. */
export function lineEvent<C>(body: string, commands: readonly Parsed[], table: CommandTable<C>): EventBody {
  let text = "AT";
  let at = 0;
  for (const parsed of commands) {
    const command = findCommand(table, parsed);
    if (command === undefined || parsed === "malformed" || parsed.argument === "") continue;
    const start = body.indexOf(parsed.argument, at);
    if (start < 0) continue;
    text += body.slice(at, start) + maskSecrets(parsed.argument, command.parameters);
    at = start + parsed.argument.length;
  }
  return { type: "line", text: text + body.slice(at) };
}

export function commandEvent<C>(command: Command<C>, invocation: Invocation): EventBody {
  const given = invocation.form === "write" ? showArguments(invocation.argument, command.parameters) : [];
  return { type: "command", name: command.name, form: invocation.form, arguments: given };
}

/** A command that this module does not have. Of one that could not even be read the whole line is shown. */
export function unknownEvent<C>(parsed: Parsed, body: string, table: CommandTable<C>): EventBody {
  if (parsed === "malformed") return { type: "unknown", text: body, nearest: [] };
  const names = table.commands.map(({ name }) => name);
  return { type: "unknown", text: parsed.name, nearest: nearest(parsed.name, names) };
}

export function resultEvent(name: string, result: Result, ms: number): EventBody {
  return { type: "result", name, result: describeResult(result), ms };
}
