import { decodeCharset } from "./charset.ts";
import { decodeWords } from "./words.ts";

/** A structured header field: `text/plain; name="a.txt"` is the value `text/plain` and its parameters. */
export interface ParameterizedValue {
  /** In lower case, without parameters. */
  readonly value: string;
  /** Decoded, by lower-case names; the first of a name counts. */
  readonly parameters: ReadonlyMap<string, string>;
}

interface Section {
  readonly text: string;
  readonly encoded: boolean;
}

/**
 * Parses a field's value (one character a byte) and decodes its parameters: RFC 2231 continuations and charsets, and the
 * encoded words that RFC 2047 forbids there and everybody sends.
 */
export function parseParameters(field: string): ParameterizedValue {
  const [value = "", ...rest] = splitAtSemicolons(field);
  const plain = new Map<string, string>();
  const extended = new Map<string, Map<number, Section>>();
  for (const parameter of rest) {
    const equals = parameter.indexOf("=");
    if (equals < 0) continue;
    const name = parameter.slice(0, equals).trim().toLowerCase();
    const text = unquote(parameter.slice(equals + 1).trim());
    // RFC 2231 §3, §4.1: name*0, name*1*, and so on are sections of one value; a last asterisk marks an encoded one.
    const section = /^([^*]+)\*(?:(\d{1,3})(\*)?)?$/.exec(name);
    if (section === null) {
      if (!plain.has(name)) plain.set(name, decodeWords(text));
      continue;
    }
    const [, base = "", number = "0", star] = section;
    const sections = extended.get(base) ?? new Map<number, Section>();
    extended.set(base, sections);
    if (!sections.has(Number(number))) {
      sections.set(Number(number), { text, encoded: section[2] === undefined || star !== undefined });
    }
  }
  for (const [name, sections] of extended) {
    const joined = joinSections(sections);
    if (joined !== "") plain.set(name, joined);
  }
  return { value: value.trim().toLowerCase(), parameters: plain };
}

function joinSections(sections: ReadonlyMap<number, Section>): string {
  let charset = "utf-8";
  let bytes = "";
  for (let number = 0; ; number++) {
    const section = sections.get(number);
    if (section === undefined) break;
    let text = section.text;
    if (section.encoded) {
      // RFC 2231 §4: the first section says charset'language' before its text.
      const prefix = number === 0 ? /^([^']*)'[^']*'/.exec(text) : null;
      if (prefix !== null) {
        charset = prefix[1] || charset;
        text = text.slice(prefix[0].length);
      }
      text = text.replace(/%([0-9A-Fa-f]{2})/g, (_, digits: string) =>
        String.fromCharCode(Number.parseInt(digits, 16)),
      );
    }
    bytes += text;
  }
  return decodeCharset(Buffer.from(bytes, "latin1"), charset);
}

/** Cuts at the semicolons that no quotes enclose. */
function splitAtSemicolons(field: string): readonly string[] {
  const parts: string[] = [];
  let from = 0;
  let quoted = false;
  for (let at = 0; at < field.length; at++) {
    const character = field[at];
    if (character === "\\" && quoted) at++;
    else if (character === '"') quoted = !quoted;
    else if (character === ";" && !quoted) {
      parts.push(field.slice(from, at));
      from = at + 1;
    }
  }
  parts.push(field.slice(from));
  return parts;
}

/** What a quoted string stands for, also one that never ends; other text is itself. */
function unquote(text: string): string {
  if (!text.startsWith('"')) return text;
  const body = /^"((?:[^"\\]|\\.)*)/.exec(text)?.[1] ?? "";
  // Windows paths come with single backslashes: only a quote and a backslash can be escaped.
  return body.replace(/\\(["\\])/g, "$1");
}
