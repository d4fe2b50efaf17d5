import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { SecretArguments } from "../../rig/redaction/secret-line.ts";
import { explainError } from "../explain.ts";

/** Lines that are kept. */
const KEPT = 1000;

/** `$XDG_STATE_HOME/vmodem/history`, or below ~/.local/state (XDG Base Directory Specification). */
export function historyPath(): string {
  const { XDG_STATE_HOME: state } = process.env;
  const folder = state === undefined || state === "" ? join(homedir(), ".local", "state") : state;
  return join(folder, "vmodem", "history");
}

/** The lines of earlier consoles, in a file that several may have open. Lines with a password or PIN are not written. */
export class HistoryFile {
  readonly #path: string;
  readonly #secrets = new SecretArguments();
  /** Why the last line could not be written; then no more are. */
  #failure: string | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  /** The lines, newest first, each once. A file that cannot be read holds none. */
  load(): readonly string[] {
    const all = this.#read();
    const lines = [...new Set(all.toReversed())].slice(0, KEPT);
    // Others append meanwhile, so the file is only seldom written anew.
    if (all.length > 2 * KEPT) this.#try(() => writeFileSync(this.#path, text(lines.toReversed()), { mode: 0o600 }));
    return lines;
  }

  /** Adds a line. Gives why that failed, the first time that it does: the console goes on without. */
  add(line: string): string | undefined {
    if (this.#failure !== undefined || line.trim() === "" || this.#isSecret(line)) return undefined;
    this.#try(() => {
      mkdirSync(dirname(this.#path), { recursive: true, mode: 0o700 });
      appendFileSync(this.#path, text([line]), { mode: 0o600 });
    });
    return this.#failure;
  }

  #read(): readonly string[] {
    try {
      return readFileSync(this.#path, "utf8")
        .split("\n")
        .filter((line) => line !== "");
    } catch {
      return [];
    }
  }

  #isSecret(line: string): boolean {
    return this.#secrets.find(line).length > 0 || /^\s*:.*(?:pin|puk|pass|token)/i.test(line);
  }

  #try(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#failure = `the history is not kept: ${this.#path}: ${explainError(error) ?? String(error)}`;
    }
  }
}

function text(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join("");
}
