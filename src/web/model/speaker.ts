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

  /** What a module printed, without the echo at its beginning. A secret is masked in the echo. */
  withoutEcho(printed: string): string {
    const sent = this.#unechoed;
    let same = 0;
    while (same < printed.length && same < sent.length && (printed[same] === sent[same] || printed[same] === "*"))
      same++;
    const isEcho = same > 0 && (same === printed.length || same === sent.length || printed[same - 1] === "\r");
    // The line feed behind a CR is not echoed.
    this.#unechoed = isEcho ? sent.slice(same).replace(/^\n/, "") : "";
    return isEcho ? printed.slice(same) : printed;
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
