import { longBytes } from "../../platform/long-bytes.ts";

const [ETX, LF, CR, CTRL_Z, ESC] = [0x03, 0x0a, 0x0d, 0x1a, 0x1b];

/** Finds what is surely entered data among the bytes of a host, while data are entered. */
export class EnteredBytes {
  /** Whether the bytes so far end with an ETX that escapes the next one. */
  #escapes = false;

  /** Data begin. */
  begin(): void {
    this.#escapes = false;
  }

  /**
   * How many of the next bytes are data: all of them, or up to the first that may end the entry and is one of them: a Ctrl-Z, or
   * an ESC before a command line, that no ETX makes a part of the data.
   */
  count(event: { readonly bytes: string }): number {
    const bytes = longBytes(event) ?? Buffer.from(event.bytes, "latin1");
    const ends = [CTRL_Z, ESC].map((byte) => this.#firstEnd(bytes, byte)).filter((at) => at >= 0);
    this.#escapes = this.#isEscaped(bytes, bytes.length);
    return ends.length === 0 ? bytes.length : Math.min(...ends) + 1;
  }

  /** Where a byte stands first that may end the data; -1 where none does. To look for a byte is far faster than to look at each. */
  #firstEnd(bytes: Uint8Array, byte: number): number {
    let at = bytes.indexOf(byte);
    while (at >= 0 && (this.#isEscaped(bytes, at) || (byte === ESC && !isBeforeLine(bytes, at)))) {
      at = bytes.indexOf(byte, at + 1);
    }
    return at;
  }

  /** Whether an odd number of ETX stands before a place. */
  #isEscaped(bytes: Uint8Array, at: number): boolean {
    let first = at;
    while (bytes[first - 1] === ETX) first--;
    const isOdd = (at - first) % 2 === 1;
    return first === 0 && this.#escapes ? !isOdd : isOdd;
  }
}

/** Whether what follows the ESC, line ends aside, is a command line. */
function isBeforeLine(bytes: Uint8Array, at: number): boolean {
  let next = at + 1;
  while (bytes[next] === CR || bytes[next] === LF) next++;
  return isLetter(bytes[next], "a") && isLetter(bytes[next + 1], "t");
}

function isLetter(byte: number | undefined, letter: string): boolean {
  return byte !== undefined && String.fromCharCode(byte).toLowerCase() === letter;
}
