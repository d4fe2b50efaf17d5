import { type Parsed, parseCommandLine } from "../../at/command-line.ts";
import { type EntryKind, referenceOf } from "../../commands/reference/command-reference.ts";
import { visibleBytes } from "../../rig/report/visible-bytes.ts";
import { showEvent } from "../../trace/show.ts";
import { isFinalResult, isPrompt, splitLines } from "../commands/host-view.ts";
import type { Attachment, Sight } from "./attachment.ts";

/**
 * A line to be shown. `host`: another host's; `note`, `trouble`: an event of the rig; `error`: what the console itself could not
 * do.
 */
export interface Shown {
  readonly kind: "module" | "urc" | "host" | "note" | "trouble" | "error";
  readonly text: string;
}

/** Data entry that the console's own command has asked for. */
export interface Entry {
  readonly name: string;
  readonly ends: EntryKind;
  /** Bytes that are still awaited, where the command has named their number. */
  left: number | undefined;
}

/** Characters of a line that are shown at most. */
const WIDTH = 1000;

/**
 * Follows what is said on the line: which lines are to be shown, whether what the console has sent is answered, and whether
 * it is asked for data. Knows neither a terminal nor where the bytes come from.
 */
export class Conversation {
  #module = "";
  #host = "";
  /** Lines that the module will echo, as far as it echoes, of what the console sent. */
  #echoes: string[] = [];
  readonly #tellsEntries: boolean;
  #ours: { readonly commands: readonly string[]; readonly line: string; results: number; prompts: number } | undefined;
  #entry: Entry | undefined;
  /** Whether `ATQ1` is in force, as far as the console has set it: then the echo is the whole answer. */
  #silenced = false;
  readonly #own: string[] = [];
  readonly #urcs: string[] = [];

  constructor({ tellsEntries }: Pick<Attachment, "tellsEntries">) {
    this.#tellsEntries = tellsEntries;
  }

  /** Whether a command line of the console's waits for its answer, or for data. */
  get busy(): boolean {
    return this.#ours !== undefined;
  }

  /** The data entry that awaits the console's data. */
  get entry(): Entry | undefined {
    return this.#entry;
  }

