import { isExtended } from "../../at/command-definition.ts";
import type { Parameter } from "../../at/parameter.ts";
import { ALL_COMMANDS } from "../../commands/all-commands.ts";
import type { Command } from "../../commands/modem-context.ts";
import { referenceOf } from "../../commands/reference/command-reference.ts";
import { nearest } from "../../platform/nearest.ts";
import { explainParameter, parameterName } from "../commands/explanation.ts";
import type { BoundCommand } from "../ctl/arguments.ts";
import { placeOf } from "./place.ts";

/** Names that a hint lists at most. */
const LISTED = 8;

/** The line below the one that is typed: the command at the cursor, and its parameter there with its range. */
export function hintOf(line: string, cursor: number, ctl: readonly BoundCommand[]): string {
  const place = placeOf(line, cursor);
  switch (place.kind) {
    case "nothing":
      return place.typed === ""
        ? "Tab completes, F1 explains, Ctrl-R searches, :help lists what steers the rig, Ctrl-D ends"
        : "";
    case "ctl":
      return ctlHint([...place.words, place.typed], ctl);
    case "name":
      return nameHint(place.typed);
    case "asked":
      return `AT${place.command.name}  ${place.command.summary}`;
    case "parameter":
      return parameterHint(place.command, place.index, place.typed);
  }
}

/** The command that the cursor is in, for the key that explains it. */
export function commandAt(line: string, cursor: number): Command | undefined {
  const place = placeOf(line, cursor);
  if (place.kind === "asked" || place.kind === "parameter") return place.command;
  if (place.kind !== "name") return undefined;
  return ALL_COMMANDS.find(({ name }) => name === place.typed.toUpperCase().trim());
}

function nameHint(typed: string): string {
  const upper = typed.toUpperCase().trim();
  const exact = ALL_COMMANDS.find(({ name }) => name === upper);
  if (exact !== undefined) return `AT${exact.name}  ${exact.summary}`;
  const names = ALL_COMMANDS.map(({ name }) => name);
  const starting = names.filter((name) => name.startsWith(upper));
  if (starting.length === 0) {
    const close = nearest(upper, names);
    return close.length === 0 ? "no such command" : `no such command; nearest: ${close.join(" ")}`;
  }
  const more = starting.length > LISTED ? ` and ${starting.length - LISTED} more` : "";
  return `${starting.slice(0, LISTED).join(" ")}${more}`;
}

/** `AT+CFTPMODE=[mode]  mode: 0, 1 (0 active, 1 passive)`: brackets mark the parameter at the cursor. */
function parameterHint(command: Command, index: number, typed: string): string {
  const { name, parameters } = command;
  const at = parameters[index];
  const names = parameters.map((parameter, place) => {
    const shown = parameterName(parameter, place);
    return place === index ? `[${shown}]` : shown;
  });
  const syntax = `AT${name}${isExtended(command) ? "=" : " "}${names.join(",")}`;
  if (at === undefined) return `${syntax}  ${parameters.length === 0 ? "takes no parameter" : "too many parameters"}`;
  const { range, meaning, values, optional } = explainParameter(at, referenceOf(name));
  const few = Object.entries(values).map(([value, text]) => `${value} ${text}`);
  const notes = [meaning, few.length === 0 ? undefined : few.join(", "), optional ? "may be left out" : undefined];
  const wrong = isWrong(at, typed) ? "not one of: " : "";
  return `${syntax}  ${wrong}${[few.length > 0 && wrong === "" ? undefined : range, ...notes].filter((note) => note !== undefined).join("; ")}`;
}

/** Whether what is typed cannot become a value any more. */
function isWrong(parameter: Parameter, typed: string): boolean {
  if (typed === "" || parameter.kind === "string") return false;
  const bare = typed.replace(/^"|"$/g, "").toUpperCase();
  if (parameter.kind === "word") return !parameter.values.some((word) => word.toUpperCase().startsWith(bare));
  if (!/^\d+$/.test(bare)) return true;
  if (parameter.values !== undefined) return !parameter.values.some((value) => String(value).startsWith(bare));
  return Number(bare) > parameter.max;
}

function ctlHint(words: readonly string[], ctl: readonly BoundCommand[]): string {
  const typed = words.join(" ").trim();
  const starting = ctl.filter(
    ({ command }) => command.words.startsWith(typed) || `${typed} `.startsWith(`${command.words} `),
  );
  const longest = starting.toSorted((a, b) => b.command.words.length - a.command.words.length);
  const exact = longest.find(({ command }) => `${typed} `.startsWith(`${command.words} `));
  if (exact === undefined) {
    const names = [...new Set(starting.map(({ command }) => command.words))];
    return names.length === 0 ? "no such command; :help lists them" : names.slice(0, 2 * LISTED).join("  ");
  }
  const { command, route } = exact;
  return `:${[command.words, command.synopsis].join(" ").trim()}  ${route.summary}`;
}
