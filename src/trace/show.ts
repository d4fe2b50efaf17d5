import { cmeErrorText } from "../at/cme-error.ts";
import { cmsErrorText } from "../at/cms-error.ts";
import type { RigEvent, RigEventType } from "../rig/events.ts";
import { LINT_RULES } from "../rig/lint/rules.ts";
import { visibleBytes } from "../rig/report/visible-bytes.ts";
import { hexDump } from "./hex-dump.ts";

/** How events are printed. */
export interface ShowOptions {
  /** With the escape sequences of a terminal. Default: no. */
  readonly color?: boolean;
  /** Whether each line names its modem, where there are several. Default: no. */
  readonly modems?: boolean;
  /** How many characters of a payload are printed. Default: 100. */
  readonly width?: number;
  /** How many bytes a payload had, where the middle has been left out of it. */
  readonly length?: number | undefined;
  /** Whether payloads are printed in whole, in hexadecimal. Default: no. */
  readonly hex?: boolean;
}

/** Who speaks, as the golden transcripts have it: `>` the host, `<` the module; `!` is what went wrong, `*` the rest. */
type Mark = ">" | "<" | "!" | "*";

const COLORS: Readonly<Record<Mark, string>> = { ">": "36", "<": "32", "!": "31", "*": "2" };
const TIME_WIDTH = 10;

/**
 * An event as a person reads it: time in seconds, direction, and what happened, with control bytes visible and each payload
 * cut to a line. No line where the bytes on the serial line show it already.
 */
export function showEvent(event: RigEvent, options: ShowOptions = {}): readonly string[] {
  const { color = false, modems = false, width = 100, length, hex = false } = options;
  const told = hex ? tellInHex(event, width) : tell(event, width, length);
  if (told === undefined) return [];
  const [mark, first, ...more] = told;
  const time = (event.at / 1000).toFixed(3).padStart(TIME_WIDTH);
  const who = modems ? ` ${(event.modem ?? "").padEnd(3)}` : "";
  const indent = " ".repeat(TIME_WIDTH + who.length + 3);
  const lines = [`${time}${who} ${mark} ${first}`, ...more.map((line) => `${indent}${line}`)];
  return color ? lines.map((line) => `\x1b[${COLORS[mark]}m${line}\x1b[0m`) : lines;
}

type Told = readonly [mark: Mark, first: string, ...more: string[]] | undefined;

type EventOf<Type> = RigEvent & { readonly type: Type };

/** What is told of an event; `undefined` where others of the same moment tell it. */
const TELL: { readonly [Type in RigEventType]: (event: EventOf<Type>, width: number, length?: number) => Told } = {
  host: ({ bytes }, width, length) => [">", visibleBytes(bytes, width, length)],
  module: ({ bytes }, width, length) => ["<", visibleBytes(bytes, width, length)],
  line: () => undefined,
  command: () => undefined,
  urc: () => undefined,
  unknown: (event, width) => ["!", `unknown command ${visibleBytes(event.text, width)}; ${tellMeant(event)}`],
  result: ({ name, result }) => tellResult(name, result),
  entry: (event) => tellEntry(event),
  lint: ({ rule, message }) => tellLint(rule, message),
  fault: ({ id, kind }) => ["!", `fault ${id} (${kind})`],
  connection: (event) => tellConnection(event),
  sent: ({ id, bytes }, width) => ["*", `connection ${id} > ${visibleBytes(bytes, width)}`],
  received: ({ id, bytes }, width) => ["*", `connection ${id} < ${visibleBytes(bytes, width)}`],
  rig: ({ version, seed, now }) => ["*", `vmodem ${version}, seed ${seed}, ${now}`],
  file: ({ path, action, to }) => ["*", plain(`file ${path} ${action}${to === undefined ? "" : ` to ${to}`}`)],
  state: ({ what, value }) => ["*", plain(`${what}: ${typeof value === "string" ? value : JSON.stringify(value)}`)],
  mail: ({ from, recipients, subject }, width) => [
    "*",
    plain(`the sandbox got a mail from ${from} to ${recipients.join(", ")}: ${subject}`, width),
  ],
  request: ({ method, target, status }, width) => [
    "*",
    plain(`the sandbox answered ${method} ${target} with ${status}`, width),
  ],
  upload: ({ path, size }) => ["*", plain(`the sandbox got the file ${path}, ${size} bytes`)],
  log({ seq, at, modem, type, level, event, ...details }, width) {
    const more = Object.keys(details).length === 0 ? "" : ` ${JSON.stringify(details)}`;
    return [level === "error" || level === "warn" ? "!" : "*", plain(`${level}: ${event}${more}`, width)];
  },
};