  /** The console is about to send bytes: a command line, data, or a control byte. */
  sending(bytes: Buffer): void {
    const text = bytes.toString("latin1");
    this.#own.push(text);
    if (this.#entry === undefined) this.#echoes = [];
    this.#echoes.push(...splitLines(`${text.replace(/.$/s, "")}\r`).lines);
    if (this.#entry !== undefined) this.#dataSent(this.#entry, bytes);
    else if (/^\s*at/i.test(text) && text.endsWith("\r")) this.#begin(text.trim());
    else if (/^\s*a\/\s*\r?$/i.test(text))
      this.#ours = { commands: [], line: text, results: Number.POSITIVE_INFINITY, prompts: 1 };
  }

  /** The bytes were refused: nothing is awaited. */
  refused(): void {
    this.#own.pop();
    this.giveUp();
  }

  /** Stops waiting for an answer. */
  giveUp(): void {
    this.#ours = undefined;
    this.#entry = undefined;
  }

  /** The lines that are to be shown of something that happened. */
  saw(sight: Sight): readonly Shown[] {
    switch (sight.type) {
      case "module":
        return this.#sawModule(sight.bytes);
      case "host":
        return this.#sawHost(sight.bytes, sight.typed === true);
      case "urc":
        this.#urcs.push(...sight.text.split("\r\n"));
        return [];
      case "entry":
        return sight.phase === "begin" ? this.#entryBegins(sight.name) : this.#entryEnds(sight);
      case "result":
        if (this.#ours !== undefined)
          this.#ours.results -= sight.result === "OK" || sight.result === "NONE" ? 1 : Number.POSITIVE_INFINITY;
        return [];
      case "rig":
      case "line":
      case "command":
      case "sent":
      case "received":
        return [];
      default: {
        const isBad = sight.type === "lint" || sight.type === "fault" || sight.type === "unknown";
        return showEvent(sight).map((text) => ({ kind: isBad ? "trouble" : "note", text }));
      }
    }
  }

  /** Nothing has come for a moment: what has no end yet is shown, and an answer that has no text is over. */
  quiet(): readonly Shown[] {
    const shown: Shown[] = [];
    const rest = this.#module.replace(/\r$/, "");
    this.#module = "";
    // What the host has begun, before its echo.
    if (this.#host !== "") shown.push({ kind: "host", text: visibleBytes(this.#host, WIDTH) });
    if (rest !== "" && !isPrompt(rest, false)) shown.push(this.#line(rest));
    this.#host = "";
    if (this.#ours !== undefined && this.#ours.results <= 0) this.#ours = undefined;
    return shown;
  }

  #begin(line: string): void {
    const parsed = parseCommandLine(line.replace(/^at/i, ""));
    const commands = parsed.map((command) => (command === "malformed" ? "" : command.name));
    this.#silenced = isSilenced(parsed, this.#silenced);
    // The prompt before each further line of a message is none of another command's.
    const prompts = Math.max(1, commands.filter((name) => referenceOf(name).entry !== undefined).length);
    this.#ours = { commands, line, results: this.#silenced ? 0 : Math.max(1, commands.length), prompts };
  }

  #dataSent(entry: Entry, bytes: Buffer): void {
    if (entry.left !== undefined) entry.left -= bytes.length;
    const last = bytes.at(-1);
    const isOver =
      entry.left === undefined ? last === 0x1a || (last === 0x1b && entry.ends === "text") : entry.left <= 0;
    if (isOver) this.#entry = undefined;
  }

  #entryBegins(name: string): readonly Shown[] {
    if (this.#ours === undefined || this.#entry !== undefined || this.#ours.prompts === 0) return [];
    this.#ours.prompts--;
    const ends = referenceOf(name).entry ?? "text";
    const length = /,\s*(\d+)\s*$/.exec(this.#ours.line)?.[1];
    this.#entry = { name, ends, left: ends === "counted" ? Number(length ?? 0) : undefined };
    if (this.#entry.left === 0) this.#entry = undefined;
    return [];
  }

  #entryEnds({
    name,
    outcome,
  }: Extract<Sight, { readonly phase: "end"; readonly outcome: unknown }>): readonly Shown[] {
    const isOurs = this.#entry?.name === name;
    if (isOurs) this.#entry = undefined;
    return isOurs && outcome === "silent"
      ? [{ kind: "error", text: "the module has waited too long for the data" }]
      : [];
  }

  #sawHost(bytes: string, typed: boolean): readonly Shown[] {
    if (typed && this.#own[0] === bytes) {
      this.#own.shift();
      return [];
    }
    this.#host += bytes;
    if (!["\r", "\x1a", "\x1b"].some((end) => bytes.includes(end))) return [];
    const text = visibleBytes(this.#host, WIDTH);
    this.#host = "";
    return [{ kind: "host", text }];
  }

  #sawModule(bytes: string): readonly Shown[] {
    const { lines, rest } = splitLines(this.#module + bytes);
    this.#module = rest;
    const shown: Shown[] = [];
    for (const line of lines) {
      if (this.#isEcho(line) || (this.busy && isPrompt(line, false))) continue;
      shown.push(this.#line(line));
      if (isPrompt(line, true)) this.#prompted();
      else if (isFinalResult(line)) this.#ours = undefined;
    }
    if (isPrompt(rest, false)) this.#prompted();
    return shown;
  }

  /** The module has printed a prompt, which tells of data entry where nothing else does. */
  #prompted(): void {
    if (!this.#tellsEntries) this.#entryBegins(this.#promptingCommand());
  }

  /** Whether a line is the echo of the next one that was sent, maybe behind its prompt. */
  #isEcho(line: string): boolean {
    const [next] = this.#echoes;
    if (next === undefined || (line !== next && line.replace(/^>{1,2} ?/, "") !== next)) return false;
    this.#echoes.shift();
    return true;
  }

  /** The command of our line that asks for data: the last one that is known to. */
  #promptingCommand(): string {
    const commands = this.#ours?.commands ?? [];
    return commands.findLast((name) => referenceOf(name).entry !== undefined) ?? commands.at(-1) ?? "";
  }

  #line(text: string): Shown {
    const at = this.#urcs.indexOf(text);
    if (at >= 0) this.#urcs.splice(0, at + 1);
    return { kind: at >= 0 ? "urc" : "module", text: visibleBytes(text, WIDTH) };
  }
}

/** Whether the module prints no result codes after a command line. */
function isSilenced(parsed: readonly Parsed[], before: boolean): boolean {
  const last = parsed.findLast((command) => command !== "malformed" && ["Q", "Z", "&F"].includes(command.name));
  if (last === undefined || last === "malformed") return before;
  return last.name === "Q" && last.argument === "1";
}
