import { createInterface, emitKeypressEvents, type Interface, type Key } from "node:readline";
import { PassThrough } from "node:stream";
import type { ReadStream, WriteStream } from "node:tty";

export interface ScreenParts {
  readonly input: ReadStream;
  readonly output: WriteStream;
  /** Newest first. */
  readonly history: readonly string[];
  /** Whether a line that was entered belongs to the history. */
  readonly remembers: () => boolean;
  readonly onKey: (text: string | undefined, key: Key) => void;
}

/** What ends an escape sequence that is none, in milliseconds. */
const ESCAPE_TIME = 50;
/** Columns of a terminal that does not know its size, as behind a serial line, and gives 0. */
const USUAL_COLUMNS = 80;
const CLEAR_BELOW = "\x1b[J";
const DIM = ["\x1b[2m", "\x1b[22m"] as const;

/**
 * A line that is edited, the hint below it, and above it what is printed meanwhile. Node's readline edits; it gets the keys
 * that its owner passes on, so that the owner sees each of them first.
 */
export class Screen {
  readonly #parts: ScreenParts;
  readonly #readline: Interface;
  readonly #release: () => void;
  #hint = "";
  #suspended = false;
  #history: string[] = [];

  /** Takes over the terminal until {@link close}. */
  constructor(parts: ScreenParts) {
    const { input, output, history, remembers } = parts;
    this.#parts = parts;
    this.#history = [...history];
    this.#readline = createInterface({
      input: new PassThrough(),
      output,
      terminal: true,
      history: [...history],
      historySize: 1000,
      removeHistoryDuplicates: true,
      escapeCodeTimeout: ESCAPE_TIME,
    });
    this.#readline.on("history", (lines) => {
      if (!remembers()) lines.shift();
      this.#history = [...lines];
    });
    emitKeypressEvents(input, this.#readline);
    const onKey = (text: string | undefined, key: Key) => parts.onKey(text, key);
    const redraw = () => {
      input.setRawMode(true);
      this.refresh();
    };
    const restore = () => void input.setRawMode(false);
    input.on("keypress", onKey);
    output.on("resize", redraw);
    process.on("SIGCONT", redraw);
    process.on("exit", restore);
    input.setRawMode(true);
    input.resume();
    this.#release = () => {
      input.off("keypress", onKey);
      output.off("resize", redraw);
      process.off("SIGCONT", redraw);
      process.off("exit", restore);
      restore();
      input.pause();
    };
  }

  get line(): string {
    return this.#readline.line;
  }

  get cursor(): number {
    return this.#readline.cursor;
  }

  /** Newest first. */
  get history(): readonly string[] {
    return this.#history;
  }

  /** Passes a key to readline. */
  key(text: string | undefined, key: Key): void {
    this.#readline.write(text ?? (null as unknown as string), key);
    this.#drawHint();
  }

  insert(text: string): void {
    if (text !== "") this.#readline.write(text);
    this.#drawHint();
  }

  /** Takes characters before the cursor away. */
  erase(count: number): void {
    for (let left = count; left > 0; left--) this.key(undefined, { name: "backspace" });
  }

  replace(line: string): void {
    this.key(undefined, { name: "e", ctrl: true });
    this.key(undefined, { name: "u", ctrl: true });
    this.insert(line);
  }

  /** Ends the line: it stays above, and a new one begins. Gives it. */
  accept(): string {
    const { line } = this;
    this.#toEnd();
    this.#parts.output.write(CLEAR_BELOW);
    this.#readline.write(null as unknown as string, { name: "return" });
    this.refresh();
    return line;
  }

  setPrompt(prompt: string): void {
    if (prompt === this.#readline.getPrompt()) return;
    this.#readline.setPrompt(prompt);
    this.refresh();
  }

  setHint(hint: string): void {
    if (hint === this.#hint) return;
    this.#hint = hint;
    this.#drawHint();
  }

  /** Draws the prompt, the line and the hint anew. */
  refresh(): void {
    if (this.#suspended) return;
    this.#readline.prompt(true);
    this.#drawHint();
  }

  /** Prints lines above. */
  print(lines: readonly string[]): void {
    const { output } = this.#parts;
    const text = lines.map((line) => `${line}\n`).join("");
    if (this.#suspended) {
      output.write(text);
      return;
    }
    const { rows } = this.#readline.getCursorPos();
    // Readline goes up again by as many rows as the cursor had been below the prompt.
    output.write(`${up(rows)}\r${CLEAR_BELOW}${text}${"\n".repeat(rows)}`);
    this.refresh();
  }

  /** Leaves the terminal to a command that prints by itself, until {@link resume}. */
  suspend(): void {
    const { rows } = this.#readline.getCursorPos();
    this.#parts.output.write(`${up(rows)}\r${CLEAR_BELOW}`);
    this.#suspended = true;
  }

  resume(): void {
    this.#suspended = false;
    this.refresh();
  }

  /** Gives the terminal back as it was, with the cursor on a line of its own. */
  close(): void {
    if (!this.#suspended) {
      this.#toEnd();
      this.#parts.output.write(`${CLEAR_BELOW}\n`);
    }
    this.#suspended = true;
    this.#readline.close();
    this.#release();
  }

  get columns(): number {
    return this.#parts.output.columns || USUAL_COLUMNS;
  }

  #toEnd(): void {
    this.#readline.write(null as unknown as string, { name: "e", ctrl: true });
  }

  /** Draws the hint on the row below the line, and puts the cursor back. */
  #drawHint(): void {
    if (this.#suspended) return;
    const { output } = this.#parts;
    const here = this.#readline.getCursorPos();
    const down = this.#rowsBelow(here.cols);
    const width = this.columns - 1;
    const shown = [...this.#hint].length > width ? `${[...this.#hint].slice(0, width - 1).join("")}…` : this.#hint;
    const below = down > 0 ? `\x1b[${down}B` : "";
    output.write(`${below}\n\r${CLEAR_BELOW}${DIM[0]}${shown}${DIM[1]}${up(down + 1)}\x1b[${here.cols + 1}G`);
  }

  /** How many rows the line goes on below the cursor, as long as each character is one column wide. */
  #rowsBelow(column: number): number {
    const { line, cursor } = this.#readline;
    return Math.floor((column + [...line.slice(cursor)].length) / this.columns);
  }
}

function up(rows: number): string {
  return rows > 0 ? `\x1b[${rows}A` : "";
}
