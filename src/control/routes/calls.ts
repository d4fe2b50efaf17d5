import { CALL_STATES, type Call, type CallState } from "../../module/calls/call.ts";
import { choice, integer, list, object, optional, text } from "../../platform/schema/schema.ts";
import { CALL_CHANGE, changeCall, INCOMING_CALL, ring } from "../../rig/actions/far-end-actions.ts";
import { defineRoute, fieldsOf, json, type Route } from "../route.ts";
import { chosenModem, MODEM_OPTION, MODEM_PARAM, modemOf } from "./modem-of.ts";

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

const incoming = defineRoute({
  method: "POST",
  path: "/api/modems/{id}/calls",
  summary: "A call comes in",
  params: MODEM_PARAM,
  body: INCOMING_CALL,
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
  handle: ({ rig, params: { id }, body }) => json({ id: ring(modemOf(rig, id), body) }, 201),
});

const change = defineRoute({
  method: "PATCH",
  path: "/api/modems/{id}/calls/{n}",
  summary: "The far end of a call takes it, ends it, is busy, or presses keys",
  params: { ...MODEM_PARAM, n: "The number of the call" },
  body: CALL_CHANGE,
  answer: { schema: CALL },
  refusals: { 404: "There is no such modem or call", 409: "The call is not in a state for it" },
  ctl: [
    {
      words: "call set",
      synopsis: "N state=active|ended|busy|dtmf=KEYS",
      options: MODEM_OPTION,
      request: (given) => ({
        params: { ...chosenModem(given), n: given.words[0] ?? "" },
        body: fieldsOf(given.words.slice(1), CALL_CHANGE),
      }),
    },
  ],
  handle: ({ rig, params: { id, n = "" }, body }) => json(show(changeCall(modemOf(rig, id), n, body))),
});

export const callRoutes: readonly Route[] = [all, incoming, change];
