import { cmeError } from "../../at/cme-error.ts";
import type { Result } from "../../at/result-code.ts";
import { CALL_ENDS } from "../../module/calls/call.ts";
import { listedCall } from "../../module/calls/call-reports.ts";
import type { Calls } from "../../module/calls/calls.ts";
import { type DialTarget, readDialString } from "../../module/calls/dial-string.ts";
import { PHONE_BOOK_STORAGES } from "../../module/phone-book/phone-book.ts";
import { readText } from "../../module/sms/charset.ts";
import { charsetOf } from "../../module/sms/message-text.ts";
import { type Command, defineCommand, type ModemContext } from "../modem-context.ts";
import { settingCommand } from "../setting-command.ts";
import { dataCallContext, dialData } from "./data-call.ts";

const v250 = (section: string) => ({ document: "V.250", section }) as const;
const ts27007 = (section: string) => ({ document: "27.007", section }) as const;
const field = { document: "field", section: "7" } as const;

/** 27.007 9.2: there is no entry of that place or name. */
const NOT_FOUND = cmeError(22);

/** Prints a line before the result of the command: VOICE CALL comes there (module.md 0.10). */
const printerOf =
  ({ line }: ModemContext) =>
  (text: string) =>
    line.info(text);

const dial = defineCommand({
  name: "D",
  summary:
    "Dials: with a semicolon a voice call, to a number or an entry of the phone book, which is not waited for; *99# begins a data call; else nobody answers",
  spec: v250("6.3.1"),
  kind: "synchronous",
  needsPin: true,
  parameters: [
    { kind: "string", name: "digits", maxLength: 2048 },
    { kind: "word", name: "voice", values: [";"], optional: true },
  ],
  write({ digits, voice }, context) {
    const { calls } = context;
    const target = readDialString(digits);
    if (target?.kind === "last number") return dialVoice(calls, calls.lastNumber);
    if (voice === undefined) return target?.kind === "number" ? dialForData(target.number, context) : "NO CARRIER";
    if (target?.kind !== "entry" && target?.kind !== "name") return dialNumber(target, context);
    const stored = storedNumber(target, context);
    return stored === undefined ? NOT_FOUND : dialNumber(readDialString(stored), context);
  },
});

function dialForData(number: string, context: ModemContext): Result {
  const wanted = dataCallContext(number);
  return wanted === undefined ? "NO CARRIER" : dialData(wanted, context);
}

