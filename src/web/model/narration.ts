import type { RigEvent, RigEventType } from "../../rig/events.ts";
import { formatBytes } from "./format.ts";
import type { Group } from "./row.ts";

/** What happened beside the serial line, in a sentence. */
export interface Narration {
  readonly group: Group;
  readonly text: string;
  readonly bad?: boolean;
  /** Whether the session begins anew here. */
  readonly fresh?: boolean;
  /** Bytes that the sentence is about. */
  readonly bytes?: string;
}

type EventOf<Type> = RigEvent & { readonly type: Type };

/** The types that are told in a sentence of their own; the others belong to the serial line or to a connection. */
type Told = Exclude<
  RigEventType,
  "host" | "module" | "line" | "command" | "result" | "unknown" | "urc" | "entry" | "connection" | "lint"
>;

const ACTIONS = { written: "was written", removed: "was removed", renamed: "was renamed", made: "was made" } as const;

const TELL: { readonly [Type in Told]: (event: EventOf<Type>) => Narration } = {
  // It comes again after a reset, when the journal is empty but its numbers go on.
  rig: ({ seq, version, seed, now }) => ({
    group: "state",
    text:
      seq === 1
        ? `The rig started at ${now.replace("T", " ").replace("Z", " UTC")}: vmodem ${version}, seed ${seed}`
        : `The rig was reset: everything is as at the start, seed ${seed}`,
    fresh: true,
  }),
  state: ({ what, value }) => ({ group: "state", text: `${capital(what)} is now ${describeValue(value)}` }),
  file: ({ path, action, size, to }) => ({
    group: "state",
    text: `${path} ${ACTIONS[action]}${to === undefined ? "" : ` to ${to}`}${action === "written" && size !== undefined ? `, ${formatBytes(size)}` : ""}`,
  }),
  mail: ({ from, recipients, subject, size }) => ({
    group: "sandbox",
    text: `The sandbox received a mail from ${from} to ${recipients.join(", ")}: ${subject === "" ? "no subject" : subject} (${formatBytes(size)})`,
  }),
  request: ({ method, target, status }) => ({
    group: "sandbox",
    text: `The sandbox answered ${method} ${target} with ${status}`,
  }),
  upload: ({ path, size }) => ({
    group: "sandbox",
    text: `The sandbox received the file ${path}, ${formatBytes(size)}`,
  }),
  fault: ({ id, kind }) => ({ group: "fault", text: `Fault ${id} fired: ${kind}`, bad: true }),
  sent: ({ id, bytes }) => ({ group: "network", text: `Connection ${id}, to the server`, bytes }),
  received: ({ id, bytes }) => ({ group: "network", text: `Connection ${id}, from the server`, bytes }),
  log: ({ seq, at, modem, type, level, event, ...details }) => ({
    group: "log",
    text: `${level}: ${event}${Object.keys(details).length === 0 ? "" : ` ${JSON.stringify(details)}`}`,
    bad: level === "error",
  }),
};

/** Tells an event; `undefined` for those of the serial line and of connections, and for types that this page does not know. */
export function narrate(event: RigEvent): Narration | undefined {
  const table: Readonly<Record<string, (event: never) => Narration>> = TELL;
  return Object.hasOwn(table, event.type) ? table[event.type]?.(event as never) : undefined;
}

function capital(word: string): string {
  return `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
}

function describeValue(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
