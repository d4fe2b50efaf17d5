import { byteCount, longBytes } from "../../platform/long-bytes.ts";

const [ETX, LF, CR, CTRL_Z, ESC] = [0x03, 0x0a, 0x0d, 0x1a, 0x1b];

/**
 * How many bytes of the host are surely entered data, while data are entered: all of them, or up to the first one that may end
 * the entry and is one of them: a Ctrl-Z, or an ESC before a command line, that no ETX makes a part of the data.
 */
export function enteredBytes(event: { readonly bytes: string }): number {
  const bytes = longBytes(event) ?? Buffer.from(event.bytes, "latin1");
  const ends = [firstOf(bytes, CTRL_Z, isEscaped), firstOf(bytes, ESC, isNoEscape)].filter((at) => at >= 0);
  return ends.length === 0 ? byteCount(event) : Math.min(...ends) + 1;
}

/** Where a byte stands first and counts; -1 where it does not. To look for a byte is far faster than to look at each. */
function firstOf(bytes: Uint8Array, byte: number, isData: (bytes: Uint8Array, at: number) => boolean): number {
  let at = bytes.indexOf(byte);
  while (at >= 0 && isData(bytes, at)) at = bytes.indexOf(byte, at + 1);
  return at;
}

/** Whether an odd number of ETX stands before the byte. */
function isEscaped(bytes: Uint8Array, at: number): boolean {
  let first = at;
  while (bytes[first - 1] === ETX) first--;
  return (at - first) % 2 === 1;
}

/** Whether the ESC is escaped, or what follows it, line ends aside, is no command line. */
function isNoEscape(bytes: Uint8Array, at: number): boolean {
  if (isEscaped(bytes, at)) return true;
  let next = at + 1;
  while (bytes[next] === CR || bytes[next] === LF) next++;
  return !isLetter(bytes[next], "a") || !isLetter(bytes[next + 1], "t");
}

function isLetter(byte: number | undefined, letter: string): boolean {
  return byte !== undefined && String.fromCharCode(byte).toLowerCase() === letter;
}
