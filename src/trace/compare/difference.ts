import { visibleBytes } from "../../rig/report/visible-bytes.ts";

/** Lines before a difference, and of each side from it on. */
const BEFORE = 6;
const FROM = 3;

/** Who says a line. */
export type Speaker = "host" | "module";

/** The lines that were said last, for the surroundings of a difference. */
export class Surroundings {
  #lines: (readonly [speaker: Speaker, bytes: string])[] = [];

  add(speaker: Speaker, bytes: string): void {
    this.#lines.push([speaker, bytes]);
    if (this.#lines.length > BEFORE) this.#lines.shift();
  }

  /** The lines that show a difference: what was before it, what `a` has from there on (`-`), and what `b` has (`+`). */
  difference(
    speaker: Speaker,
    { a, b }: { readonly a: readonly string[]; readonly b: readonly string[] },
  ): readonly string[] {
    const side = (sign: "-" | "+", lines: readonly string[]) =>
      lines.length === 0
        ? [`${sign} ${MARKS[speaker]} (nothing)`]
        : lines.slice(0, FROM).map((line) => lineOf(sign, speaker, line));
    return [...this.#lines.map(([who, bytes]) => lineOf(" ", who, bytes)), ...side("-", a), ...side("+", b)];
  }
}

const MARKS: Readonly<Record<Speaker, string>> = { host: ">", module: "<" };

function lineOf(sign: string, speaker: Speaker, bytes: string): string {
  return `${sign} ${MARKS[speaker]} ${visibleBytes(bytes, 100)}`;
}
