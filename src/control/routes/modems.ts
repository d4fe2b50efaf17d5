import { NvramError } from "../../module/settings/nvram.ts";
import { modemPatchSchema } from "../../module/state/modem-state.ts";
import { anything, choice, flag, list, object } from "../../platform/schema/schema.ts";
import { UsageError } from "../../platform/usage-error.ts";
import { printUrc, URC_LINE } from "../../rig/actions/modem-actions.ts";
import { modemOptionsSchema } from "../../rig/option-schema.ts";
import { checkModemOptions, type RigModemOptions } from "../../rig/options.ts";
import type { RigModem } from "../../rig/rig-modem.ts";
import { ControlError } from "../control-error.ts";
import { modemArguments } from "../modem-options.ts";
import { defineRoute, fieldsNamed, fieldsOf, json, type Route } from "../route.ts";
import { chosenModem, MODEM_OPTION, MODEM_PARAM, modemOf } from "./modem-of.ts";

const STATE = anything({
  description:
    "The state of a modem: id, port, link, identity, dialect, power, sim, radio, packet, clock, card, calls, ussd, gps, lines, settings, " +
    "services, host",
});

const all = defineRoute({
  method: "GET",
  path: "/api/modems",
  summary: "The modems, each with its state",
  answer: { schema: object({ modems: list(STATE) }) },
  ctl: [{ words: "modems", synopsis: "", request: () => ({}) }],
  handle: ({ rig }) => json({ modems: rig.modems.map((modem) => modem.state()) }),
});

const add = defineRoute({
  method: "POST",
  path: "/api/modems",
  summary: "Adds a modem; answers when it is ready",
  body: modemOptionsSchema(),
  answer: { status: 201, schema: STATE },
  refusals: { 409: "A port, link or directory that it asks for is in use" },
  ctl: [
    {
      words: "add",
      synopsis: "",
      options: modemArguments(),
      request: ({ options }) => ({ body: options }),
    },
  ],
  async handle({ rig, body }) {
    try {
      // A transport is no option: it is refused here.
      checkModemOptions(body as RigModemOptions);
      const modem = await rig.addModem(body as RigModemOptions);
      return json(modem.state(), 201);
    } catch (error) {
      throw refusalOf(error);
    }
  },
});

/** A wrong option is 422; what the system refuses, a port in use or a directory that is missing, is 409. */
function refusalOf(error: unknown): unknown {
  if (error instanceof UsageError) {
    const { option = "", message, cause } = error;
    return new ControlError(cause === undefined ? 422 : 409, message, { at: `/${option.replace(/^--/, "")}` });
  }
  const isOfSystem = error instanceof Error && ("syscall" in error || error.cause !== undefined);
  return isOfSystem ? new ControlError(409, error.message, { at: "/" }) : error;
}

const remove = defineRoute({
  method: "DELETE",
  path: "/api/modems/{id}",
  summary: "Closes a modem and its port",
  params: MODEM_PARAM,
  answer: { schema: object({ removed: flag() }) },
  refusals: { 404: "There is no such modem" },
  ctl: [{ words: "remove", synopsis: "ID", request: ({ words }) => ({ params: { id: words[0] ?? "" } }) }],
  async handle({ rig, params: { id = "" } }) {
    modemOf(rig, id);
    await rig.removeModem(id);
    return json({ removed: true });
  },
});

const state = defineRoute({
  method: "GET",
  path: "/api/modems/{id}",
  summary: "The state of a modem",
  params: MODEM_PARAM,
  answer: { schema: STATE },
  refusals: { 404: "There is no such modem" },
  ctl: [{ words: "state", synopsis: "", options: MODEM_OPTION, request: (given) => ({ params: chosenModem(given) }) }],
  handle: ({ rig, params: { id } }) => json(modemOf(rig, id).state()),
});

const patch = defineRoute({
  method: "PATCH",
  path: "/api/modems/{id}",
  summary: "Changes the state of a modem: all of the patch, or nothing",
  params: MODEM_PARAM,
  body: anything(modemPatchSchema()),
  answer: { schema: STATE },
  refusals: { 404: "There is no such modem", 409: "The medium has no such lines; the disk does not keep the change" },
  ctl: [
    {
      words: "set",
      synopsis: "FIELD=VALUE...",
      options: MODEM_OPTION,
      request: (given) => ({ params: chosenModem(given), body: fieldsOf(given.words, modemPatchSchema()) }),
      shows: (changed, { body }) => fieldsNamed(changed, body),
    },
  ],
  async handle({ rig, params: { id }, body }) {
    const modem = modemOf(rig, id);
    await change(modem, body);
    return json(modem.state());
  },
});

async function change(modem: RigModem, body: unknown): Promise<void> {
  const problem = await modem.patch(body).catch((error: unknown) => {
    if (!(error instanceof NvramError)) throw error;
    throw new ControlError(409, error.message, { at: "/" });
  });
  if (problem === undefined) return;
  if (problem.isConflict) throw new ControlError(409, `${problem.at} ${problem.message}`, { at: problem.at });
  throw ControlError.invalid(problem);
}

const reset = defineRoute({
  method: "POST",
  path: "/api/modems/{id}/reset",
  summary: "Restarts a modem as AT+CRESET does; answers when it is ready",
  params: MODEM_PARAM,
  answer: { schema: STATE },
  refusals: { 404: "There is no such modem" },
  ctl: [
    { words: "restart", synopsis: "", options: MODEM_OPTION, request: (given) => ({ params: chosenModem(given) }) },
  ],
  async handle({ rig, params: { id } }) {
    const modem = modemOf(rig, id);
    await modem.restart();
    return json(modem.state());
  },
});

const urc = defineRoute({
  method: "POST",
  path: "/api/modems/{id}/urc",
  summary: "Prints an unsolicited line as soon as the line is free",
  params: MODEM_PARAM,
  body: object({ text: URC_LINE }),
  answer: { schema: object({ queued: choice(["yes"]) }) },
  refusals: { 404: "There is no such modem", 409: "The module is off" },
  ctl: [
    {
      words: "urc",
      synopsis: "TEXT...",
      options: MODEM_OPTION,
      request: (given) => ({ params: chosenModem(given), body: { text: given.words.join(" ") } }),
    },
  ],
  handle({ rig, params: { id }, body }) {
    printUrc(modemOf(rig, id), body.text);
    return json({ queued: "yes" });
  },
});

export const modemRoutes: readonly Route[] = [all, add, state, patch, remove, reset, urc];
