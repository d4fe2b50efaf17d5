import { ALL_COMMANDS } from "../../commands/all-commands.ts";
import type { Command } from "../../commands/modem-context.ts";

/** What is kept of a command line that has not ended: more than the longest that a module takes. */
const KEPT = 4096;

/** Which arguments of which commands are passwords and PINs. */
export class SecretArguments {
  /** By the name in upper case: whether each parameter is secret. */
  readonly #byName = new Map<string, readonly boolean[]>();
  readonly #names: RegExp;

  constructor(commands: readonly Command[] = ALL_COMMANDS) {
    for (const { name, parameters } of commands) {
      const secret = parameters.map((parameter) => "secret" in parameter && parameter.secret === true);
      if (secret.includes(true)) this.#byName.set(name, secret);
    }
    const names = [...this.#byName.keys()].map((name) => name.slice(1));
    this.#names = new RegExp(`\\+(${names.join("|") || "(?!)"}) *=(?!\\?)`, "gi");
  }

  /** Whether a command has a secret argument. */
  has(name: string): boolean {
    return this.#byName.has(name);
  }

  /** The secret bytes of a command line, or of its beginning, as places in the text. */
  find(line: string): readonly number[] {
    const found: number[] = [];
    for (const match of line.matchAll(this.#names)) {
      const secret = this.#byName.get(`+${match[1]?.toUpperCase()}`) ?? [];
      findIn(line, match.index + match[0].length, secret, found);
    }
    return found;
  }
}

/** Finds the bytes of secret arguments from a place on, to the end of the command. */
function findIn(line: string, from: number, secret: readonly boolean[], found: number[]): void {
  let quoted = false;
  let argument = 0;
  for (let at = from; at < line.length; at++) {
    const character = line[at];
    if (character === '"') quoted = !quoted;
    else if (!quoted && character === ";") return;
    else if (!quoted && character === ",") argument++;
    else if (secret[argument] === true && (quoted || character !== " ")) found.push(at);
  }
}

interface MaskedBytes {
  readonly masked: string;
  /** Without their CR. */
  readonly ended: readonly string[];
  readonly lines: readonly (readonly string[])[];
}

/** Masks the secret arguments in a stream of command lines, byte for byte, so that lengths and places stay. */
export class LineMask {
  readonly #secrets: SecretArguments;
  #line: string;

  /** `line` is what has passed of the first line already. */
  constructor(secrets: SecretArguments, line = "") {
    this.#secrets = secrets;
    this.#line = line;
  }

  /** The beginning of the line that has not ended. */
  get line(): string {
    return this.#line;
  }

  /** Gives the bytes with secrets masked, the lines that have ended in them, and the secrets of each that holds any. */
  push(bytes: string): MaskedBytes {
    const lines: (readonly string[])[] = [];
    const ended: string[] = [];
    let masked = "";
    for (const part of splitLines(bytes)) {
      const line = this.#line + part;
      const places = this.#secrets.find(line);
      const ends = part.endsWith("\r");
      masked += maskPlaces(line, places).slice(this.#line.length);
      if (ends) ended.push(line.slice(0, -1));
      if (ends && places.length > 0) lines.push(runs(line, places));
      this.#line = ends ? "" : line.slice(-KEPT);
    }
    return { masked, ended, lines };
  }

  /** Forgets the line: its host has gone, or what passes now is no command line. */
  drop(): void {
    this.#line = "";
  }
}

/** The lines, each with its end; one line is the rule. */
function splitLines(bytes: string): readonly string[] {
  const end = bytes.indexOf("\r");
  return end < 0 || end === bytes.length - 1 ? [bytes] : bytes.split(/(?<=\r)/);
}

function maskPlaces(line: string, places: readonly number[]): string {
  if (places.length === 0) return line;
  const characters = [...line];
  for (const at of places) if (line[at] !== "\r") characters[at] = "*";
  return characters.join("");
}

/** The texts at consecutive places. */
function runs(line: string, places: readonly number[]): readonly string[] {
  const found: string[] = [];
  let last = Number.NaN;
  for (const at of places) {
    const character = line.charAt(at);
    if (character === "\r") continue;
    if (at === last + 1) found.push(`${found.pop()}${character}`);
    else found.push(character);
    last = at;
  }
  return found;
}
