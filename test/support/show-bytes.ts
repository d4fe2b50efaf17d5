const NAMES: Readonly<Record<string, string>> = { "\r": "\\r", "\n": "\\n", '"': '\\"', "\\": "\\\\" };

/** Bytes as a person reads them: one line for every line feed, control bytes with C escapes. */
export function showBytes(text: string): string {
  return text
    .replace(/[^ !#-[\]-~]/g, (byte) => NAMES[byte] ?? `\\x${byte.charCodeAt(0).toString(16).padStart(2, "0")}`)
    .replaceAll("\\n", "\\n\n");
}

/** Reads the C escapes `\r \n \t \0 \" \\ \xHH` in a text. */
export function readEscapes(text: string): string {
  const named: Readonly<Record<string, string>> = { r: "\r", n: "\n", t: "\t", "0": "\0", '"': '"', "\\": "\\" };
  return text.replace(/\\(?:x([0-9a-f]{2})|(.))/gi, (whole, hex: string | undefined, name: string) => {
    const byte = hex === undefined ? named[name] : String.fromCharCode(Number.parseInt(hex, 16));
    if (byte === undefined) throw new Error(`${whole} is no escape`);
    return byte;
  });
}
