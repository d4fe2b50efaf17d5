import { FLEET_OPTIONS } from "./option-tables/fleet.ts";
import { MODEM_OPTIONS } from "./option-tables/modem.ts";
import { PROGRAM_OPTIONS } from "./option-tables/program.ts";
import { RECORD_OPTIONS } from "./option-tables/record.ts";
import { RIG_OPTIONS } from "./option-tables/rig.ts";

export type { OptionDefinition, Verb } from "./option-tables/definition.ts";

/**
 * All options of the program. The command line, its help, the checks of the API and the bodies of the control interface
 * derive from it.
 */
export const OPTIONS = {
  ...MODEM_OPTIONS,
  ...RIG_OPTIONS,
  ...FLEET_OPTIONS,
  ...PROGRAM_OPTIONS,
  ...RECORD_OPTIONS,
};

export type OptionName = keyof typeof OPTIONS;
