import type { EventBody } from "../platform/events.ts";

/** What the rig itself adds to the events of its modems (instrument 2). */
export type RigEventBody =
  | EventBody
  /** The first event. `now` is the moment at which `at` was 0. */
  | {
      readonly type: "rig";
      readonly now: string;
      readonly version: string;
      readonly seed: number;
      readonly options: unknown;
    }
  | { readonly type: "fault"; readonly id: string; readonly kind: string }
  | { readonly type: "lint"; readonly rule: string; readonly message: string; readonly cause: number }
  | { readonly type: "log"; readonly level: string; readonly event: string; readonly [detail: string]: unknown };

/** An event as the journal keeps it. */
export type RigEvent = RigEventBody & {
  /** Counts in the rig, from 1. */
  readonly seq: number;
  /** Milliseconds since the rig started, on its clock. */
  readonly at: number;
  /** The modem that it concerns; absent for events of the rig and of the sandbox. */
  readonly modem?: string;
};

export type RigEventType = RigEventBody["type"];

/** The fields that events of a type may have, besides those that the journal adds. */
type FieldOf<T extends RigEventType, E = RigEventBody> = E extends { readonly type: infer U }
  ? T extends U
    ? Exclude<keyof E, "type">
    : never
  : never;

/** Every type of event, with its fields; those of a `log` event are open, because each has its own details. */
const FIELDS: {
  readonly [T in RigEventType]: string extends FieldOf<T> ? undefined : Readonly<Record<FieldOf<T>, true>>;
} = {
  rig: { now: true, version: true, seed: true, options: true },
  host: { bytes: true, typed: true },
  module: { bytes: true },
  line: { text: true },
  command: { name: true, form: true, arguments: true },
  result: { name: true, result: true, ms: true },
  unknown: { text: true, nearest: true, lacking: true },
  urc: { text: true },
  entry: { name: true, phase: true, early: true, bytes: true, outcome: true },
  connection: {
    id: true,
    service: true,
    phase: true,
    host: true,
    port: true,
    error: true,
    sent: true,
    received: true,
  },
  sent: { id: true, bytes: true },
  received: { id: true, bytes: true },
  file: { path: true, action: true, size: true, to: true },
  state: { what: true, value: true },
  mail: { from: true, recipients: true, subject: true, size: true },
  request: { method: true, target: true, status: true },
  upload: { path: true, size: true },
  fault: { id: true, kind: true },
  lint: { rule: true, message: true, cause: true },
  log: undefined,
};

/** The fields that every event may have. */
const COMMON_FIELDS = ["type", "seq", "at", "modem"];

export const EVENT_TYPES = Object.keys(FIELDS) as readonly RigEventType[];

/** Whether an event has that type. */
export function isEventType(type: unknown): type is RigEventType {
  return typeof type === "string" && Object.hasOwn(FIELDS, type);
}

/** The names of the fields that events of a type may have, or of any but `log`; `undefined` if a name may be anything. */
export function fieldsOf(type?: RigEventType): readonly string[] | undefined {
  if (type === undefined) return [...new Set([...COMMON_FIELDS, ...Object.values(FIELDS).flatMap(namesOf)])];
  return FIELDS[type] && [...COMMON_FIELDS, ...namesOf(FIELDS[type])];
}

function namesOf(fields: object = {}): readonly string[] {
  return Object.keys(fields);
}
