import type { Key } from "node:readline";
import { visibleBytes } from "../../rig/report/visible-bytes.ts";
import { explainCommand } from "../commands/explanation.ts";
import { explanationText } from "../commands/explanation-text.ts";
import type { Attachment } from "./attachment.ts";
import { type Candidate, complete } from "./completion.ts";
import { type ConsoleSession, dataBytes } from "./console-session.ts";
import type { Shown } from "./conversation.ts";
import { CTL_COMMANDS } from "./ctl-line.ts";
import { commandAt, hintOf } from "./hint.ts";
import type { HistoryFile } from "./history.ts";
import { ReverseSearch } from "./reverse-search.ts";
import { Screen } from "./screen.ts";
import { pictureOf } from "./typed-bytes.ts";

const COLORS: Readonly<Record<Shown["kind"], string>> = {
  module: "",
  urc: "33",
  host: "36",
  note: "2",
  trouble: "31",
  error: "31",
};
/** Who speaks, as in `vmodem show`: `>` another host. */
const MARKS: Partial<Readonly<Record<Shown["kind"], string>>> = { host: "> ", error: "! " };

export interface InteractiveParts {
  readonly attachment: Attachment;
  readonly history: HistoryFile;
  readonly session: () => ConsoleSession;
  /** Ends the console: at the end of the input with 0, by Ctrl-C with 130. */
  readonly end: (code: 0 | 130) => void;
  /** Ends what a `:` command does. */
  readonly interrupt: () => void;
}

/** A search that goes on, and the line before it. */
interface Search {
  readonly search: ReverseSearch;
  readonly before: string;
}

/** The console on a terminal: keys to inputs, and what happens to the screen. */
export class Interactive {
  readonly #parts: InteractiveParts;
  readonly #screen: Screen;
  readonly #color = process.env.NO_COLOR === undefined || process.env.NO_COLOR === "";
  #search: Search | undefined;
  /** The next key is taken as it is. */
  #quoting = false;
  /** Keys that came while a `:` command had the terminal. */
  #held: (readonly [string | undefined, Key])[] | undefined;

