/** A search backwards through the lines of the history, as Ctrl-R does it in a shell: incremental, newest first. */
export class ReverseSearch {
  readonly #lines: readonly string[];
  #query = "";
  /** Place of the match; the one beyond the end where nothing matches. */
  #at = 0;

  /** `lines` newest first. */
  constructor(lines: readonly string[]) {
    this.#lines = lines;
  }

  get query(): string {
    return this.#query;
  }

  /** The line that matches; `undefined` where none does. */
  get match(): string | undefined {
    return this.#query === "" ? undefined : this.#lines[this.#at];
  }

  /** Adds to what is searched for; the match may stay. */
  type(text: string): void {
    this.#query += text;
    this.#seek(this.#at);
  }

  /** Takes the last character back, and begins anew. */
  erase(): void {
    this.#query = [...this.#query].slice(0, -1).join("");
    this.#seek(0);
  }

  /** Goes to the next older match; stays where there is none. */
  older(): void {
    const before = this.#at;
    const shown = this.match;
    this.#seek(before + 1, shown);
    if (this.#at >= this.#lines.length) this.#at = before;
  }

  #seek(from: number, except?: string): void {
    const wanted = this.#query.toUpperCase();
    const found = this.#lines.findIndex(
      (line, index) => index >= from && line !== except && line.toUpperCase().includes(wanted),
    );
    this.#at = found < 0 ? this.#lines.length : found;
  }
}
