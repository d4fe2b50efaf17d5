const NAMES: Readonly<Record<string, string>> = { "\r": "\\r", "\n": "\\n", "\t": "\\t", '"': '\\"', "\\": "\\\\" };
const NAMED: Readonly<Record<string, string>> = { r: "\r", n: "\n", t: "\t", "0": "\0", '"': '"', "\\": "\\" };

/** Bytes as printable ASCII, the others with the C escapes `\r \n \t \" \\ \xHH`. */
export function writeEscapes(bytes: string): string {
  return bytes.replace(
    /[^ !#-[\]-~]/g,
    (byte) => NAMES[byte] ?? `\\x${byte.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
}

/** Reads the C escapes `\r \n \t \0 \" \\ \xHH` in a text. Throws at any other. */
export function readEscapes(text: string): string {
  return text.replace(/\\(?:x([0-9a-f]{2})|(.?))/gi, (whole, hex: string | undefined, name: string) => {
    const byte = hex === undefined ? NAMED[name] : String.fromCharCode(Number.parseInt(hex, 16));
    if (byte === undefined) throw new Error(`${whole} is no escape`);
    return byte;
  });
}
