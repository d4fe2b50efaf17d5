import { type CommandForm, formsOf } from "../../at/command-definition.ts";
import { ALL_COMMANDS } from "../../commands/all-commands.ts";
import type { Command } from "../../commands/modem-context.ts";
import { nearest } from "../../platform/nearest.ts";
import { UsageError } from "../../platform/usage-error.ts";
import { parseOptions } from "../parse-options.ts";

/** How a command is written in each form, as the manual's table 2-1 has it. */
const SUFFIXES: Readonly<Record<CommandForm, string>> = { test: "=?", read: "?", write: "=", execute: "" };

/** `vmodem commands`: the table of AT commands, or an explanation of those that are named; as text or as JSON for programs. */
export async function describeCommands(argv: readonly string[]): Promise<string> {
  const isName = (word: string) => !word.startsWith("-");
  const { json } = parseOptions(
    "commands",
    argv.filter((word) => !isName(word)),
  ).checked;
  const named = argv.filter(isName).map(findCommand);
  if (named.length === 0) return json ? jsonText(ALL_COMMANDS.map(describeForProgram)) : commandList();
  const { explainCommand } = await import("./explanation.ts");
  const { explanationText } = await import("./explanation-text.ts");
  const explained = await Promise.all(named.map(explainCommand));
  if (!json) return explained.map(explanationText).join("\n");
  return jsonText(explained.length === 1 ? explained[0] : explained);
}

/**
 * The command of a name, which may be written with `AT` or without its `+`.
 *
 * @throws UsageError with the nearest names
 */
function findCommand(given: string): Command {
  const upper = given.toUpperCase();
  const spellings = [upper, upper.replace(/^AT/, ""), `+${upper}`];
  const found = spellings.flatMap((spelling) => ALL_COMMANDS.filter(({ name }) => name === spelling));
  if (found[0] !== undefined) return found[0];
  const names = ALL_COMMANDS.map(({ name }) => name);
  const meant = [...new Set(spellings.flatMap((spelling) => nearest(spelling, names)))].slice(0, 3);
  const hint =
    meant.length === 0 ? "vmodem commands lists them" : `did you mean ${meant.map((name) => `AT${name}`).join(", ")}?`;
  throw new UsageError(`there is no command ${given}; ${hint}`);
}

function jsonText(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

function commandList(): string {
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
