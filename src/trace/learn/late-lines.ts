/** Milliseconds after which an unsolicited line counts as later than it can be learned: it is learned for that time. */
export const LATEST = 2000;

/** An unsolicited line that came behind the result of a command line, so many milliseconds after that line. */
export interface LateLine {
  readonly text: string;
  readonly after: number;
}

/** When each piece of what a module said came: its place, and the milliseconds since the host had spoken. */
export type PieceTimes = readonly { readonly start: number; readonly after: number }[];

/** An answer up to its first final result code, and nothing but whole lines behind it. */
const ANSWER_AND_LATE =
  /^([\0-\xff]*?\r\n(?:OK|ERROR|NO CARRIER|NO DIALTONE|NO ANSWER|BUSY|\+CM[ES] ERROR: [ -~]+)\r\n)((?:\r\n[ -~\x80-\xff]{1,2048}\r\n)+)$/;

/** Parts what a module said to a command line into its answer and the lines behind it; `undefined` where there are none. */
export function partLate(
  said: string,
  times: PieceTimes,
): { readonly answer: string; readonly late: readonly LateLine[] } | undefined {
  const [, answer, behind] = ANSWER_AND_LATE.exec(said) ?? [];
  if (answer === undefined || behind === undefined) return undefined;
  const late = [...behind.matchAll(/[^\r\n]+/g)].map(({ 0: text, index }) => {
    const place = answer.length + index;
    const after = times.findLast(({ start }) => start <= place)?.after ?? 0;
    return { text, after: Math.min(LATEST, Math.round(after)) };
  });
  return { answer, late };
}
