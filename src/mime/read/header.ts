import { CR, LF, SP } from "../../codec/control-bytes.ts";
import { MAIL_LIMITS } from "../limits.ts";
import { trimBlanks } from "./structured-field.ts";

const HT = 0x09;
const COLON = 0x3a;
const DASH = 0x2d;

/** What kind of line a header line is, by its first bytes. `name` is lower case. */
type LineStart = "unknown" | "end" | "none" | "continuation" | { readonly name: string };

/**
 * Reads the header of a message or of a part, and keeps some of its fields. The caller owns the buffer: bytes that
 * {@link take} leaves are to be passed again, with more bytes behind them.
 *
 * @rfc 5322 §2.2
 */
export class HeaderReader {
  readonly #fields = new Map<string, Buffer[] | undefined>();
  #state: "line-start" | "in-line" | "over" = "line-start";
  /** The pieces of the current field if it is wanted, and how many more bytes of it are kept. */
  #field: Buffer[] | undefined;
  #room = 0;

  /** Keeps the first of each of the named fields; names are lower case. */
  constructor(wanted: readonly string[]) {
    for (const name of wanted) this.#fields.set(name, undefined);
  }

  /** Whether the header has ended: by its empty line, or by a line that cannot belong to a header. */
  get over(): boolean {
    return this.#state === "over";
  }

  /**
   * Takes header lines from the front of `bytes` and gives their length, without the closing empty line. It takes less than
   * everything at the end of the header, and where the kind of a line depends on bytes to come (`final`: none come).
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
    return trimBlanks(line.slice(line.indexOf(":") + 1).replace(/\r?\n/g, ""));
  }

  /** The value of a field for printing: control characters, which could imitate the end of a response, become blanks. */
  printableField(name: string): string {
    return trimBlanks(this.field(name).replace(/\p{Cc}/gu, (control) => (control >= "\x80" ? control : " ")));
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
    this.#room = MAIL_LIMITS.field;
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
 * Reads fields of the header at the start of `source`, as {@link HeaderReader.printableField} gives them, and drops the
 * rest of the source. A field that is absent is empty.
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

/** The length of the empty line at `at`; 0 if there is none. */
export function emptyLineLength(bytes: Buffer, at: number): number {
  if (bytes[at] === LF) return 1;
  return bytes[at] === CR && bytes[at + 1] === LF ? 2 : 0;
}

function lineStart(bytes: Buffer, from: number, final: boolean): LineStart {
  const first = bytes[from];
  if (first === SP || first === HT) return "continuation";
  if (emptyLineLength(bytes, from) > 0) return "end";
  if (first === CR) return from + 1 < bytes.length || final ? "none" : "unknown";
  // The header of a part may end at a boundary line without an empty line. No field name begins with two dashes.
  if (first === DASH && bytes[from + 1] === DASH) return "none";
  return nameAt(bytes, from, final);
}

/** RFC 5322 §4.5: blanks may stand between a field's name and its colon. */
function nameAt(bytes: Buffer, from: number, final: boolean): LineStart {
  let at = from;
  let end = from;
  for (; at < bytes.length && at - from < MAIL_LIMITS.token; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === COLON) return { name: bytes.toString("latin1", from, end).toLowerCase() };
    if (byte === SP || byte === HT) continue;
    if (byte < SP || byte >= 0x7f || end < at) return isMailboxLine(bytes, from) ? { name: "" } : "none";
    end = at + 1;
  }
  if (at - from < MAIL_LIMITS.token && !final) return "unknown";
  return isMailboxLine(bytes, from) ? { name: "" } : "none";
}

/** Unix mailboxes put a line "From address date" before the header. */
function isMailboxLine(bytes: Buffer, from: number): boolean {
  return bytes.toString("latin1", from, from + 5) === "From ";
}
