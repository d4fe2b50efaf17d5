/** What differs from module to module and from day to day, with what each finds. */
const DEFAULT_MASKS: readonly (readonly [what: string, pattern: RegExp])[] = [
  ["a date of the module's clock or of a message", /\d{2,4}\/\d\d\/\d\d,\d\d:\d\d:\d\d(?:[+-]\d\d)?/g],
  ["a date of HTTP or mail", /[a-z]{3}, \d{1,2} [a-z]{3} \d{4} \d\d:\d\d:\d\d(?: [a-z]{3}| [+-]\d{4})?/gi],
  ["a folder or file of a mail, named by date", /(?:Email\/|EMAIL)\d{12}/g],
  ["an IMEI or IMSI", /\b\d{15}\b/g],
  ["an ICCID", /\b89\d{16,18}F?\b/g],
  ["the signal", /(?<=\+CSQ: )\d+, ?\d+/g],
  ["location area and cell", /(?<=\+CG?REG: [\d, ]+)"?[0-9A-F]{4,8}"?, ?"?[0-9A-F]{4,8}"?/g],
  ["the address of the module", /(?<=(?:\+CGPADDR: \d+,|IPADDR: )"?)\d+\.\d+\.\d+\.\d+/g],
  ["the battery", /(?<=\+CBC: )\d+, ?\d+, ?[\d.]+V?/g],
];

/** What stands for a masked part: a character that no byte is. */
const PLACE = "\u{fffd}";

/** Whether two texts are the same but for what may differ. */
export class Mask {
  readonly #patterns: readonly RegExp[];

  /** With patterns of the user, all of which are global. */
  constructor(patterns: readonly RegExp[] = [], { withDefaults = true }: { readonly withDefaults?: boolean } = {}) {
    this.#patterns = [...patterns, ...(withDefaults ? DEFAULT_MASKS.map(([, pattern]) => pattern) : [])];
  }

  same(a: string, b: string): boolean {
    return a === b || sameButSecrets(a, b) || this.#masked(a) === this.#masked(b);
  }

  /** Whether `text` begins as `start` does, but for what may differ. */
  begins(text: string, start: string): boolean {
    return (
      text.startsWith(start) ||
      sameButSecrets(text.slice(0, start.length), start) ||
      this.#masked(text).startsWith(this.#masked(start))
    );
  }

  #masked(text: string): string {
    return this.#patterns.reduce((masked, pattern) => masked.replace(pattern, PLACE), text);
  }
}

/** A record has stars in the place of each character of a secret, where the module echoes or reads it. */
function sameButSecrets(a: string, b: string): boolean {
  if (a.length !== b.length || !(a.includes("*") || b.includes("*"))) return false;
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at] && a[at] !== "*" && b[at] !== "*") return false;
  return true;
}
