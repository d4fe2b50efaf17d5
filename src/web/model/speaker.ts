import type { CommandNote, Row } from "./row.ts";

/** How much of what a host has sent waits for its echo. */
const UNECHOED = 4096;
/** How many lines and unsolicited texts wait for the event that belongs to them. */
const WAITING = 1000;

/** A command that has no final result yet, with the row of its line. */
interface Running {
  readonly row: Row;
  readonly note: CommandNote;
}

/** What the conversation remembers of one modem between two events. */
export class Speaker {
  /** The row that was added or joined last. */
  last: Row | undefined;
  /** The last row of the host. */
  host: Row | undefined;
  /** The row of the command line that runs. */
  current: Row | undefined;
  /** The command that takes data. */
  entry: string | undefined;
  readonly running = new Map<string, Running>();
  #unechoed = "";
  readonly #lines: Row[] = [];
  readonly #urcs: string[] = [];

  sent(bytes: string): void {
    this.#unechoed = (this.#unechoed + bytes).slice(-UNECHOED);
  }

  /** What a module printed, without the echo of what the host has sent: the answers to one line after the other. */
  *answers(printed: string): Generator<string> {
    let rest = this.#withoutEcho(printed);
    for (;;) {
      // Lines that were sent ahead are echoed when it is their turn.
      const place = this.#placeOfNextEcho(rest);
      const answer = place < 0 ? rest : rest.slice(0, place + 1);
      if (answer !== "") yield answer;
      if (place < 0) return;
      rest = this.#withoutEcho(rest.slice(place + 1));
    }
  }

  /** Where a line feed stands behind which the next line is echoed, whole or, at the end, as far as it was typed; else -1. */
  #placeOfNextEcho(printed: string): number {
    const [line] = /^[^\r]+\r?/.exec(this.#unechoed) ?? [];
    if (line === undefined) return -1;
    const place = printed.indexOf(`\n${line}`);
    return line.endsWith("\r") || printed.endsWith(`\n${line}`) ? place : -1;
  }

  /** What was printed, without the echo at its beginning. A secret is masked in the echo. */
  #withoutEcho(printed: string): string {
    const sent = this.#unechoed;
    let same = 0;
    while (same < printed.length && same < sent.length && (printed[same] === sent[same] || printed[same] === "*"))
      same++;
    const isEcho = same > 0 && (same === printed.length || same === sent.length || printed[same - 1] === "\r");
    // The line feed behind a CR is not echoed.
    if (isEcho) this.#unechoed = sent.slice(same).replace(/^\n/, "");
    // What the host sent while the echo was off is never echoed.
    else if (!/^[\r\n]/.test(printed)) return this.#withoutLaterEcho(printed);
    return isEcho ? printed.slice(same) : printed;
  }

  #withoutLaterEcho(printed: string): string {
    const [line = ""] = /^[^\r]+\r/.exec(printed) ?? [];
    const place = line === "" ? -1 : this.#unechoed.lastIndexOf(line);
    if (place < 0) return printed;
    this.#unechoed = this.#unechoed.slice(place + line.length).replace(/^\n/, "");
    return printed.slice(line.length);
  }

  /** A whole command line has come. */
  lineCame(row: Row): void {
    this.#lines.push(row);
    if (this.#lines.length > WAITING) this.#lines.shift();
  }

  /** The row of the command line that the module takes now. Those before it were no command lines. */
  lineTaken(text: string): Row | undefined {
    const [start = ""] = text.toUpperCase().split(/[="]/, 1);
    const place = this.#lines.findIndex((row) => row.bytes.join("").toUpperCase().includes(start));
    this.current = place < 0 ? this.host : this.#lines.splice(0, place + 1).at(-1);
    return this.current;
  }

  announce(urc: string): void {
    this.#urcs.push(urc);
    if (this.#urcs.length > WAITING) this.#urcs.shift();
  }

  /** Whether a module prints an announced unsolicited line and nothing else. */
  isUrc(printed: string): boolean {
    const place = this.#urcs.indexOf(printed.replace(/^[\r\n]+|[\r\n]+$/g, ""));
    if (place >= 0) this.#urcs.splice(0, place + 1);
    return place >= 0;
  }
}
