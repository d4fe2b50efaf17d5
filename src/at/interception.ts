import type { AtLine } from "./at-line.ts";
import type { Invocation } from "./command-line.ts";
import { DiscardedEntry } from "./entry/discarded-entry.ts";
import { type Result, readResult } from "./result-code.ts";

/** The data that a command takes before it is answered. */
export interface StandInEntry {
  readonly prompt: string;
  /** Whether the data follow the prompt on its line. */
  readonly inline?: boolean | undefined;
  /** As of {@link DiscardedEntry}, like `binary`. */
  readonly length?: number | undefined;
  readonly binary?: boolean | undefined;
  /** Whether the prompt comes again behind each CR. */
  readonly repeated?: boolean | undefined;
}

/** What answers a command instead of its handler. */
export interface StandIn {
  readonly lines: readonly string[];
  /** As the journal writes it. */
  readonly result: string;
  readonly entry?: StandInEntry | undefined;
}

/** What is to happen to a command. */
export interface Interception {
  /** The command waits for it. Rejects when the signal aborts. */
  readonly delay?: Promise<void> | undefined;
  readonly answer?: StandIn | undefined;
}

/** Says what is to happen to a command instead of what its handler does; `undefined` for all others. */
export type Intercept = (name: string, form: Invocation["form"], signal: AbortSignal) => Interception | undefined;

/**
 * Answers a command in the place of its handler. The answer is the same when the host gives the data up; the command fails
 * when the host never ends them.
 */
export function standIn({ lines, result, entry }: StandIn, line: AtLine): Result | Promise<Result> {
  const answer = () => {
    if (lines.length > 0) line.info(lines.join("\r\n"));
    return readResult(result);
  };
  if (entry === undefined) return answer();
  const { prompt, inline = false, length, binary = false, repeated = false } = entry;
  const reprompt = repeated ? `\r\n${prompt}` : undefined;
  return line
    .prompt(prompt, new DiscardedEntry({ length, binary, reprompt }), inline ? "inline" : "line")
    .then((outcome) => (outcome === "ended" || outcome === "escaped" ? answer() : "ERROR"));
}
