import { anything, choice, integer, object, text } from "../../platform/schema/schema.ts";
import { isoOfEpoch } from "../../platform/time/calendar.ts";
import type { Rig } from "../../rig/rig.ts";
import { ControlError } from "../control-error.ts";
import { openApiDocument } from "../openapi.ts";
import { defineRoute, json, type Route, readTime } from "../route.ts";

const health = defineRoute({
  method: "GET",
  path: "/api/health",
  summary: "Whether all modems are ready",
  isPublic: true,
  answer: { schema: object({ status: choice(["ready"]) }) },
  refusals: { 503: "Not yet" },
  ctl: [{ words: "health", synopsis: "", request: () => ({}) }],
  handle({ rig }) {
    if (!rig.ready) throw new ControlError(503, "the modems are not ready yet");
    return json({ status: "ready" });
  },
});

const openapi = defineRoute({
  method: "GET",
  path: "/api/openapi.json",
  summary: "This interface as an OpenAPI 3.1 document",
  answer: { schema: anything() },
  ctl: [{ words: "openapi", synopsis: "", request: () => ({}) }],
  handle: ({ rig, routes }) => json(openApiDocument(routes, rig.version)),
});

const reset = defineRoute({
  method: "POST",
  path: "/api/reset",
  summary: "Brings everything back to the start: modems, files, sandbox, faults, journal; ports and links stay",
  answer: { schema: object({ reset: choice(["done"]) }) },
  ctl: [{ words: "reset", synopsis: "", request: () => ({}) }],
  async handle({ rig }) {
    await rig.reset();
    return json({ reset: "done" });
  },
});

const CLOCK = object({
  now: text({ format: "date-time", description: "The rig's clock" }),
  mode: choice(["real", "manual"]),
});

const clock = defineRoute({
  method: "GET",
  path: "/api/clock",
  summary: "The rig's clock",
  answer: { schema: CLOCK },
  ctl: [{ words: "clock", synopsis: "", request: () => ({}) }],
  handle: ({ rig }) => json(describeClock(rig)),
});

const advance = defineRoute({
  method: "POST",
  path: "/api/clock/advance",
  summary: "Lets time pass on a manual clock; answers when all that fell due has happened",
  body: object({ ms: integer({ minimum: 0, maximum: 31_536_000_000, description: "Milliseconds" }) }),
  answer: { schema: CLOCK },
  refusals: { 409: "The clock runs by itself" },
  ctl: [
    {
      words: "advance",
      synopsis: "TIME",
      request: ({ words }) => ({ body: { ms: readTime("advance", words[0] ?? "") } }),
    },
  ],
  async handle({ rig, body: { ms } }) {
    if (rig.time !== "manual") throw new ControlError(409, "the clock runs by itself; start with --time manual");
    await rig.advance(ms);
    return json(describeClock(rig));
  },
});

function describeClock({ clock, time }: Rig) {
  return { now: isoOfEpoch(clock.now()), mode: time };
}

export const rigRoutes: readonly Route[] = [health, openapi, reset, clock, advance];
