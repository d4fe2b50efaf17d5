/** The names of the control bytes 0x00 to 0x1f (ITU-T T.50). */
const CONTROLS =
  "NUL SOH STX ETX EOT ENQ ACK BEL BS HT LF VT FF CR SO SI DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC FS GS RS US".split(
    " ",
  );

/** How many bytes of the end are shown of what is cut: whether data end with Ctrl-Z is what matters. */
const END = 6;

/**
 * Bytes, one character each, as a person reads them on one line: control bytes by name (`<CR>`), text in UTF-8 as text, other
 * bytes in hexadecimal (`<E9>`). Of what is longer than about `width` characters the middle is cut, and the number of bytes
 * is told: `length`, where the middle has been left out of `bytes` already.
 */
export function visibleBytes(bytes: string, width = Number.POSITIVE_INFINITY, length = bytes.length): string {
  // What is surely cut away need not be looked at.
  const start = show(bytes.slice(0, 4 * width));
  if (start.join("").length <= width && length <= 4 * width) return start.join("");
  const end = show(bytes.slice(-END)).join("");
  let shown = "";
  for (const next of start) {
    if (shown.length + next.length + end.length > width) break;
    shown += next;
  }
  return `${shown}...${end} (${length} bytes)`;
}

/** Each character as it is shown. */
function show(bytes: string): readonly string[] {
  const text = decodeUtf8(bytes);
  return [...(text ?? bytes)].map((character) => visible(character, text !== undefined));
}

/** The text; `undefined` where the bytes are not UTF-8. */
function decodeUtf8(bytes: string): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Buffer.from(bytes, "latin1"));
  } catch {
    return undefined;
  }
}

function visible(character: string, decoded: boolean): string {
  const code = character.codePointAt(0) ?? 0;
  const name = code === 0x7f ? "DEL" : CONTROLS[code];
  if (name !== undefined) return `<${name}>`;
  if (code < 0x7f) return character;
  // Bytes that are no text, and characters that a terminal would obey or not show.
  if (!decoded || /[\p{C}\p{Zl}\p{Zp}]/u.test(character))
    return `<${code.toString(16).toUpperCase().padStart(2, "0")}>`;
  return character;
}
