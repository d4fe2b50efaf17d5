import type { Settings } from "../module/settings/settings.ts";
import { type CmeError, cmeErrorText } from "./cme-error.ts";
import { type CmsError, cmsErrorText } from "./cms-error.ts";

/** Result codes with a number (V.250 table 1). */
const NUMBERS = {
  OK: 0,
  CONNECT: 1,
  RING: 2,
  "NO CARRIER": 3,
  ERROR: 4,
  "NO DIALTONE": 6,
  BUSY: 7,
  "NO ANSWER": 8,
} as const;

/** What a module that finds out the rate of its host (AT+IPR=0) reports. */
const AUTOMATIC_RATE = 115_200;

export type BasicResultCode = keyof typeof NUMBERS;

/**
 * How a command ends. `NONE`: it has no final result code of its own, because a STOP command has ended it (decisions 1.14)
 * or because it goes on beside the command lines and answers later.
 */
export type Result = BasicResultCode | CmeError | CmsError | "NONE";

export function isFailure(result: Result): boolean {
  return result !== "OK" && result !== "NONE" && result !== "CONNECT";
}

/** What stands before and after an information response, URC or intermediate result code, as ATV says (V.250 5.7.1, 6.2.6). */
export function frameEnds(settings: Pick<Settings, "get">): { readonly before: string; readonly after: string } {
  const after = String.fromCharCode(settings.get("S3"), settings.get("S4"));
  return { before: settings.get("V") === 1 ? after : "", after };
}

/** An information response, URC or intermediate result code of one or more lines, in its frame. */
export function frameText(text: string, settings: Pick<Settings, "get">): Buffer {
  const { before, after } = frameEnds(settings);
  return Buffer.from(before + text + after, "latin1");
}

/** An unsolicited line; one that is a result code, RING or NO CARRIER, follows ATV and ATQ (V.250 6.2.5, 6.2.6). */
export function frameUnsolicited(text: string, settings: Settings): Buffer {
  if (!Object.hasOwn(NUMBERS, text)) return frameText(text, settings);
  return frameResult(text as BasicResultCode, settings) ?? Buffer.alloc(0);
}

/** A final result code, framed as ATV, ATQ and AT+CMEE say; `undefined` where nothing is printed. */
export function frameResult(result: Result, settings: Settings): Buffer | undefined {
  if (result === "NONE" || settings.get("Q") === 1) return undefined;
  if (typeof result !== "string") {
    const level = settings.get("+CMEE");
    if (level === 0) return frameResult("ERROR", settings);
    // V.250 5.7.2: extended result codes have no numeric form.
    return frameText(describeError(result, level === 1), settings);
  }
  if (settings.get("V") === 1) return frameText(result === "CONNECT" ? connectText(settings) : result, settings);
  return Buffer.from(NUMBERS[result] + String.fromCharCode(settings.get("S3")), "latin1");
}

/** The rate of the line behind `CONNECT`; ATX0 leaves it out (V.250 6.2.7), its factory value does not. */
function connectText(settings: Settings): string {
  if (settings.isSet("X") && settings.get("X") === 0) return "CONNECT";
  return `CONNECT ${settings.get("+IPR") || AUTOMATIC_RATE}`;
}

/** A result in a word, whatever AT+CMEE says: `OK`, `+CME ERROR: 213`. */
export function describeResult(result: Result): string {
  return typeof result === "string" ? result : describeError(result, true);
}

/** Reads what {@link describeResult} gives; `ERROR` for anything else. */
export function readResult(text: string): Result {
  const [, kind, number] = /^\+(CM[ES]) ERROR: (\d{1,3})$/.exec(text) ?? [];
  if (kind !== undefined) return kind === "CME" ? { cme: Number(number) } : { cms: Number(number) };
  return text === "NONE" || Object.hasOwn(NUMBERS, text) ? (text as BasicResultCode | "NONE") : "ERROR";
}

function describeError(error: CmeError | CmsError, numeric: boolean): string {
  if ("cms" in error) return `+CMS ERROR: ${numeric ? error.cms : cmsErrorText(error.cms)}`;
  return `+CME ERROR: ${numeric ? error.cme : cmeErrorText(error.cme)}`;
}
