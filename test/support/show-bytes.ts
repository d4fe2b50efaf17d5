const NAMES: Readonly<Record<string, string>> = { "\r": "\\r", "\n": "\\n", '"': '\\"', "\\": "\\\\" };

/** Bytes as a person reads them: one line for every line feed, control bytes with C escapes. */
export function showBytes(text: string): string {
  return text
    .replace(/[^ !#-[\]-~]/g, (byte) => NAMES[byte] ?? `\\x${byte.charCodeAt(0).toString(16).padStart(2, "0")}`)
    .replaceAll("\\n", "\\n\n");
}
