import { type CommandForm, formsOf } from "../at/command-definition.ts";
import { ALL_COMMANDS } from "../commands/all-commands.ts";
import type { Command } from "../commands/modem-context.ts";
import { parseOptions } from "./parse-options.ts";

/** How a command is written in each form, as the manual's table 2-1 has it. */
const SUFFIXES: Readonly<Record<CommandForm, string>> = { test: "=?", read: "?", write: "=", execute: "" };

/** `vmodem commands`: the table of AT commands, as text or, with `--json`, for a program. */
export function describeCommands(argv: readonly string[]): string {
  if (parseOptions("commands", argv).checked.json)
    return `${JSON.stringify(ALL_COMMANDS.map(describeForProgram), undefined, 2)}\n`;
  const rows = ALL_COMMANDS.map((command) => [
    `AT${command.name}`,
    formsOf(command)
      .map((form) => SUFFIXES[form] || "(exec)")
      .join(" "),
    command.kind,
    command.needsPin ? "PIN" : "",
    `${command.spec.document} ${command.spec.section}`,
    command.summary,
  ]);
  return alignColumns([["command", "forms", "kind", "needs", "specified in", "what it does"], ...rows]);
}

function describeForProgram(command: Command) {
  const { name, summary, spec, kind, needsPin, parameters } = command;
  return { name: `AT${name}`, summary, spec, kind, needsPin, forms: formsOf(command), parameters };
}

function alignColumns(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join("  ")
          .trimEnd()}\n`,
    )
    .join("");
}
