import type { FaultSpec } from "../../faults/fault.ts";
import { SystemClock } from "../../platform/time/clock.ts";
import type { RigModemOptions } from "../../rig/options.ts";
import { OurModule } from "../../trace/learn/our-module.ts";
import { modemOptions } from "../fleet.ts";
import type { ParsedOptions } from "../parse-options.ts";
import { named } from "../serve.ts";

/** Starts the module that the options of `compare` and `learn` describe, with these besides. */
export function startOurModule(
  { given, checked: { sandbox, scenario, seed, fault } }: ParsedOptions,
  options: RigModemOptions = {},
  faults: readonly FaultSpec[] = [],
): Promise<OurModule> {
  return named(() =>
    OurModule.start(
      {
        modems: [{ ...options, ...modemOptions(given) }],
        ...(given.sandbox === undefined ? {} : { sandbox }),
        ...(scenario === undefined ? {} : { scenario }),
        ...(seed === undefined ? {} : { seed }),
        fault: [...faults, ...fault],
      },
      new SystemClock(),
    ),
  );
}
