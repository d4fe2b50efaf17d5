// Writes the tables of commands, routes, faults, options and scenarios into the README files of their rooms, between two marks, from the tables
// in dist/. With --check it only says which of them are out of date.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { formsOf } from "../../dist/at/command-definition.js";
import { ALL_COMMANDS } from "../../dist/commands/all-commands.js";
import { ROUTES } from "../../dist/control/routes/routes.js";
import { FAULT_SCHEMA } from "../../dist/faults/kinds.js";
import { OPTIONS } from "../../dist/rig/option-table.js";
import { optionText } from "../../dist/rig/options.js";

const SUFFIXES = { test: "=?", read: "?", write: "=", execute: "exec" };

const SCENARIOS = new URL("../../fixtures/scenarios/", import.meta.url);

/** What every fault may have. */
const COMMON_FIELDS = ["id", "modem", "on", "after", "times", "for", "probability"];

const TABLES = {
  "fixtures/scenarios/README.md": {
    head: ["file", "what a host goes through"],
    rows: readdirSync(SCENARIOS)
      .filter((name) => name.endsWith(".json"))
      .map((name) => [code(name), JSON.parse(readFileSync(new URL(name, SCENARIOS), "utf8")).description]),
  },
  "src/commands/README.md": {
    head: ["command", "forms", "kind", "specified in", "what it does"],
    rows: ALL_COMMANDS.map((command) => [
      code(`AT${command.name}`),
      code(
        formsOf(command)
          .map((form) => SUFFIXES[form])
          .join(" "),
      ),
      command.kind,
      `${command.spec.document} ${command.spec.section}`,
      command.summary,
    ]),
  },
  "src/control/README.md": {
    head: ["route", "what it does", "vmodem ctl"],
    rows: ROUTES.map(({ method, path, summary, ctl = [] }) => [
      code(`${method} ${path}`),
      summary,
      ctl.map(({ words, synopsis }) => code(`${words} ${synopsis}`.trim())).join(", "),
    ]),
  },
  "src/faults/README.md": {
    head: ["kind", "fields", "what goes wrong"],
    rows: FAULT_SCHEMA.anyOf.map(({ description, properties: { kind, ...fields } }) => [
      code(kind.const),
      Object.keys(fields)
        .filter((field) => !COMMON_FIELDS.includes(field))
        .map(code)
        .join(" "),
      description,
    ]),
  },
  "src/rig/README.md": {
    head: ["option", "of", "verbs", "what it does", "default"],
    rows: Object.entries(OPTIONS).map(([name, option]) => [
      code(`--${optionText(name)}${option.argument === undefined ? "" : ` ${option.argument}`}`),
      option.scope,
      option.verbs.join(", "),
      `${option.help}${option.kind.values === undefined ? "" : `: ${option.kind.values.join(", ")}`}`,
      defaultOf(option),
    ]),
  },
};

function defaultOf({ default: value, without = "" }) {
  return typeof value === "string" || typeof value === "number" ? String(value) : without;
}

function code(text) {
  return `\`${text}\``;
}

function markdown({ head, rows }) {
  const lines = [head, head.map(() => "---"), ...rows].map(
    (cells) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |\n`,
  );
  return lines.join("");
}

for (const [name, table] of Object.entries(TABLES)) {
  const file = new URL(`../../${name}`, import.meta.url);
  const text = readFileSync(file, "utf8");
  const [before, , after] = text.split(/(?<=<!-- table -->\n)([\s\S]*?)(?=<!-- \/table -->)/);
  if (after === undefined) throw new Error(`${name} has no place for its table`);
  const updated = `${before}${markdown(table)}${after}`;
  if (!process.argv.includes("--check")) {
    writeFileSync(file, updated);
  } else if (updated !== text) {
    console.error(`The table in ${name} is out of date: run \`npm run readme\`.`);
    process.exitCode = 1;
  }
}
