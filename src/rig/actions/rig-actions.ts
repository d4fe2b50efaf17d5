import type { FaultSpec } from "../../faults/fault.ts";
import { FAULT_SCHEMA } from "../../faults/kinds.ts";
import { constant, either, type Schema, text } from "../../platform/schema/schema.ts";
import { modemOptionsSchema } from "../option-schema.ts";
import type { RigModemOptions } from "../options.ts";
import { checkTrigger } from "../trigger.ts";
import { type Action, ActionError, defineAction } from "./action.ts";

const fault = defineAction<FaultSpec>({
  name: "fault",
  summary: "Makes something go wrong; replaces the fault that has its id",
  value: FAULT_SCHEMA as Schema<FaultSpec>,
  check: checkTrigger,
  run({ rig }, value) {
    if (value.id !== undefined) rig.faults.remove(value.id);
    rig.faults.add(value);
  },
});

const endFault = defineAction({
  name: "endFault",
  summary: "Ends a fault, by its id, or with true all of them",
  value: either([text(), constant(true)]),
  run({ rig }, id) {
    if (id === true) rig.faults.clear();
    else if (!rig.faults.remove(id)) throw new ActionError("missing", `there is no fault ${id}`);
  },
});

const addModem = defineAction<RigModemOptions>({
  name: "addModem",
  summary: "Adds a modem",
  value: modemOptionsSchema() as Schema<RigModemOptions>,
  run: ({ rig }, options) => rig.addModem(options),
});

const removeModem = defineAction({
  name: "removeModem",
  summary: "Closes the modem and its port",
  value: constant(true),
  run: ({ rig, modem }) => rig.removeModem(modem().id),
});

const resetRig = defineAction({
  name: "resetRig",
  summary: "Brings everything back to the start; the time line begins anew",
  value: constant(true),
  run: ({ rig }) => rig.reset(),
});

/** What happens to the rig as a whole. */
export const RIG_ACTIONS: readonly Action[] = [fault, endFault, addModem, removeModem, resetRig];
