/** Puts quotes around a string as an AT command line and an information response carry it; {@link unescaped} reverses it. */
export function quoted(text: string): string {
  return `"${text.replace(/\\(?=22|5C)/gi, "\\5C").replaceAll('"', "\\22")}"`;
}

/**
 * The string that stands between two quotes. 27.007 5.4.2.2: `\22` is a quote and `\5C` a backslash. Any other backslash is
 * literal, because hosts write paths with it.
 */
export function unescaped(text: string): string {
  return text.replace(/\\(22|5C)/gi, (_, hex: string) => (hex === "22" ? '"' : "\\"));
}
