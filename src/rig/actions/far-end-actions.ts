import type { Call } from "../../module/calls/call.ts";
import type { Calls } from "../../module/calls/calls.ts";
import { choice, integer, object, optional, type Static, text } from "../../platform/schema/schema.ts";
import type { RigModem } from "../rig-modem.ts";
import { type Action, ActionError, defineAction } from "./action.ts";

const NUMBER = text({ pattern: "^\\+?[0-9*#]{1,20}$", "x-pattern": "a telephone number: +15555550142" });

/** A short message that arrives; a text that is too long for one comes in ten parts at most. */
export const MESSAGE = object({
  from: NUMBER,
  text: text({ maxLength: 1530 }),
  class: optional(integer({ minimum: 0, maximum: 3, description: "0 is printed at once and not stored" })),
});

/** A short message arrives; an {@link ActionError} where it does not reach the module. */
export async function receiveMessage(modem: RigModem, message: Static<typeof MESSAGE>): Promise<void> {
  if (await modem.module.sms.receive(message)) return;
  throw new ActionError("conflict", "the message did not reach the module: no registration, or the storage is full");
}

const sms = defineAction({
  name: "sms",
  summary: "A short message arrives",
  value: MESSAGE,
  run: ({ modem }, value) => receiveMessage(modem(), value),
});

/** A cell broadcast, of fifteen pages at most. */
export const BROADCAST = object({
  id: integer({ minimum: 0, maximum: 0xffff, description: "What the message is about, as AT+CSCB chooses by it" }),
  text: text({ maxLength: 1395 }),
  serial: optional(integer({ minimum: 0, maximum: 0xffff })),
});

/** Why a host does not get a broadcast. */
const UNHEARD = {
  unreachable: "the broadcast did not reach the module: it is off, or has no registration",
  unwanted: "the host does not get it: AT+CSCB has not chosen it, or AT+CNMI does not print broadcasts (bm 2)",
} as const;

/** The network broadcasts a message; an {@link ActionError} where the host does not get it. */
export function broadcastMessage(modem: RigModem, message: Static<typeof BROADCAST>): void {
  const outcome = modem.module.broadcasts.receive(message);
  if (outcome === "printed") return;
  if (outcome === "too long") throw new ActionError("invalid", "/text must fit into fifteen pages", "/text");
  throw new ActionError("conflict", UNHEARD[outcome]);
}

const broadcast = defineAction({
  name: "broadcast",
  summary: "The network broadcasts a message to the cell",
  value: BROADCAST,
  run: ({ modem }, value) => broadcastMessage(modem(), value),
});

const CALLER = text({
  pattern: "^(\\+?[0-9*#]{1,20})?$",
  "x-pattern": "a telephone number, +15555550142, or nothing where the caller hides it",
});

/** Fits between the quotes of AT+CLCC and +CLIP. */
const NAME = text({
  pattern: "^[ !#-~\\u00a0-\\u00ff]{1,80}$",
  "x-pattern": "1 to 80 characters of ISO 8859-1 without quotes",
});

/** A call that comes in. */
export const INCOMING_CALL = object({ from: CALLER, name: optional(NAME) });

/** A call comes in: gives its number; an {@link ActionError} where it does not reach the module. */
export function ring(modem: RigModem, caller: Static<typeof INCOMING_CALL>): number {
  const call = modem.module.calls.ring(caller);
  if (call !== undefined) return call;
  throw new ActionError(
    "conflict",
    "the call did not reach the module: it is off, has no registration, or another call is being made or waits",
  );
}

const call = defineAction({
  name: "call",
  summary: "A call comes in",
  value: INCOMING_CALL,
  run: ({ modem }, value) => ring(modem(), value),
});

const CHANGE = {
  state: optional(choice(["active", "ended", "busy"])),
  dtmf: optional(text({ pattern: "^[0-9*#A-D]{1,29}$", "x-pattern": "keys: 0-9, *, #, A-D" })),
} as const;

/** What the far end of a call does. */
export const CALL_CHANGE = object(CHANGE);

type FarEndState = "active" | "ended" | "busy";

/** What the far end does; each gives whether the call is in a state for it. */
const FAR_END: Readonly<Record<FarEndState, (calls: Calls, id: number) => boolean>> = {
  active: (calls, id) => calls.take(id),
  ended: (calls, id) => calls.endByFarEnd(id, "far end"),
  busy: (calls, id) => calls.endByFarEnd(id, "busy"),
};

/** The far end of a call does something: gives the call as it is then, or was at its end. */
export function changeCall(modem: RigModem, n: string, { state, dtmf }: Static<typeof CALL_CHANGE>): Call {
  const { calls } = modem.module;
  const found = calls.list.find((each) => String(each.id) === n);
  if (found === undefined) throw new ActionError("missing", `there is no call ${n}`);
  if ((state === undefined) === (dtmf === undefined)) {
    throw new ActionError("invalid", "/ must have either state or dtmf", "/");
  }
  const done = state === undefined ? calls.press(found.id, dtmf ?? "") : FAR_END[state](calls, found.id);
  if (!done) {
    throw new ActionError("conflict", `a call that is ${found.state} and ${found.direction} does not do that`);
  }
  return calls.get(found.id) ?? { ...found, state: "ended" };
}

const callChange = defineAction({
  name: "callChange",
  summary: "The far end of a call takes it, ends it, is busy, or presses keys",
  value: object({ n: integer({ minimum: 1, description: "The number of the call" }), ...CHANGE }),
  run: ({ modem }, { n, ...change }) => changeCall(modem(), String(n), change),
});

/** What the far ends of messages and calls do. */
export const FAR_END_ACTIONS: readonly Action[] = [sms, broadcast, call, callChange];
