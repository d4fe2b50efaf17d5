import type { OptionDefinition, Verb } from "../rig/option-table.ts";
import { optionsOf } from "./parse-options.ts";

/** The verbs that `help` explains, with their usage and what they do. */
const VERBS: Readonly<Record<Verb, { readonly usage: string; readonly summary: string }>> = {
  start: { usage: "vmodem [start] [OPTIONS]", summary: "start a modem and serve it until SIGINT or SIGTERM" },
  run: {
    usage: "vmodem run [OPTIONS] -- COMMAND...",
    summary: "start a modem, run COMMAND with VMODEM_PORT set to its port, exit with its code",
  },
  commands: { usage: "vmodem commands [--json]", summary: "list the AT commands" },
};

/** What `vmodem --help` prints, or with a verb `vmodem VERB --help`. */
export function helpText(verb?: Verb): string {
  if (verb !== undefined) {
    const { usage, summary } = VERBS[verb];
    return `${usage}\n\n  ${summary}\n\nOptions:\n${optionRows(verb)}`;
  }
  const usages = alignRows(Object.values(VERBS).map(({ usage, summary }) => [usage, summary]));
  const more = "vmodem help [VERB]\nvmodem version".replace(/^/gm, "  ");
  return `vmodem: a SIMCom WCDMA module in software\n\n${usages}${more}\n\nOptions of start (run: vmodem help run):\n${optionRows("start")}`;
}

function optionRows(verb: Verb): string {
  return alignRows(
    [...optionsOf(verb)].map(([name, { definition }]) => [
      `--${name}${definition.argument === undefined ? "" : ` ${definition.argument}`}`,
      describe(definition),
    ]),
  );
}

function describe({ help, kind, without, default: value }: OptionDefinition): string {
  const names = kind.values === undefined ? "" : `: ${kind.values.join(", ")}`;
  const plain = typeof value === "string" || typeof value === "number" ? String(value) : without;
  return `${help}${names}${plain === undefined ? "" : ` (${plain})`}`;
}

function alignRows(rows: readonly (readonly [left: string, right: string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}\n`).join("");
}
