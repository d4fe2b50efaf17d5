import { CALL_STATES, type Call, type CallState } from "../../module/calls/call.ts";
import type { Calls } from "../../module/calls/calls.ts";
import { choice, integer, list, object, optional, text } from "../../platform/schema/schema.ts";
import { ControlError } from "../control-error.ts";
import { defineRoute, fieldsOf, json, type Route } from "../route.ts";
import { chosenModem, MODEM_OPTION, MODEM_PARAM, modemOf } from "./modem-of.ts";

const CALLER = text({
  pattern: "^(\\+?[0-9*#]{1,20})?$",
  "x-pattern": "a telephone number, +15555550142, or nothing where the caller hides it",
});

/** Fits between the quotes of AT+CLCC and +CLIP. */
const NAME = text({
  pattern: "^[ !#-~\\u00a0-\\u00ff]{1,80}$",
  "x-pattern": "1 to 80 characters of ISO 8859-1 without quotes",
});

const CALL = object({
  id: integer(),
  direction: choice(["outgoing", "incoming"]),
  state: choice(Object.keys(CALL_STATES) as CallState[]),
  number: text({ description: "Empty where the caller hides it" }),
  name: optional(text()),
  dtmf: text({ description: "The keys that the host has pressed" }),
});

function show({ id, direction, state, number, name, dtmf }: Call) {
  return { id, direction, state, number, ...(name === undefined ? {} : { name }), dtmf };
}

const all = defineRoute({
  method: "GET",
  path: "/api/modems/{id}/calls",
  summary: "The calls in progress",
  params: MODEM_PARAM,
  answer: { schema: object({ calls: list(CALL) }) },
  refusals: { 404: "There is no such modem" },
  ctl: [{ words: "calls", synopsis: "", options: MODEM_OPTION, request: (given) => ({ params: chosenModem(given) }) }],
  handle: ({ rig, params: { id } }) => json({ calls: modemOf(rig, id).module.calls.list.map(show) }),
});

const ring = defineRoute({
  method: "POST",
  path: "/api/modems/{id}/calls",
  summary: "A call comes in",
  params: MODEM_PARAM,
  body: object({ from: CALLER, name: optional(NAME) }),
  answer: { status: 201, schema: object({ id: integer() }) },
  refusals: {
    404: "There is no such modem",
    409: "The call does not reach the module: it is off, has no registration, or another call is being made or waits",
  },
  ctl: [
    {
      words: "call",
      synopsis: "FROM [NAME]...",
      options: MODEM_OPTION,
      request: (given) => ({
        params: chosenModem(given),
        body: {
          from: given.words[0] ?? "",
          ...(given.words.length > 1 ? { name: given.words.slice(1).join(" ") } : {}),
        },
      }),
    },
  ],
  handle({ rig, params: { id }, body }) {
    const call = modemOf(rig, id).module.calls.ring(body);
    if (call !== undefined) return json({ id: call }, 201);
    throw new ControlError(
      409,
      "the call did not reach the module: it is off, has no registration, or another call is being made or waits",
    );
  },
});

const CHANGE = object({
  state: optional(choice(["active", "ended", "busy"])),
  dtmf: optional(text({ pattern: "^[0-9*#A-D]{1,29}$", "x-pattern": "keys: 0-9, *, #, A-D" })),
});

type FarEndState = "active" | "ended" | "busy";

/** What the far end does; each gives whether the call is in a state for it. */
const FAR_END: Readonly<Record<FarEndState, (calls: Calls, id: number) => boolean>> = {
  active: (calls, id) => calls.take(id),
  ended: (calls, id) => calls.endByFarEnd(id, "far end"),
  busy: (calls, id) => calls.endByFarEnd(id, "busy"),
};

const change = defineRoute({
  method: "PATCH",
  path: "/api/modems/{id}/calls/{n}",
  summary: "The far end of a call takes it, ends it, is busy, or presses keys",
  params: { ...MODEM_PARAM, n: "The number of the call" },
  body: CHANGE,
  answer: { schema: CALL },
  refusals: { 404: "There is no such modem or call", 409: "The call is not in a state for it" },
  ctl: [
    {
      words: "call set",
      synopsis: "N state=active|ended|busy|dtmf=KEYS",
      options: MODEM_OPTION,
      request: (given) => ({
        params: { ...chosenModem(given), n: given.words[0] ?? "" },
        body: fieldsOf(given.words.slice(1), CHANGE),
      }),
    },
  ],
  handle({ rig, params: { id, n }, body: { state, dtmf } }) {
    const { calls } = modemOf(rig, id).module;
    const call = calls.list.find((each) => String(each.id) === n);
    if (call === undefined) throw new ControlError(404, `there is no call ${n}`);
    if ((state === undefined) === (dtmf === undefined))
      throw ControlError.invalid({ at: "", message: "must have either state or dtmf" });
    const done = state === undefined ? calls.press(call.id, dtmf ?? "") : FAR_END[state](calls, call.id);
    if (!done) throw new ControlError(409, `a call that is ${call.state} and ${call.direction} does not do that`);
    return json(show(calls.get(call.id) ?? { ...call, state: "ended" }));
  },
});

export const callRoutes: readonly Route[] = [all, ring, change];
