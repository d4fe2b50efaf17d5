/** The codes that end the answer to a command line, as words (V.250 5.7.1; 27.007 9.1; 27.005 3.2.5). */
const FINAL_LINE = /^(?:OK|ERROR|\+CM[ES] ERROR: .*|NO CARRIER|BUSY|NO ANSWER|NO DIALTONE|CONNECT.*)$/;
/** The same with `ATV0`. */
const FINAL_NUMBER = /^[0-8]$/;
const PROMPT_LINE = /^(?:\+\w+: (?:REQUEST|BEGIN))$/;
const PROMPT_TAIL = /^>{1,2} ?$/;

/** Whether a line that a module printed ends the answer to a command line. */
export function isFinalResult(line: string): boolean {
  return FINAL_LINE.test(line) || FINAL_NUMBER.test(line);
}

/** Whether a line that a module printed, or the unended one at the end, asks for data. */
export function isPrompt(line: string, ended: boolean): boolean {
  return ended ? PROMPT_LINE.test(line) : PROMPT_TAIL.test(line);
}

/** The lines of what a module printed, without the empty ones; the last one has not ended where `rest` is not empty. */
export function splitLines(text: string): { readonly lines: readonly string[]; readonly rest: string } {
  const pieces = text.split(/\r\n|\r|\n/);
  const rest = pieces.pop() ?? "";
  return { lines: pieces.filter((line) => line !== ""), rest };
}
