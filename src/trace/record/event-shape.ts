import type { RigEventType } from "../../rig/events.ts";

/** What a field of an event holds; one with `?` may be absent. */
type FieldKind = "text" | "text?" | "bytes" | "number" | "number?" | "texts";

/** The fields of each type of event that its readers rely on. */
const FIELDS: Readonly<Record<RigEventType, Readonly<Record<string, FieldKind>>>> = {
  rig: { now: "text", version: "text", seed: "number" },
  host: { bytes: "bytes" },
  module: { bytes: "bytes" },
  line: { text: "text" },
  command: { name: "text", form: "text" },
  result: { name: "text", result: "text" },
  unknown: { text: "text", nearest: "texts" },
  urc: { text: "text" },
  entry: { name: "text", phase: "text", bytes: "number?", outcome: "text?" },
  connection: {
    id: "number",
    service: "text",
    phase: "text",
    host: "text?",
    port: "number?",
    error: "text?",
    sent: "number?",
    received: "number?",
  },
  sent: { id: "number", bytes: "bytes" },
  received: { id: "number", bytes: "bytes" },
  file: { path: "text", action: "text", size: "number?", to: "text?" },
  state: { what: "text" },
  mail: { from: "text", recipients: "texts", subject: "text" },
  request: { method: "text", target: "text", status: "number" },
  upload: { path: "text", size: "number" },
  fault: { id: "text", kind: "text" },
  lint: { rule: "text", message: "text" },
  log: { level: "text", event: "text" },
};

const COMMON: Readonly<Record<string, FieldKind>> = { seq: "number", at: "number", modem: "text?" };

const KINDS: Readonly<Record<FieldKind, readonly [holds: (value: unknown) => boolean, words: string]>> = {
  text: [isText, "a text"],
  "text?": [(value) => value === undefined || isText(value), "a text"],
  bytes: [(value) => isText(value) && /^[\0-\xff]*$/.test(value), "a text of one code point 0-255 for each byte"],
  number: [Number.isFinite, "a number"],
  "number?": [(value) => value === undefined || Number.isFinite(value), "a number"],
  texts: [(value) => Array.isArray(value) && value.every(isText), "a list of texts"],
};

/** Says what is wrong with the fields of an event of that type; `undefined` where nothing is. */
export function shapeProblem(type: RigEventType, event: Readonly<Record<string, unknown>>): string | undefined {
  for (const fields of [COMMON, FIELDS[type]]) {
    for (const [name, kind] of Object.entries(fields)) {
      const [holds, words] = KINDS[kind];
      if (!holds(event[name])) return `"${name}" of an event of type ${type} is not ${words}`;
    }
  }
  return undefined;
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}
