/** The names of the control bytes 0x00 to 0x1f (ITU-T T.50). */
const CONTROLS =
  "NUL SOH STX ETX EOT ENQ ACK BEL BS HT LF VT FF CR SO SI DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC FS GS RS US".split(
    " ",
  );

/**
 * Bytes, one character each, as a person reads them on one line: control bytes by name (`<CR>`), text in UTF-8 as text, other
 * bytes in hexadecimal (`<E9>`). What is longer than `width` characters is cut, and the number of bytes is told.
 */
export function visibleBytes(bytes: string, width = Number.POSITIVE_INFINITY): string {
  // What is surely cut away need not be looked at.
  const looked = bytes.slice(0, 4 * width);
  const text = decodeUtf8(looked);
  let shown = "";
  for (const character of text ?? looked) {
    const next = visible(character, text !== undefined);
    if (shown.length + next.length > width) return cut(shown, bytes);
    shown += next;
  }
  return looked.length < bytes.length ? cut(shown, bytes) : shown;
}

function cut(shown: string, bytes: string): string {
  return `${shown}... (${bytes.length} bytes)`;
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
