const CR = 0x0d;
const UPPER_A = 0x41;
const LOWER_A = 0x61;

/** Longer chunks are payload, in which no echo is looked for. */
const LONGEST_CHUNK = 512;

/** How many chunks of output are remembered. */
const REMEMBERED = 32;

/** How many lines in a row must come back. A host that sends "OK" once is no echo. */
const PROOF = 3;

/**
 * Notices that the host's terminal echoes what the module prints, and reports it once. The module then takes its own
 * responses for input and, with its own echo on, repeats a command line for ever.
 *
 * Evidence is a run of {@link PROOF} printed lines that come back in order. Command lines (`AT...`) do not count: a host
 * sends them, and the module echoes them. A terminal in its usual settings changes control characters, so only the text
 * of the lines is compared. Output is only remembered, not looked at, until a line arrives that is no command line.
 */
export class EchoLoopDetector {
  readonly #report: () => void;
  readonly #sent: Uint8Array[] = [];
  #matched = 0;
  #reported = false;
  /** The beginning of a line whose end has not arrived. */
  #begun = "";

  constructor(report: () => void) {
    this.#report = report;
  }

  /** The module prints bytes; they must not change afterwards. */
  sent(bytes: Uint8Array): void {
    if (this.#reported || bytes.length > LONGEST_CHUNK) return;
    this.#sent.push(bytes);
    if (this.#sent.length > REMEMBERED) this.#sent.shift();
  }

  /** Bytes have arrived from the host. */
  received(chunk: Uint8Array): void {
    if (this.#reported || (this.#begun === "" && isCommandLine(chunk))) return;
    if (chunk.length > LONGEST_CHUNK || this.#begun.length > LONGEST_CHUNK) {
      this.#begun = "";
      this.#matched = 0;
      return;
    }
    const lines = linesOf(this.#begun + Buffer.from(chunk).toString("latin1"));
    this.#begun = lines.pop() ?? "";
    for (const line of lines) this.#look(line);
  }

  #look(line: string): void {
    if (line === "" || /^A[T/]/i.test(line)) return;
    this.#matched = this.#wasSent(line) ? this.#matched + 1 : 0;
    if (this.#matched < PROOF || this.#reported) return;
    this.#reported = true;
    this.#sent.length = 0;
    this.#report();
  }

  /** Whether the line was printed. Forgets it and what was printed before it, which cannot come back any more. */
  #wasSent(line: string): boolean {
    for (const [index, bytes] of this.#sent.entries()) {
      const lines = linesOf(Buffer.from(bytes).toString("latin1"));
      const at = lines.indexOf(line);
      if (at < 0) continue;
      this.#sent.splice(0, index + 1, Buffer.from(lines.slice(at + 1).join("\r"), "latin1"));
      return true;
    }
    return false;
  }
}

/** A chunk that is one whole command line, as most are. */
function isCommandLine(chunk: Uint8Array): boolean {
  const first = chunk[0];
  return (first === UPPER_A || first === LOWER_A) && chunk.indexOf(CR) === chunk.length - 1;
}

/** The text of each line, without control characters, whether they are sent as such or shown (`^M`). */
function linesOf(text: string): string[] {
  return text.split(/[\r\n]|\^[MJ]/).map((line) => line.replace(/\p{Cc}|\^[@-_?]/gu, ""));
}
