import { quoted } from "../../codec/quoted-string.ts";
import type { Identity } from "../identity.ts";
import { formatStamp, type Rtc } from "../rtc.ts";
import type { Settings } from "../settings/settings.ts";
import { printText } from "../sms/charset.ts";
import { charsetOf, typeOfNumber } from "../sms/message-text.ts";
import { CALL_STATES, type Call, type CallChange, type CallEnd } from "./call.ts";
import type { Calls } from "./calls.ts";

export interface CallReportParts {
  readonly module: { readonly calls: Calls; readonly rtc: Rtc };
  readonly settings: Settings;
  readonly identity: Identity;
  readonly urc: (text: string) => void;
}

/** Prints what happens to calls, and answers by itself as ATS0 says. Returns what ends that. */
export function reportCalls(parts: CallReportParts): () => void {
  const { module, settings, identity, urc } = parts;
  const { calls } = module;
  const ends = [
    calls.rang.add((call) => {
      urc(settings.get("+CRC") === 1 ? "+CRING: VOICE" : "RING");
      if (settings.get("+CLIP") === 1) urc(callerLine(call, settings));
    }),
    calls.changed.add((change) => reportChange(change, parts)),
    calls.keyPressed.add((key) => {
      // A module without AT+DDET always reports tones.
      if (settings.get("+DDET") === 1 || identity.lacks.includes("+DDET")) urc(`+RXDTMF: ${key}`);
    }),
  ];
  calls.ringsToAnswer = () => settings.get("S0");
  return () => {
    for (const end of ends) end();
    calls.ringsToAnswer = () => 0;
  };
}

function reportChange(change: CallChange, parts: CallReportParts): void {
  const { settings, module, urc } = parts;
  const { call, before, ending, print = urc } = change;
  const list =
    settings.get("+CLCC") === 1
      ? (out: typeof print) => out(listChanged(call, module.calls, settings))
      : () => undefined;
  if (ending === undefined) {
    if (call.state === "waiting" && settings.get("+CCWA") === 1) urc(waitingLine(call, settings));
    if (call.state === "alerting" && settings.get("+MORING") === 1) urc("VOICE CALL: ALERTING");
    if (call.state === "active" && before !== "held" && before !== "active") print("VOICE CALL: BEGIN");
    // The command's response has the line above, and its result comes before this one.
    list(urc);
    return;
  }
  if (module.calls.list.length === 0) unmute(settings);
  if (isMissed(change)) {
    urc(missedLine(call, module.rtc));
    return;
  }
  list(print);
  for (const line of endLines(call, ending, settings)) print(line);
}

function isMissed({ call, ending }: CallChange): boolean {
  return call.direction === "incoming" && call.answered === undefined && ending?.why !== "host";
}

/** A call that the host ends has no result code; one that was never answered no time. */
function endLines(call: Call, { why, talk }: NonNullable<CallChange["ending"]>, settings: Settings): readonly string[] {
  const end = talk === undefined ? "VOICE CALL: END" : `VOICE CALL: END: ${formatDuration(talk)}`;
  if (why === "host") return [end];
  return call.answered === undefined ? [failureCode(why, settings)] : [end, "NO CARRIER"];
}

/** V.250 6.2.7: the module tells busy and silence apart with ATX3 and ATX4 only. */
function failureCode(why: CallEnd, settings: Settings): string {
  if (settings.get("X") < 3) return "NO CARRIER";
  const codes: Partial<Record<CallEnd, string>> = { busy: "BUSY", "no answer": "NO ANSWER" };
  return codes[why] ?? "NO CARRIER";
}

/** AT+VMUTE and AT+CMUT hold for a call. */
function unmute(settings: Settings): void {
  settings.set("+VMUTE", 0);
  settings.set("+CMUT", 0);
}

/** A number of the caller that is not international is of unknown type (128); a dialled one is 129. */
function typeOfAddress({ direction, number }: Call): number {
  const type = typeOfNumber(number);
  return direction === "incoming" && type === 129 ? 128 : type;
}

function nameOf({ name }: Call, settings: Settings): string {
  return name === undefined ? "" : quoted(printText(name, charsetOf(settings)));
}

/** 27.007 7.6: CLI validity 1 says that the caller hides the number. */
function callerLine(call: Call, settings: Settings): string {
  const validity = call.number === "" ? 1 : 0;
  return `+CLIP: ${quoted(call.number)},${typeOfAddress(call)},,,${nameOf(call, settings)},${validity}`;
}

/** 27.007 7.12: class 1 is voice. */
function waitingLine(call: Call, settings: Settings): string {
  const { number } = call;
  return `+CCWA: ${quoted(number)},${typeOfNumber(number)},1,${nameOf(call, settings)},${number === "" ? 1 : 0}`;
}

/** `MISSED_CALL: 11:53AM 08020866256` */
function missedLine({ number }: Call, rtc: Rtc): string {
  const stamp = formatStamp(rtc.now());
  const hour = Number(stamp.slice(6, 8));
  const time = `${twoDigits(hour % 12 || 12)}:${stamp.slice(8, 10)}${hour < 12 ? "AM" : "PM"}`;
  return `MISSED_CALL: ${time} ${number}`.trimEnd();
}

/** `HHMMSS` of so many milliseconds. */
function formatDuration(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return parts.map(twoDigits).join("");
}

function twoDigits(value: number): string {
  return String(value).padStart(2, "0");
}

/** The line of a call in AT+CLCC. */
export function listedCall(call: Call, settings: Settings): string {
  const { id, direction, state, multiparty, number, name } = call;
  const fields = [
    id,
    direction === "incoming" ? 1 : 0,
    CALL_STATES[state],
    0,
    multiparty ? 1 : 0,
    quoted(number),
    typeOfAddress(call),
    ...(name === undefined ? [] : [nameOf(call, settings)]),
  ];
  return `+CLCC: ${fields.join(",")}`;
}

/** The list of calls, with one that has just ended. */
function listChanged(call: Call, { list }: Calls, settings: Settings): string {
  const shown = call.state === "ended" ? [...list, call].toSorted((a, b) => a.id - b.id) : list;
  return shown.map((each) => listedCall(each, settings)).join("\r\n");
}
