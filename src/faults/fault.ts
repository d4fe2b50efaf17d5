import type { Random } from "../platform/crypto.ts";
import {
  anything,
  constant,
  integer,
  type JsonSchema,
  map,
  number,
  object,
  optional,
  text,
} from "../platform/schema/schema.ts";
import type { Clock } from "../platform/time/clock.ts";

/** A fault as it is given: the fields of every fault, and those of its kind. */
export interface FaultSpec {
  readonly id?: string;
  readonly kind: string;
  /** The modem that it concerns; every one without it. */
  readonly modem?: string;
  /** A pattern: the fault begins with the first event that matches. */
  readonly on?: unknown;
  readonly after?: number;
  readonly times?: number;
  readonly for?: number;
  readonly probability?: number;
  readonly [field: string]: unknown;
}

/** A fault as the rig shows it. */
export interface FaultView extends FaultSpec {
  readonly id: string;
  readonly state: "waiting" | "active" | "ended";
  /** How often it has done its work. */
  readonly fired: number;
}

/** A fault that is wrong; `at` is the JSON pointer of the field at fault. */
export class FaultError extends Error {
  override readonly name = "FaultError";
  readonly at: string;

  constructor(at: string, reason: string) {
    super(`${at} ${reason}`);
    this.at = at;
  }
}

/** What every kind of fault says of itself. */
export interface KindHead {
  readonly kind: string;
  /** One line for help and documentation. */
  readonly summary: string;
  /** The fields of its own. */
  readonly fields: JsonSchema;
}

/** What a fault works with: the rig's clock, and chance of its own. */
export interface FaultMeans {
  readonly clock: Clock;
  readonly random: Random;
}

/** Milliseconds of a fault: at most a year. */
export const milliseconds = (description: string) =>
  integer({ minimum: 0, maximum: 31_536_000_000, description: `${description}, in ms` });

const COMMON = object({
  id: optional(text({ minLength: 1, maxLength: 64, description: "Its name; made up without it" })),
  modem: optional(text({ description: "Only this modem" })),
  on: optional(map(anything(), { description: "A pattern: begins with the first event that matches" })),
  after: optional(integer({ minimum: 0, description: "So many matches are passed over first; without `on`, uses" })),
  times: optional(integer({ minimum: 1, description: "Ends after so many uses" })),
  for: optional(milliseconds("Ends so long after it has begun")),
  probability: optional(number({ minimum: 0, maximum: 1, default: 1, description: "Chance of each use" })),
});

/** The schema of the faults of one kind, the fields of every fault included. */
export function schemaOf({ kind, summary, fields }: KindHead): JsonSchema {
  return {
    type: "object",
    description: summary,
    properties: { kind: constant(kind), ...COMMON.properties, ...fields.properties },
    required: ["kind", ...(fields.required ?? [])],
    additionalProperties: false,
  };
}
