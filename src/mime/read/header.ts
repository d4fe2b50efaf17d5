import { CR, LF, SP } from "../../codec/control-bytes.ts";
import { MAIL_FIELD, MAIL_TOKEN } from "../../platform/limits.ts";

const HT = 0x09;
const COLON = 0x3a;
const DASH = 0x2d;

/** What a line of a header is, as its first bytes tell. `name` is lower case. */
type LineStart = "unknown" | "end" | "none" | "continuation" | { readonly name: string };

/**
 * Reads a header block, of a mail or of a part of one, and keeps some of its fields. It stands on a buffer that others
 * own: what it does not take is to be offered again with more bytes behind it.
 *
 * @rfc 5322 §2.2
 */
export class HeaderReader {
  readonly #fields = new Map<string, Buffer[] | undefined>();
  #state: "line-start" | "in-line" | "over" = "line-start";
  /** The pieces of the field that is being read, if it is wanted, and the room left for more. */
  #field: Buffer[] | undefined;
  #room = 0;

  /** Keeps the first of each of the named fields; names are lower case. */
  constructor(wanted: readonly string[]) {
    for (const name of wanted) this.#fields.set(name, undefined);
  }

  /** Whether the empty line, or a line that cannot be of a header, has been met. */
  get over(): boolean {
    return this.#state === "over";
  }

  /**
   * Takes header lines from the front of `bytes` and gives their length, without the closing empty line. Less than all is
   * taken at the end of the header, and where more bytes (`final`: none come) must tell what a line is.
   */
  take(bytes: Buffer, final: boolean): number {
    let at = 0;
    while (at < bytes.length && !this.over) {
      if (this.#state === "line-start") {
        const start = lineStart(bytes, at, final);
        if (start === "unknown") break;
        this.#begin(start);
        if (this.over) break;
      }
      const lineEnd = bytes.indexOf(LF, at);
      const end = lineEnd < 0 ? bytes.length : lineEnd + 1;
      this.#keep(bytes.subarray(at, end));
      this.#state = lineEnd < 0 ? "in-line" : "line-start";
      at = end;
    }
    return at;
  }

  /** The value of a field, unfolded, one character a byte; empty if the header has no such field. */
  field(name: string): string {
    const line = Buffer.concat(this.#fields.get(name) ?? []).toString("latin1");
    // RFC 5322 §2.2.3: unfolding removes the line ends.
    return line
      .slice(line.indexOf(":") + 1)
      .replace(/\r?\n/g, "")
      .trim();
  }

  /** The value of a field for a host to read: control characters, which could forge a reply's end, become blanks. */
  printableField(name: string): string {
    return this.field(name)
      .replace(/\p{Cc}/gu, (control) => (control >= "\x80" ? control : " "))
      .trim();
  }

  #begin(start: Exclude<LineStart, "unknown">): void {
    if (start === "continuation") return;
    this.#field = undefined;
    if (start === "end" || start === "none") {
      this.#state = "over";
      return;
    }
    if (!this.#fields.has(start.name) || this.#fields.get(start.name) !== undefined) return;
    this.#field = [];
    this.#room = MAIL_FIELD;
    this.#fields.set(start.name, this.#field);
  }

  #keep(piece: Buffer): void {
    if (this.#field === undefined || this.#room === 0) return;
    const kept = piece.subarray(0, this.#room);
    this.#field.push(Buffer.from(kept));
    this.#room -= kept.length;
  }
}

/**
 * Reads fields of the header that `source` begins with, for a host to read, one character a byte and as received but for
 * the folding; the rest is read and dropped. Empty where there is none.
 */
export async function readHeader<Name extends string>(
  source: AsyncIterable<Buffer>,
  wanted: readonly Name[],
): Promise<Readonly<Record<Name, string>>> {
  const reader = new HeaderReader(wanted.map((name) => name.toLowerCase()));
  let held = Buffer.alloc(0);
  for await (const chunk of source) {
    if (reader.over) continue;
    const bytes = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    held = Buffer.from(bytes.subarray(reader.take(bytes, false)));
  }
  reader.take(held, true);
  return Object.fromEntries(wanted.map((name) => [name, reader.printableField(name.toLowerCase())])) as Record<
    Name,
    string
  >;
}

/** How long the empty line at `at` is; 0 if there is none. */
export function emptyLineLength(bytes: Buffer, at: number): number {
  if (bytes[at] === LF) return 1;
  return bytes[at] === CR && bytes[at + 1] === LF ? 2 : 0;
}

function lineStart(bytes: Buffer, from: number, final: boolean): LineStart {
  const first = bytes[from];
  if (first === SP || first === HT) return "continuation";
  if (emptyLineLength(bytes, from) > 0) return "end";
  if (first === CR) return from + 1 < bytes.length || final ? "none" : "unknown";
  // A part whose header runs into a boundary has no body: no field's name begins like one.
  if (first === DASH && bytes[from + 1] === DASH) return "none";
  return nameAt(bytes, from, final);
}

function nameAt(bytes: Buffer, from: number, final: boolean): LineStart {
  let at = from;
  for (; at < bytes.length && at - from < MAIL_TOKEN; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === COLON) return { name: bytes.toString("latin1", from, at).toLowerCase() };
    if (byte > SP && byte < 0x7f) continue;
    // Unix mailboxes put a line before the header that is none of its fields.
    return bytes.toString("latin1", from, at + 1) === "From " ? { name: "" } : "none";
  }
  return at - from < MAIL_TOKEN && !final ? "unknown" : "none";
}
