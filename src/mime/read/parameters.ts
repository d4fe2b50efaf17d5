import { decodeCharset } from "./charset.ts";
import { type FieldToken, splitField, trimBlanks } from "./structured-field.ts";
import { decodeWords } from "./words.ts";

/** A structured header field: `text/plain; name="a.txt"` is the value `text/plain` and its parameters. */
export interface ParameterizedValue {
  /** In lower case, without comments and parameters. */
  readonly value: string;
  /** Decoded for a person to read, by lower-case names. The first of a name counts. */
  readonly parameters: ReadonlyMap<string, string>;
  /** The same before any decoding but that of quotes, RFC 2231 sections and percent signs; one character a byte. */
  readonly bytes: ReadonlyMap<string, string>;
}

interface Section {
  /** One character a byte. */
  readonly text: string;
  /** What RFC 5322 makes of the text; it differs from `text` for the path of a Windows file. */
  readonly exact: string;
  readonly encoded: boolean;
}

/**
 * Parses a field's value (one character a byte) and decodes its parameters: RFC 2231 continuations and charsets, and the
 * encoded words that RFC 2047 forbids there and many mail programs send. A parameter in the place of the value is read
 * as a parameter: some programs send `Content-Disposition: filename=x`.
 *
 * @rfc 2045 §5.1, 2231
 */
export function parseParameters(field: string): ParameterizedValue {
  const [first = [], ...rest] = splitField(field);
  const { value, parameter } = splitValue(first);
  const plain = new Map<string, string>();
  const bytes = new Map<string, string>();
  const sections = new Map<string, Map<number, Section>>();
  for (const tokens of [parameter, ...rest]) {
    const { name, ...section } = parseParameter(tokens);
    // RFC 2231 §3, §4.1: name*0, name*1*, and so on are sections of one value. A last asterisk marks an encoded section.
    const [, base, number, star] = /^([^*]+)\*(?:(\d{1,3})(\*)?)?$/.exec(name) ?? [];
    if (base === undefined) {
      if (name === "" || plain.has(name)) continue;
      plain.set(name, decodeWords(section.text));
      bytes.set(name, section.exact);
      continue;
    }
    const known = sections.get(base) ?? new Map<number, Section>();
    sections.set(base, known);
    const index = Number(number ?? 0);
    if (!known.has(index)) known.set(index, { ...section, encoded: number === undefined || star !== undefined });
  }
  for (const [name, known] of sections) {
    const joined = joinSections(known);
    if (joined.text === "") continue;
    plain.set(name, joined.text);
    bytes.set(name, joined.exact);
  }
  return { value: value.toLowerCase(), parameters: plain, bytes };
}

/** Tells the value from a parameter that follows it without a semicolon, or stands in its place. */
function splitValue(tokens: readonly FieldToken[]): { value: string; parameter: readonly FieldToken[] } {
  const at = tokens.findIndex((token) => token.kind === "text" && token.text.includes("="));
  const [, before = "", name = ""] = /^(.*?)([^ \t/=]*[ \t]*=.*)$/s.exec(tokens[at]?.text ?? "") ?? [];
  const head = at < 0 ? tokens : [...tokens.slice(0, at), { kind: "text", text: before } as const];
  const words = head.map(({ kind, text }) => (kind === "comment" ? " " : text));
  return {
    value: /^[^ \t(]*/.exec(trimBlanks(words.join("")).replace(/[ \t]*\/[ \t]*/g, "/"))?.[0] ?? "",
    parameter: at < 0 ? [] : [{ kind: "text", text: name }, ...tokens.slice(at + 1)],
  };
}

/** One parameter; its name is lower case, and empty if there is no equals sign. */
function parseParameter(tokens: readonly FieldToken[]): { name: string; text: string; exact: string } {
  const at = tokens.findIndex((token) => token.kind === "text" && token.text.includes("="));
  const [, nameEnd = "", valueStart = ""] = /^([^=]*)=(.*)$/s.exec(tokens[at]?.text ?? "") ?? [];
  const before = tokens.slice(0, Math.max(at, 0)).filter((token) => token.kind === "text");
  const name = (before.map(({ text }) => text).join("") + nameEnd).replace(/[ \t]/g, "").toLowerCase();
  const value = [{ kind: "text", text: valueStart } as const, ...tokens.slice(at + 1)];
  const [content] = value.filter((token) => token.kind !== "comment" && trimBlanks(token.text) !== "");
  if (content?.kind === "quoted") return { name, text: unquotePath(content.text), exact: unquote(content.text) };
  const text = unquotedValue(value);
  return { name, text, exact: text };
}

/**
 * A value without quotes, and without the comments around it. A comment inside it is part of a name that should have been
 * quoted: `name=report (1).pdf`.
 */
function unquotedValue(tokens: readonly FieldToken[]): string {
  const isText = (token: FieldToken) => token.kind !== "comment" && trimBlanks(token.text) !== "";
  const inner = tokens.slice(tokens.findIndex(isText), tokens.findLastIndex(isText) + 1);
  return trimBlanks(inner.map(({ kind, text }) => (kind === "quoted" ? `"${text}"` : text)).join(""));
}

/** RFC 5322 §3.2.1: the backslash of a quoted pair is not part of the value. */
function unquote(content: string): string {
  return content.replace(/\\(.)/gs, "$1");
}

/** As {@link unquote}, but the backslashes of a Windows path that nobody has quoted stay: old programs send `"C:\dir\a.txt"`. */
function unquotePath(content: string): string {
  const isPath = /^[A-Za-z]:\\[^\\"]|^\\\\[^\\"]+\\[^\\"]/.test(content);
  return isPath ? content.replace(/\\(["\\])/g, "$1") : unquote(content);
}

function joinSections(sections: ReadonlyMap<number, Section>): { text: string; exact: string } {
  let charset = "utf-8";
  let text = "";
  let exact = "";
  for (let number = 0; ; number++) {
    const section = sections.get(number);
    if (section === undefined) break;
    if (!section.encoded) {
      text += section.text;
      exact += section.exact;
      continue;
    }
    // RFC 2231 §4: the first section says charset'language' before its text.
    const [prefix = "", named = ""] = (number === 0 && /^([^']*)'[^']*'/.exec(section.exact)) || [];
    charset = named || charset;
    const decoded = decodePercents(section.exact.slice(prefix.length));
    text += decoded;
    exact += decoded;
  }
  // Some programs cut a name of encoded words into sections, or percent-encode it.
  return {
    text: /=\?.*\?=/s.test(text) ? decodeWords(text, charset) : decodeCharset(Buffer.from(text, "latin1"), charset),
    exact,
  };
}

function decodePercents(text: string): string {
  return text.replace(/%([0-9A-Fa-f]{2})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
}
