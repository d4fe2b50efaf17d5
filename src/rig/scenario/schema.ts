import { FAULT_SCHEMA } from "../../faults/kinds.ts";
import { modemPatchSchema } from "../../module/state/modem-state.ts";
import {
  anything,
  either,
  flag,
  integer,
  type JsonSchema,
  list,
  map,
  object,
  optional,
  text,
} from "../../platform/schema/schema.ts";
import { ACTION } from "../actions/actions.ts";
import { CONTENT } from "../actions/content.ts";
import { EFS_FILES } from "../actions/modem-actions.ts";
import { SANDBOX_CONTENTS } from "../actions/sandbox-actions.ts";
import { modemOptionsSchema } from "../option-schema.ts";

/** More than a person writes, and few enough to be compared with every event. */
const MOST = { modems: 1000, faults: 500, steps: 500 } as const;

/** The longest time of a step: a year, in milliseconds. */
const YEAR = 31_536_000_000;

const PATTERN = map(anything(), {
  description: 'A pattern of events: {"type":"command","name":"+SMTPSEND"}; "/re/i" is a regular expression',
});

/** The options that name directories and files: in a scenario these names hold what is in them. */
const NAMING: readonly string[] = ["state", "efs", "gpsTrack", "gps-track"];

const { properties: options = {} } = modemOptionsSchema();

const MODEM: JsonSchema = {
  type: "object",
  description: "A modem: options of start without the dashes, its first state and files",
  properties: {
    ...Object.fromEntries(Object.entries(options).filter(([name]) => !NAMING.includes(name))),
    state: { ...modemPatchSchema(), description: "Its first state, as PATCH takes it" },
    efs: EFS_FILES,
    gpsTrack: { ...CONTENT, description: 'Leads the GPS receiver: GPX or a JSON list, as text or {"file":"walk.gpx"}' },
  },
  additionalProperties: false,
};

const STEP = object(
  {
    at: optional(integer({ minimum: 0, maximum: YEAR, description: "Happens that many ms after the start" })),
    when: optional(PATTERN),
    after: optional(
      integer({ minimum: 0, maximum: YEAR, default: 0, description: "ms between the event and the step" }),
    ),
    times: optional(integer({ minimum: 1, default: 1, description: "For so many events" })),
    modem: optional(text({ description: "The modem it is for: that of the event, or m1, without it" })),
    do: ACTION,
  },
  { description: "A step: `at` a time, or `when` an event comes" },
);

const EXPECT = object(
  {
    some: optional(list(PATTERN, { description: "For each of these an event must come" })),
    never: optional(list(PATTERN, { description: "None of these may come" })),
    sequence: optional(list(PATTERN, { description: "These must come in this order" })),
  },
  { description: "What run expects of the session, as with --expect" },
);

/** A scenario file. What its parts take is what the tables of options, state, faults and actions say. */
export const SCENARIO_SCHEMA: JsonSchema = object({
  $schema: optional(text({ description: "The file that vmodem scenario --schema prints; an editor checks by it" })),
  description: optional(text({ maxLength: 1000, description: "What a host goes through, in a line" })),
  modems: optional(list(anything(MODEM), { maxItems: MOST.modems, description: "One without options without it" })),
  sandbox: optional(either([flag(), SANDBOX_CONTENTS], { description: "The embedded servers, and what they hold" })),
  faults: optional(list(anything(FAULT_SCHEMA), { maxItems: MOST.faults, description: "What goes wrong" })),
  timeline: optional(list(STEP, { maxItems: MOST.steps, description: "What happens" })),
  expect: optional(EXPECT),
  seed: optional(integer({ minimum: 0, maximum: 0xffff_ffff, description: "Of all chance, unless --seed is given" })),
});

/** The same as a JSON Schema document. */
export function scenarioSchemaDocument(): Readonly<Record<string, unknown>> {
  return { $schema: "https://json-schema.org/draft/2020-12/schema", title: "A scenario of vmodem", ...SCENARIO_SCHEMA };
}