function tell<Type extends RigEventType>(event: EventOf<Type>, width: number, length?: number): Told {
  return TELL[event.type](event, width, length);
}

function tellInHex(event: RigEvent, width: number): Told {
  const told = tell(event, width);
  if (told === undefined || !("bytes" in event) || typeof event.bytes !== "string") return told;
  const connection = "id" in event ? `connection ${event.id} ${event.type === "sent" ? ">" : "<"} ` : "";
  return [told[0], `${connection}${event.bytes.length} bytes`, ...hexDump(event.bytes)];
}

/** Text with what a terminal would obey made visible, cut to a line. */
function plain(text: string, width = 200): string {
  return visibleBytes(Buffer.from(text).toString("latin1"), width);
}

function tellMeant({ nearest, lacking }: EventOf<"unknown">): string {
  if (lacking === true) return "this identity lacks it";
  return nearest.length === 0 ? "no command has a name like it" : `nearest: ${nearest.join(", ")}`;
}

/** `OK` says nothing new; an error is told with the text of its number, which the module prints with AT+CMEE=2 only. */
function tellResult(name: string, result: string): Told {
  if (["OK", "NONE", "CONNECT"].includes(result)) return undefined;
  const [, kind, code] = /^\+(CM[ES]) ERROR: (\d+)$/.exec(result) ?? [];
  const number = Number(code);
  const text = kind === "CME" ? cmeErrorText(number) : cmsErrorText(number);
  return ["!", `AT${name} failed: ${result}${kind === undefined ? "" : ` (${text})`}`];
}

function tellEntry(event: EventOf<"entry">): Told {
  if (event.phase === "begin") return undefined;
  const data = `data of AT${event.name}: ${event.bytes} bytes`;
  switch (event.outcome) {
    case "ended":
      return ["*", data];
    case "escaped":
      return ["*", `${data}, then ESC`];
    case "silent":
      return ["!", `${data}, then the host fell silent`];
    case "cut":
      return ["!", `${data}, then the host went away`];
  }
}

function tellLint(rule: string, message: string): Told {
  // The event `unknown` says the same.
  if (rule === "unknown-command") return undefined;
  const remedy = Object.hasOwn(LINT_RULES, rule) ? LINT_RULES[rule as keyof typeof LINT_RULES].remedy : undefined;
  if (remedy === undefined || !message.endsWith(`; ${remedy}`)) return ["!", `lint ${rule}: ${message}`];
  return ["!", `lint ${rule}: ${message.slice(0, -remedy.length - 2)}`, `remedy: ${remedy}`];
}

function tellConnection(event: EventOf<"connection">): Told {
  const { phase, service, host = "", port = 0, error, sent = 0, received = 0 } = event;
  const name = `${service} connection ${event.id} to ${host}:${port}`;
  if (phase === "open") return ["*", `${name} is open`];
  if (phase === "end") return ["*", `${name} has ended: ${sent} bytes sent, ${received} received`];
  if (phase === "fail") return ["!", `${name} failed: ${error ?? "UNKNOWN"}${REASONS[error ?? ""] ?? ""}`];
  return undefined;
}

/** What the codes of a failed connection mean. */
const REASONS: Readonly<Record<string, string>> = {
  UNRESOLVED: " (there is no address for the name)",
  REFUSED: " (nothing listens there)",
  UNREACHABLE: " (there is no way to the host, or no radio network)",
  TIMEOUT: " (no answer in time)",
  RESET: " (the server, or the loss of the radio network, broke it)",
  CLOSED: " (the server closed it too early)",
};
