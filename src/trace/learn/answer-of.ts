import { cmeErrorText } from "../../at/cme-error.ts";
import { cmsErrorText } from "../../at/cms-error.ts";

/** The answer to a command line, as a fault of the kind `answer` has it. */
export interface Answer {
  readonly lines: readonly string[];
  readonly result: string;
}

/** An information response, if there is one, and a final result code; both as ATV1 frames them. */
const ANSWER =
  /^(?:\r\n((?:[\t\n -~\x80-\xff]|\r\n)*?)\r\n)??(?:\r\n(OK|ERROR|NO CARRIER|NO DIALTONE|NO ANSWER|BUSY|\+CM[ES] ERROR: [ -~]+)\r\n)?$/;
/** The highest number of an error (27.007 9.2). */
const LAST_ERROR = 999;
/** Most lines that an answer may have. */
const LINES = 1000;

/**
 * Reads what a module said to a command line, without its echo. Gives the answer that makes a module of ours print the same
 * where `errorLevel` is its AT+CMEE; `undefined` where no answer does.
 */
export function answerOf(said: string, errorLevel: number): Answer | undefined {
  const match = ANSWER.exec(said);
  if (match === null) return undefined;
  const [, text, final] = match;
  const lines = text === undefined ? [] : text.split("\r\n");
  if (lines.length >= LINES) return undefined;
  if (final === undefined) return { lines, result: "NONE" };
  const result = resultOf(final, errorLevel);
  if (result !== undefined) return { lines, result };
  // Printed as it is: as a line of its own behind the others.
  return { lines: [...lines, ...(lines.length === 0 ? [] : [""]), final], result: "NONE" };
}

/** The result that is printed so at that level. */
function resultOf(final: string, errorLevel: number): string | undefined {
  const [, kind, detail = ""] = /^\+(CM[ES]) ERROR: (.*)$/.exec(final) ?? [];
  if (kind === undefined) return final;
  if (/^\d{1,3}$/.test(detail)) return errorLevel === 1 ? final : undefined;
  if (errorLevel !== 2) return undefined;
  const textOf = kind === "CME" ? cmeErrorText : cmsErrorText;
  for (let number = 0; number <= LAST_ERROR; number++)
    if (textOf(number) === detail) return `+${kind} ERROR: ${number}`;
  return undefined;
}
