import { isObject } from "../../platform/schema/check.ts";

/** An answer for a person: a line for each value, indented below the name of what it belongs to. */
export function answerText(value: unknown, indent = ""): string {
  if (Array.isArray(value))
    return value.length === 0 ? `${indent}none\n` : value.map((item) => itemText(item, indent)).join("");
  if (!isObject(value) || Object.keys(value).length === 0) return `${indent}${scalarText(value)}\n`;
  return Object.entries(value)
    .map(([name, item]) =>
      isNested(item)
        ? `${indent}${name}:\n${answerText(item, `${indent}  `)}`
        : `${indent}${name}: ${scalarText(item)}\n`,
    )
    .join("");
}

/** An event on one line: its number, time, modem and type, then its other fields. */
export function eventText(event: unknown): string {
  if (!isObject(event)) return `${scalarText(event)}\n`;
  const { seq, at, modem, type, ...fields } = event;
  const rest = Object.entries(fields).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return `${[seq, at, ...(modem === undefined ? [] : [modem]), type, ...rest].join(" ")}\n`;
}

/** An item of a list, marked by a dash before its first line. */
function itemText(item: unknown, indent: string): string {
  return `${indent}- ${answerText(item, `${indent}  `).slice(indent.length + 2)}`;
}

function isNested(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length > 0;
}

/** A text as it is; what would break the line, or a terminal, as JSON. */
function scalarText(value: unknown): string {
  return typeof value === "string" && !/\p{Cc}/u.test(value) ? value : JSON.stringify(value);
}