function dialNumber(target: DialTarget | undefined, { calls, ussd }: ModemContext): Result {
  const number = target?.kind === "number" ? target.number : undefined;
  // 3GPP TS 22.030 6.5.2: what begins with * or # and ends with # is for the network, and no number.
  if (number !== undefined && /^[*#].*#$/.test(number)) return ussd.send(number) ? "OK" : "NO CARRIER";
  return dialVoice(calls, number);
}

/** The number of an entry of the phone book; `undefined` where there is none. @spec 27.007 6.3 */
function storedNumber(
  target: Extract<DialTarget, { readonly kind: "entry" | "name" }>,
  { phoneBook, settings }: ModemContext,
): string | undefined {
  if (target.kind === "name") {
    const name = readText(target.name, charsetOf(settings));
    return name === undefined ? undefined : phoneBook.findName(name)?.number;
  }
  const { storage: named = phoneBook.storage, index } = target;
  const storage = PHONE_BOOK_STORAGES.find((each) => each === named);
  return storage && phoneBook.get(storage, index)?.number;
}

function dialVoice(calls: Calls, number: string | undefined): Result {
  if (number === undefined) calls.lastEnd = "number";
  return number !== undefined && calls.dial(number) ? "OK" : "NO CARRIER";
}

const answer = defineCommand({
  name: "A",
  summary: "Answers the call that rings",
  spec: v250("6.3.5"),
  kind: "synchronous",
  needsPin: true,
  parameters: [],
  execute: (context) => (context.calls.answer(printerOf(context)) ? "OK" : "NO CARRIER"),
});

const hangUp = defineCommand({
  name: "H",
  summary: "Hangs up; with AT+CVHU=1 data calls only",
  spec: v250("6.3.6"),
  kind: "synchronous",
  needsPin: false,
  parameters: [{ kind: "int", name: "value", min: 0, max: 1, optional: true }],
  write(_, context) {
    const { line, settings, calls } = context;
    line.hangUp();
    if (settings.get("+CVHU") === 0) calls.hangUp(printerOf(context));
    return "OK";
  },
});

const hangUpVoice = defineCommand({
  name: "+CHUP",
  summary: "Hangs up voice calls",
  spec: ts27007("6.5"),
  kind: "synchronous",
  needsPin: true,
  parameters: [],
  execute(context) {
    context.calls.hangUp(printerOf(context));
    return "OK";
  },
});

const list: Command = {
  ...settingCommand("+CLCC", { summary: "Lists the calls; reports of the list", spec: ts27007("7.18") }),
  needsPin: true,
  execute({ line, calls, settings }) {
    const lines = calls.list.map((call) => listedCall(call, settings));
    if (lines.length > 0) line.info(lines.join("\r\n"));
    return "OK";
  },
};

const activity = defineCommand({
  name: "+CPAS",
  summary: "Activity of the module: 0 is ready, 3 rings, 4 has a call",
  spec: ts27007("8.1"),
  kind: "synchronous",
  needsPin: false,
  parameters: [],
  test: () => ["+CPAS: (0,3,4)"],
  execute({ line, calls }) {
    const [call] = calls.list;
    const status = call === undefined ? 0 : call.state === "incoming" ? 3 : 4;
    line.info(`+CPAS: ${status}`);
    return "OK";
  },
});

const tones = defineCommand({
  name: "+VTS",
  summary: "Sends tones to the far end",
  spec: ts27007("C.2.11"),
  kind: "synchronous",
  needsPin: true,
  parameters: [
    { kind: "string", name: "keys", minLength: 1, maxLength: 29, bare: true },
    { kind: "int", name: "duration", min: 0, max: 255, optional: true },
  ],
  test: () => ["+VTS: (0-9,*,#,A,B,C,D)"],
  write({ keys }, { calls }) {
    if (!/^[0-9*#A-D](,[0-9*#A-D])*$/i.test(keys)) return "ERROR";
    return calls.sendTones(keys.replaceAll(",", "").toUpperCase()) ? "OK" : "ERROR";
  },
});

type Operation = (calls: Calls, print: (text: string) => void) => boolean;

/** What AT+CHLD does with all calls, and with one of them. @spec 27.007 7.13 */
const OPERATIONS: Readonly<Record<number, Operation>> = {
  0: (calls, print) =>
    calls.release("waiting", print) || calls.release("incoming", print) || calls.release("held", print),
  1: (calls, print) => [calls.release("active", print), calls.accept(print)].includes(true),
  2: (calls, print) => calls.swap(print),
  3: (calls) => calls.join(),
  4: (calls, print) => calls.transfer(print),
  ...Object.fromEntries(
    [1, 2, 3, 4, 5, 6, 7].flatMap((id): readonly (readonly [number, Operation])[] => [
      [10 + id, (calls, print) => calls.releaseOne(id, print)],
      [20 + id, (calls, print) => calls.consult(id, print)],
    ]),
  ),
};

const hold = defineCommand({
  name: "+CHLD",
  summary: "Holds, swaps, joins and releases calls",
  spec: ts27007("7.13"),
  kind: "synchronous",
  needsPin: true,
  parameters: [{ kind: "int", name: "operation", min: 0, max: 27, values: Object.keys(OPERATIONS).map(Number) }],
  test: () => ["+CHLD: (0,1,1x,2,2x,3,4)"],
  write({ operation }, context) {
    return OPERATIONS[operation]?.(context.calls, printerOf(context)) ? "OK" : "ERROR";
  },
});

const lastEnd = defineCommand({
  name: "+CEER",
  summary: "Why the last call has ended",
  spec: ts27007("6.10"),
  kind: "synchronous",
  needsPin: false,
  parameters: [],
  execute({ line, calls }) {
    line.info(`+CEER: ${CALL_ENDS[calls.lastEnd]}`);
    return "OK";
  },
});

/** Defines a command of pulse or tone dialling: there is no line that knows the difference (V.250 6.3.2, 6.3.3). */
function diallingCommand(name: "T" | "P", summary: string, section: string): Command {
  return defineCommand({
    name,
    summary,
    spec: v250(section),
    kind: "synchronous",
    needsPin: false,
    parameters: [],
    execute: () => "OK",
  });
}

/** Voice calls. */
export const callCommands: readonly Command[] = [
  dial,
  diallingCommand("T", "Tone dialling", "6.3.2"),
  diallingCommand("P", "Pulse dialling", "6.3.3"),
  answer,
  hangUp,
  hangUpVoice,
  list,
  activity,
  tones,
  hold,
  lastEnd,
  settingCommand("+VTD", { summary: "Duration of tones", spec: ts27007("C.2.12") }),
  settingCommand("+DDET", { summary: "Reports of tones from the far end", spec: field }),
  settingCommand("+MORING", { summary: "Report that the far end rings", spec: field }),
];