  /** What keys do that are not readline's. */
  readonly #actions: Readonly<Record<string, (key: Key) => void>> = {
    return: () => this.#enter(),
    enter: () => this.#enter(),
    tab: () => this.#complete(),
    f1: () => this.#explain(),
    "meta-h": () => this.#explain(),
    "ctrl-r": () => this.#beginSearch(),
    "ctrl-v": () => {
      this.#quoting = true;
    },
    "ctrl-z": () => this.#end("\x1a"),
    escape: () => this.#giveUp(),
    "ctrl-c": () => this.#interrupt(),
    "ctrl-d": (key) => this.#endOfInput(key),
  };

  constructor(parts: InteractiveParts) {
    this.#parts = parts;
    this.#screen = new Screen({
      input: process.stdin,
      output: process.stdout,
      history: parts.history.load(),
      remembers: () => parts.session().entry === undefined,
      onKey: (text, key) => this.#key(text, key),
    });
  }

  begin(greeting: string): void {
    this.#screen.print([greeting]);
    this.changed();
  }

  show(shown: readonly Shown[]): void {
    this.#screen.print(shown.map(({ kind, text }) => this.#paint(COLORS[kind], `${MARKS[kind] ?? ""}${text}`)));
  }

  /** The prompt and the hint follow what is awaited. */
  changed(): void {
    const { entry } = this.#parts.session();
    if (this.#search === undefined)
      this.#screen.setPrompt(entry === undefined ? `${this.#parts.attachment.name}> ` : "data> ");
    this.#screen.setHint(this.#hint());
  }

  /** Leaves the terminal to a command that prints by itself. */
  async lend(work: () => Promise<void>): Promise<void> {
    this.#screen.suspend();
    this.#held = [];
    try {
      await work();
    } finally {
      const held = this.#held;
      this.#held = undefined;
      this.#screen.resume();
      for (const [text, key] of held) this.#key(text, key);
    }
  }

  close(): void {
    this.#screen.close();
  }

  #key(text: string | undefined, key: Key): void {
    if (this.#held !== undefined) {
      if (key.ctrl === true && key.name === "c") this.#parts.interrupt();
      else this.#held.push([text, key]);
      return;
    }
    if (this.#quoting) {
      this.#quoting = false;
      this.#screen.insert([...(key.sequence ?? text ?? "")].map(pictureOf).join(""));
    } else if (this.#search !== undefined) this.#searchKey(text, key, this.#search);
    else this.#plainKey(text, key);
    this.changed();
  }

  #plainKey(text: string | undefined, key: Key): void {
    const action = this.#actions[nameOf(key)];
    if (action === undefined) this.#screen.key(text, key);
    else action(key);
  }

  #enter(): void {
    const isData = this.#parts.session().entry !== undefined;
    const text = this.#screen.accept();
    const problem = isData ? undefined : this.#parts.history.add(text);
    if (problem !== undefined) this.show([{ kind: "error", text: problem }]);
    this.#submit({ kind: "line", text });
  }

  /** A control byte ends the data, with what stands on the line; it stays to be seen. */
  #end(byte: "\x1a" | "\x1b"): void {
    const screen = this.#screen;
    const isData = this.#parts.session().entry !== undefined;
    const text = isData ? screen.line : "";
    const prompt = isData ? "data> " : `${this.#parts.attachment.name}> `;
    if (isData) screen.replace("");
    screen.print([`${prompt}${text}${visibleBytes(byte)}`]);
    this.#submit({ kind: "end", byte, text });
  }

  #submit(input: Parameters<ConsoleSession["submit"]>[0]): void {
    // The loss of the rig or the port is reported by what watches it.
    this.#parts
      .session()
      .submit(input)
      .catch(() => undefined);
  }

  /** ESC alone: data are given up; while nothing is typed the byte goes to the module. */
  #giveUp(): void {
    if (this.#screen.line === "" || this.#parts.session().entry !== undefined) this.#end("\x1b");
  }

  #endOfInput(key: Key): void {
    if (this.#screen.line === "") this.#parts.end(0);
    else this.#screen.key(undefined, key);
  }

  #beginSearch(): void {
    this.#search = { search: new ReverseSearch(this.#screen.history), before: this.#screen.line };
  }

  #interrupt(): void {
    if (this.#screen.line !== "") this.#screen.replace("");
    else if (this.#parts.session().busy) this.#parts.session().giveUp();
    else this.#parts.end(130);
  }

  #complete(): void {
    const screen = this.#screen;
    if (this.#parts.session().entry !== undefined) return;
    const { remove, insert, choice } = complete(screen.line, screen.cursor, CTL_COMMANDS);
    screen.erase(remove);
    screen.insert(insert);
    if (choice.length > 0) screen.print(columns(choice, screen.columns));
  }

  #explain(): void {
    const command = commandAt(this.#screen.line, this.#screen.cursor);
    if (command === undefined) return;
    explainCommand(command).then(
      (explanation) => this.#screen.print(explanationText(explanation).trimEnd().split("\n")),
      (error: unknown) => this.show([{ kind: "error", text: String(error) }]),
    );
  }

  #searchKey(text: string | undefined, key: Key, { search, before }: Search): void {
    const screen = this.#screen;
    if (key.ctrl === true && key.name === "r") search.older();
    else if (key.name === "backspace") search.erase();
    else if (key.name === "escape" || (key.ctrl === true && (key.name === "g" || key.name === "c"))) {
      this.#search = undefined;
      screen.replace(before);
      return;
    } else if (text !== undefined && key.ctrl !== true && key.meta !== true && text >= " ") search.type(text);
    else {
      // Any other key takes the match, and does what it does.
      this.#search = undefined;
      this.changed();
      this.#plainKey(text, key);
      return;
    }
    screen.replace(search.match ?? "");
    screen.setPrompt(
      `(search ${search.match === undefined && search.query !== "" ? "fails" : "back"}) ${search.query}: `,
    );
  }

  #hint(): string {
    const { line, cursor } = this.#screen;
    if (this.#quoting) return "the next key is taken as it is";
    if (this.#search !== undefined) return "Ctrl-R goes on, Enter takes the line, ESC leaves it";
    const session = this.#parts.session();
    const { entry } = session;
    if (entry === undefined)
      return session.busy && line === ""
        ? "waiting for the answer; Ctrl-C stops waiting"
        : hintOf(line, cursor, CTL_COMMANDS);
    const ends = entry.left === undefined ? "Ctrl-Z ends" : `${entry.left} bytes are awaited`;
    const leave = entry.ends === "text" ? ", ESC gives up" : "";
    const wire = visibleBytes(dataBytes({ kind: "line", text: line }, entry).toString("latin1"));
    return `data of AT${entry.name}: Enter goes on, ${ends}${leave}${line === "" ? "" : ` | sent: ${wire}`}`;
  }

  #paint(color: string, text: string): string {
    return this.#color && color !== "" ? `\x1b[${color}m${text}\x1b[0m` : text;
  }
}

/** `ctrl-z`, `meta-h`, `escape`. */
function nameOf({ name = "", ctrl = false, meta = false }: Key): string {
  return `${ctrl ? "ctrl-" : ""}${meta && name !== "escape" ? "meta-" : ""}${name}`;
}

/** The choice of a completion, one a line with its note where there is one, otherwise side by side. */
function columns(choice: readonly Candidate[], width: number): readonly string[] {
  const longest = Math.max(...choice.map(({ text }) => text.length));
  if (choice.length <= 20) {
    return choice.map(({ text, note }) => `  ${text.padEnd(longest)}  ${note}`.trimEnd().slice(0, width - 1));
  }
  const across = Math.max(1, Math.floor((width - 1) / (longest + 2)));
  const rows = Math.ceil(choice.length / across);
  return Array.from({ length: rows }, (_, row) =>
    choice
      .filter((_, index) => index % rows === row)
      .map(({ text }) => `  ${text.padEnd(longest)}`)
      .join("")
      .trimEnd(),
  );
}
