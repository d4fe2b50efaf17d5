import { UsageError } from "../../platform/usage-error.ts";

/** A part of a word: plain text, an escaped character, or text in quotes. */
const PART = /\\(.)|"((?:\\.|[^"\\])*)"|'([^']*)'|([^\s"'\\]+)/sy;

/**
 * Splits a line into words as a shell does: blanks separate, single and double quotes hold together, and a backslash takes the
 * next character as it is, but for within single quotes.
 *
 * @throws UsageError where a quote is not closed
 */
export function splitWords(line: string): readonly string[] {
  const words: string[] = [];
  let at = 0;
  let isNew = true;
  while (at < line.length) {
    if (/\s/.test(line.charAt(at))) {
      at++;
      isNew = true;
      continue;
    }
    PART.lastIndex = at;
    const [part, escaped, double, single, plain = ""] = PART.exec(line) ?? [];
    if (part === undefined) throw new UsageError(`${line.charAt(at)} is not closed`);
    const text = escaped ?? double?.replace(/\\(.)/gs, "$1") ?? single ?? plain;
    if (isNew) words.push(text);
    else words.push(`${words.pop() ?? ""}${text}`);
    at += part.length;
    isNew = false;
  }
  return words;
}
