import type { AtLine, PromptStyle } from "./at-line.ts";
import type { Invocation } from "./command-line.ts";
import { DiscardedEntry } from "./entry/discarded-entry.ts";
import { type Result, readResult } from "./result-code.ts";

/** The data that a command takes before it is answered. */
export interface StandInEntry {
  readonly prompt: string;
  readonly style: PromptStyle;
  /** As of {@link DiscardedEntry}. */
  readonly length?: number | undefined;
  readonly binary: boolean;
  /** Whether the prompt comes again behind each CR. */
  readonly repeated: boolean;
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

/** Answers a command in the place of its handler. Data that are given up are answered like others; without their end it fails. */
export function standIn({ lines, result, entry }: StandIn, line: AtLine): Result | Promise<Result> {
  const answer = () => {
    if (lines.length > 0) line.info(lines.join("\r\n"));
    return readResult(result);
  };
  if (entry === undefined) return answer();
  const { prompt, style, length, binary, repeated } = entry;
  const reprompt = repeated ? `\r\n${prompt}` : undefined;
  return line
    .prompt(prompt, new DiscardedEntry({ length, binary, reprompt }), style)
    .then((outcome) => (outcome === "ended" || outcome === "escaped" ? answer() : "ERROR"));
}
