import { DiscardedEntry } from "../../at/entry/discarded-entry.ts";
import type { Exchange } from "./exchange.ts";

/** Data entry, as a fault of the kind `answer` has it. */
export interface LearnedEntry {
  readonly prompt: string;
  readonly inline?: true;
  readonly length?: number;
  readonly binary?: true;
  readonly repeated?: true;
}

/** What a module said to a command line besides the echo, the prompt for data and their echo. */
export interface Reply {
  readonly entry?: LearnedEntry;
  readonly said: string;
  /** Where that begins in all that it said. */
  readonly start: number;
}

const COMMAND_LINE = /^\s*[^\r]*\r\n?/;
const PROMPT = /^\r\n([ -~\x80-\xff]{1,256})(\r\n)?$/;

/** Parts what a module said in an exchange. Gives in words why that cannot be done. */
export function replyOf({ host, theirs, pieces }: Pick<Exchange, "host" | "theirs" | "pieces">): Reply | string {
  const [line] = COMMAND_LINE.exec(host) ?? [];
  if (line === undefined) return "it is not one command line";
  const echo = echoOf(line, theirs);
  if (line.length === host.length) return { said: theirs.slice(echo.length), start: echo.length };
  const piece = pieces.find((each) => each.host === line.length);
  if (piece === undefined) return "its data came with the command line";
  const [, prompt, end] = PROMPT.exec(theirs.slice(echo.length, piece.theirs)) ?? [];
  if (prompt === undefined) return "what the module said before the data is not a prompt";
  const head: LearnedEntry = { prompt, ...(end === undefined ? { inline: true } : {}) };
  const data = host.slice(line.length);
  const after = theirs.slice(piece.theirs);
  for (const entry of entriesFor(head, line, data)) {
    const printed = printedFor(entry, data, echo !== "");
    if (printed === undefined || !after.startsWith(printed)) continue;
    return { entry, said: after.slice(printed.length), start: piece.theirs + printed.length };
  }
  return "its data go on behind their end";
}

/** What data may have been entered in: those first whose length the line names, and of the others those with a mark at their end. */
function entriesFor(head: LearnedEntry, line: string, data: string): readonly LearnedEntry[] {
  const { length } = data;
  const counted = { ...head, length };
  const isNamed = new RegExp(`[=,] *${length} *[,\r]`).test(line);
  const entries = isNamed ? [counted, head] : [head, counted];
  const styles = head.inline === true && data.includes("\r") ? [{ repeated: true } as const, {}] : [{}];
  return entries.flatMap((entry) =>
    styles.flatMap((style) => [{ ...entry, ...style }, { ...entry, ...style, binary: true } as const]),
  );
}

/** What is printed while such data are entered; `undefined` where they do not end with their last byte. */
function printedFor(entry: LearnedEntry, data: string, echoes: boolean): string | undefined {
  const { prompt, length, binary, repeated } = entry;
  const discarded = new DiscardedEntry({
    length,
    binary: binary === true,
    reprompt: repeated === true ? `\r\n${prompt}` : undefined,
  });
  let printed = "";
  const print = (bytes: Uint8Array) => {
    printed += Buffer.from(bytes).toString("latin1");
  };
  const { consumed, ended } = discarded.push(Buffer.from(data, "latin1"), echoes ? print : undefined, print);
  return ended && consumed === data.length ? printed : undefined;
}

/** The echo of a line, which a record may show masked. */
function echoOf(line: string, theirs: string): string {
  const typed = line.trimStart().replace(/\n$/, "");
  const echo = theirs.slice(0, typed.length);
  const isEcho = [...typed].every((byte, at) => echo[at] === byte || echo[at] === "*");
  return isEcho && echo.endsWith("\r") ? echo : "";
}
