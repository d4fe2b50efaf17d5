/** What a person sees of bytes: text, control bytes by their names, other bytes in hexadecimal. */
export type Token =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "control"; readonly name: string }
  | { readonly kind: "byte"; readonly hex: string };

/** The names of the control bytes 0x00 to 0x1f (ITU-T T.50). */
const CONTROLS =
  "NUL SOH STX ETX EOT ENQ ACK BEL BS HT LF VT FF CR SO SI DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC FS GS RS US".split(
    " ",
  );

/** Makes tokens of bytes, one code point 0-255 each. Text in UTF-8 is text; bytes that are none stay bytes. */
export function tokensOf(bytes: string): readonly Token[] {
  const text = decodeUtf8(bytes);
  const tokens: Token[] = [];
  let run = "";
  const flush = () => {
    if (run !== "") tokens.push({ kind: "text", text: run });
    run = "";
  };
  for (const character of text ?? bytes) {
    const code = character.codePointAt(0) ?? 0;
    const name = code === 0x7f ? "DEL" : CONTROLS[code];
    const isByte = text === undefined ? code > 0x7f : /[\p{C}\p{Zl}\p{Zp}]/u.test(character);
    if (name === undefined && !isByte) {
      run += character;
      continue;
    }
    flush();
    tokens.push(name === undefined ? { kind: "byte", hex: hex(code) } : { kind: "control", name });
  }
  flush();
  return tokens;
}

/**
 * Puts tokens into lines. A line ends behind a line feed; the CR LF that frames a response stands before its text, so that it
 * takes no line of its own.
 */
export function linesOf(tokens: readonly Token[]): readonly (readonly Token[])[] {
  const lines: Token[][] = [];
  let line: Token[] = [];
  let hasText = false;
  for (const token of tokens) {
    line.push(token);
    hasText ||= token.kind !== "control" || (token.name !== "CR" && token.name !== "LF");
    if (!hasText || token.kind !== "control" || token.name !== "LF") continue;
    lines.push(line);
    line = [];
    hasText = false;
  }
  if (line.length === 0) return lines;
  const last = lines.at(-1);
  if (hasText || last === undefined) lines.push(line);
  else last.push(...line);
  return lines;
}

/** The bytes as rows of sixteen: place, hexadecimal, and what of them is printable ASCII. */
export function hexDump(bytes: string): readonly string[] {
  const rows: string[] = [];
  for (let at = 0; at < bytes.length; at += 16) {
    const codes = [...bytes.slice(at, at + 16)].map((character) => character.charCodeAt(0));
    const left = codes.map((code) => hex(code)).join(" ");
    const right = codes.map((code) => (code >= 0x20 && code < 0x7f ? String.fromCharCode(code) : ".")).join("");
    rows.push(`${at.toString(16).padStart(6, "0")}  ${left.padEnd(47)}  ${right}`);
  }
  return rows;
}

/** Whether most of the bytes are no text that a person reads. */
export function isBinary(bytes: string): boolean {
  const sample = bytes.slice(0, 2048);
  const odd = [...tokensOf(sample)].filter(
    (token) => token.kind === "byte" || (token.kind === "control" && !["CR", "LF", "HT"].includes(token.name)),
  ).length;
  return odd * 8 > sample.length;
}

function hex(code: number): string {
  return code.toString(16).toUpperCase().padStart(2, "0");
}

function decodeUtf8(bytes: string): string | undefined {
  if (!/[\x80-\xff]/.test(bytes)) return bytes;
  try {
    const raw = Uint8Array.from(bytes, (character) => character.charCodeAt(0));
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(raw);
  } catch {
    return undefined;
  }
}
