import { formsOf } from "../../at/command-definition.ts";
import type { Parameter } from "../../at/parameter.ts";
import { ALL_COMMANDS } from "../../commands/all-commands.ts";
import type { Command } from "../../commands/modem-context.ts";
import { referenceOf } from "../../commands/reference/command-reference.ts";
import { explainParameter } from "../commands/explanation.ts";
import type { BoundCommand } from "../ctl/arguments.ts";
import { placeOf } from "./place.ts";

/** What a word can be completed to. */
export interface Candidate {
  readonly text: string;
  readonly note: string;
}

/** What completion does with a line: so many characters before the cursor give way to a text, or a choice is shown. */
export interface Completion {
  readonly remove: number;
  readonly insert: string;
  /** To be shown where there is a choice. */
  readonly choice: readonly Candidate[];
}

/** Completes the word before the cursor: names of commands, their forms, values of parameters, commands of `ctl`. */
export function complete(line: string, cursor: number, ctl: readonly BoundCommand[]): Completion {
  const place = placeOf(line, cursor);
  const { typed } = place;
  const found = candidates(place, ctl).filter(({ text }) => text.toUpperCase().startsWith(typed.toUpperCase()));
  const common = commonStart(found.map(({ text }) => text));
  // What the user wrote stays, unless there is more to add to it.
  const isMore = common.length > typed.length;
  const only = found.length === 1;
  const insert = only && place.kind === "ctl" ? `${common} ` : common;
  return {
    remove: isMore || only ? typed.length : 0,
    insert: isMore || only ? insert : "",
    choice: only || isMore ? [] : found,
  };
}

function candidates(place: ReturnType<typeof placeOf>, ctl: readonly BoundCommand[]): readonly Candidate[] {
  switch (place.kind) {
    case "nothing":
      return place.typed === "" || /^a$/i.test(place.typed) ? [{ text: "AT", note: "a command line" }] : [];
    case "ctl":
      return ctlCandidates(place.words, place.typed, ctl);
    case "name":
      return nameCandidates(place.typed);
    case "asked":
      return [];
    case "parameter":
      return valueCandidates(place.command.parameters[place.index], place.command, place.typed);
  }
}

/** The names; and the forms of a name that is complete. */
function nameCandidates(typed: string): readonly Candidate[] {
  const upper = typed.trimEnd().toUpperCase();
  const names = ALL_COMMANDS.filter(({ name }) => name.startsWith(upper));
  const exact = names.find(({ name }) => name === upper);
  const others = names.map(({ name, summary }) => ({ text: name, note: summary }));
  if (exact === undefined) return others;
  return [...formCandidates(exact), ...others.filter(({ text }) => text !== upper)];
}

const FORMS = {
  test: { suffix: "=?", note: "ranges" },
  read: { suffix: "?", note: "the current values" },
  write: { suffix: "=", note: "sets, or acts" },
  execute: { suffix: "", note: "acts" },
} as const;

function formCandidates(command: Command): readonly Candidate[] {
  return formsOf(command).map((form) => ({ text: `${command.name}${FORMS[form].suffix}`, note: FORMS[form].note }));
}

function valueCandidates(parameter: Parameter | undefined, command: Command, typed: string): readonly Candidate[] {
  if (parameter === undefined) return [];
  const { values } = explainParameter(parameter, referenceOf(command.name));
  const listed = parameter.kind === "string" ? undefined : parameter.values?.map(String);
  const quote = typed.startsWith('"') ? '"' : "";
  return (listed ?? Object.keys(values)).map((value) => ({
    text: `${quote}${value}${quote}`,
    note: values[value] ?? "",
  }));
}

function ctlCandidates(words: readonly string[], typed: string, ctl: readonly BoundCommand[]): readonly Candidate[] {
  const before = words.map((word) => `${word} `).join("");
  const found = new Map<string, string>();
  for (const { route, command } of ctl) {
    if (command.words.startsWith(before)) {
      const [next = ""] = command.words.slice(before.length).split(" ");
      if (!found.has(next)) found.set(next, route.summary);
    }
    if (typed.startsWith("-") && `${before}`.startsWith(`${command.words} `)) {
      for (const [option, value] of Object.entries(command.options ?? {}))
        found.set(`--${option}`, value === true ? "" : value);
    }
  }
  return [...found].map(([text, note]) => ({ text, note }));
}

function commonStart(texts: readonly string[]): string {
  const [first = "", ...others] = texts;
  let length = first.length;
  for (const other of others) while (!other.startsWith(first.slice(0, length))) length--;
  return first.slice(0, length);
}
