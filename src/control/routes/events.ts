import { anything, integer, list, object, optional, text } from "../../platform/schema/schema.ts";
import { EVENT_TYPES, isEventType, type RigEventType } from "../../rig/events.ts";
import type { Journal, JournalQuery } from "../../rig/journal.ts";
import { Pattern, PatternError } from "../../rig/pattern.ts";
import type { Rig } from "../../rig/rig.ts";
import { ControlError } from "../control-error.ts";
import { eventStream } from "../event-stream.ts";
import { CONTROL_LIMITS } from "../limits.ts";
import { bytes, type CtlArguments, defineRoute, json, type Route, readTime } from "../route.ts";

const EVENT = anything({ description: "An event: seq, at, modem, type, and the fields of its type" });
const after = integer({ minimum: 0, description: "Only events with a larger seq", default: 0 });

const query = object({
  after: optional(after),
  type: optional(text({ description: `Types of events, separated by commas: ${EVENT_TYPES.join(", ")}` })),
  modem: optional(text({ description: "Only events of this modem" })),
  match: optional(text({ description: "A pattern, as JSON" })),
  limit: optional(
    integer({
      minimum: 1,
      default: CONTROL_LIMITS.events,
      description: `How many events at most; never more than ${CONTROL_LIMITS.events}, \`next\` leads to the others`,
    }),
  ),
  wait: optional(
    integer({ minimum: 0, maximum: CONTROL_LIMITS.wait, description: "Milliseconds to wait for the first event" }),
  ),
});

const events = defineRoute({
  method: "GET",
  path: "/api/events",
  summary: "The events of the journal; a live stream with Accept: text/event-stream",
  query,
  answer: { schema: object({ events: list(EVENT), next: integer(), dropped: integer() }) },
  refusals: { 409: "The rig keeps no journal" },
  ctl: [
    {
      words: "events",
      synopsis: "",
      options: {
        follow: true,
        after: "SEQ",
        type: "TYPES",
        modem: "ID",
        match: "PATTERN",
        limit: "N",
        wait: "TIME",
      },
      request: ({ options: { follow: _, ...rest } }) => ({
        query: { ...(rest as Readonly<Record<string, string>>), ...timeOption(rest, "events", "wait") },
      }),
    },
  ],
  async handle({ rig, query, headers, signal }) {
    const select: JournalQuery = {
      after: lastSeen(headers["last-event-id"]) ?? query.after ?? 0,
      limit: Math.min(query.limit ?? CONTROL_LIMITS.events, CONTROL_LIMITS.events),
      ...(query.type === undefined ? {} : { types: readTypes(query.type) }),
      ...(query.modem === undefined ? {} : { modem: query.modem }),
      ...(query.match === undefined ? {} : { match: readPattern(parseJson(query.match), "query/match") }),
    };
    if (/\btext\/event-stream\b/.test(String(headers.accept ?? ""))) {
      return bytes(eventStream(journalOf(rig), select, signal), "text/event-stream");
    }
    if (query.wait !== undefined && query.wait > 0) {
      const time = AbortSignal.any([signal, AbortSignal.timeout(query.wait)]);
      await journalOf(rig)
        .next(select, time)
        .catch(() => undefined);
    }
    return json(journalOf(rig).query(select));
  },
});

const expect = defineRoute({
  method: "POST",
  path: "/api/expect",
  summary: "Waits for an event that matches a pattern",
  body: object({
    match: anything({ description: 'A pattern: {"type":"command","name":"+SMTPSEND"}' }),
    after: optional(after),
    timeout: optional(
      integer({ minimum: 0, maximum: CONTROL_LIMITS.wait, default: 5000, description: "Milliseconds to wait" }),
    ),
  }),
  answer: { schema: object({ event: EVENT }) },
  refusals: {
    409: "The rig keeps no journal",
    404: "No such event came in time; `near` holds the events that came closest, with the fields that differ",
  },
  ctl: [
    {
      words: "expect",
      synopsis: "PATTERN",
      options: { after: "SEQ", timeout: "TIME" },
      request: ({ words, options }) => ({
        body: {
          match: parseJson(words[0] ?? "null"),
          ...numberOption(options, "after"),
          ...timeOption(options, "expect", "timeout"),
        },
      }),
    },
  ],
  async handle({ rig, body, signal }) {
    const match = readPattern(body.match, "/match");
    const { after: from = 0, timeout = 5000 } = body;
    const time = AbortSignal.any([signal, AbortSignal.timeout(timeout)]);
    const event = await journalOf(rig)
      .next({ after: from, match }, time)
      .catch(() => undefined);
    if (event !== undefined) return json({ event });
    throw new ControlError(404, `no such event came within ${timeout} ms`, {
      beside: { near: journalOf(rig).near(match, from) },
    });
  },
});

/** The journal of a rig. A program that serves the interface starts the rig with one. */
function journalOf(rig: Rig): Journal {
  if (rig.journal !== undefined) return rig.journal;
  throw new ControlError(409, "the rig keeps no journal");
}

/** The number of the last event that a stream gave before it broke off. */
function lastSeen(header: string | string[] | undefined): number | undefined {
  return typeof header === "string" && /^\d{1,15}$/.test(header) ? Number(header) : undefined;
}

function readTypes(given: string): readonly RigEventType[] {
  return given.split(",").map((type) => {
    if (isEventType(type)) return type;
    throw ControlError.invalid({ at: "/type", message: `has an unknown type ${type}` }, "query");
  });
}

function readPattern(value: unknown, at: string): Pattern {
  try {
    return new Pattern(value);
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    throw ControlError.invalid({ at: error.at, message: `is wrong: ${error.reason}` }, at);
  }
}

function parseJson(given: string): unknown {
  try {
    return JSON.parse(given);
  } catch {
    throw new ControlError(422, "query/match is no JSON", { at: "query/match" });
  }
}

function numberOption(options: CtlArguments["options"], name: string): Readonly<Record<string, number>> {
  const value = options[name];
  return typeof value === "string" ? { [name]: Number(value) } : {};
}

function timeOption(options: CtlArguments["options"], command: string, name: string): Readonly<Record<string, number>> {
  const value = options[name];
  return typeof value === "string" ? { [name]: readTime(`${command} --${name}`, value) } : {};
}

export const eventRoutes: readonly Route[] = [events, expect];
