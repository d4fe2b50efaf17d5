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

/** Every type of event. */
const TYPES: Readonly<Record<RigEventType, true>> = {
  rig: true,
  host: true,
  module: true,
  line: true,
  command: true,
  result: true,
  unknown: true,
  urc: true,
  entry: true,
  connection: true,
  sent: true,
  received: true,
  file: true,
  state: true,
  mail: true,
  request: true,
  upload: true,
  fault: true,
  lint: true,
  log: true,
};

export const EVENT_TYPES = Object.keys(TYPES) as readonly RigEventType[];

/** Whether an event has that type. */
export function isEventType(type: unknown): type is RigEventType {
  return typeof type === "string" && Object.hasOwn(TYPES, type);
}
