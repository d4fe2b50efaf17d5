import { ALL_COMMANDS } from "../../commands/all-commands.ts";
import type { Command } from "../../commands/modem-context.ts";

/** What stands before the cursor of a line. `typed` is the word that ends at the cursor. */
export type Place =
  /** No command line, as far as it goes. */
  | { readonly kind: "nothing"; readonly typed: string }
  /** A `:` command of `ctl`, with the whole words before the one at the cursor. */
  | { readonly kind: "ctl"; readonly words: readonly string[]; readonly typed: string }
  | { readonly kind: "name"; readonly typed: string }
  /** A command with `?` or `=?`. */
  | { readonly kind: "asked"; readonly command: Command; readonly typed: string }
  | { readonly kind: "parameter"; readonly command: Command; readonly index: number; readonly typed: string };

const BY_NAME: ReadonlyMap<string, Command> = new Map(ALL_COMMANDS.map((command) => [command.name, command]));

/** Finds out what the cursor of a line is in. */
export function placeOf(line: string, cursor: number): Place {
  const head = line.slice(0, cursor).trimStart();
  if (head.startsWith(":")) {
    const words = head.slice(1).split(/\s+/);
    return { kind: "ctl", typed: words.pop() ?? "", words };
  }
  const prefix = /^at\s*/i.exec(head);
  if (prefix === null) return { kind: "nothing", typed: head };
  const segment = head.slice(prefix[0].length);
  const last = segment.slice(endOf(segment, ";")).trimStart();
  return /^[+#$*]/.test(last) ? extendedPlace(last) : basicPlace(last);
}

function extendedPlace(text: string): Place {
  const [, name = "", suffix, rest = ""] = /^([+#$*][A-Za-z0-9]*) *(=\s*\?|=|\?)?(.*)$/s.exec(text) ?? [];
  const command = BY_NAME.get(`+${name.slice(1).toUpperCase()}`);
  if (suffix === undefined) return { kind: "name", typed: text };
  if (command === undefined) return { kind: "nothing", typed: text };
  if (suffix.endsWith("?")) return { kind: "asked", command, typed: "" };
  const start = endOf(rest, ",");
  const index = splitOutsideQuotes(rest, ",").length - 1;
  return { kind: "parameter", command, index, typed: rest.slice(start).trimStart() };
}

/** Basic commands run on, so the last one counts; a dial string has no end. */
function basicPlace(text: string): Place {
  const dial = /^(?:[^Dd]*)[Dd](.*)$/s.exec(text);
  const [, name = "", typed = ""] = /([&\\%]?[A-Za-z]|[Ss]\d+=)(\d*)$/.exec(text) ?? [];
  const command = dial === null ? BY_NAME.get(name.replace("=", "").toUpperCase()) : BY_NAME.get("D");
  if (command !== undefined) return { kind: "parameter", command, index: 0, typed: dial?.[1] ?? typed };
  const register = /([Ss]\d+)(\?)?$/.exec(text);
  const asked = BY_NAME.get((register?.[1] ?? "").toUpperCase());
  return asked === undefined ? { kind: "name", typed: text } : { kind: "asked", command: asked, typed: "" };
}

/** Where what follows the last `separator` outside quotes begins. */
function endOf(text: string, separator: string): number {
  return text.length - (splitOutsideQuotes(text, separator).at(-1)?.length ?? 0);
}

function splitOutsideQuotes(text: string, separator: string): readonly string[] {
  const parts = [""];
  let quoted = false;
  for (const character of text) {
    if (character === '"') quoted = !quoted;
    if (character === separator && !quoted) parts.push("");
    else parts[parts.length - 1] += character;
  }
  return parts;
}
