import type { Rig } from "../../rig/rig.ts";
import type { RigModem } from "../../rig/rig-modem.ts";
import { ControlError } from "../control-error.ts";
import type { CtlArguments } from "../route.ts";

export const MODEM_PARAM = { id: "The modem: m1, m2, ..." } as const;

/**
 * The modem that a path names.
 *
 * @throws ControlError 404
 */
export function modemOf(rig: Rig, id: string | undefined): RigModem {
  const found = rig.modems.find((modem) => modem.id === id);
  if (found !== undefined) return found;
  throw new ControlError(404, `there is no modem ${id}; there are ${rig.modems.map((modem) => modem.id).join(", ")}`);
}

/** The option of `ctl` that chooses a modem; the only one without it. */
export const MODEM_OPTION = { modem: "ID" } as const;

export function chosenModem({ options }: CtlArguments): Readonly<Record<string, string>> {
  return typeof options.modem === "string" ? { id: options.modem } : {};
}
