import { SystemClock } from "../../platform/time/clock.ts";
import type { RigModemOptions } from "../../rig/options.ts";
import type { Lessons } from "../../trace/learn/learn.ts";
import { OurModule } from "../../trace/learn/our-module.ts";
import { modemOptions } from "../fleet.ts";
import type { ParsedOptions } from "../parse-options.ts";
import { named } from "../serve.ts";

/** Starts the module that the options of `compare` and `learn` describe, with these besides. */
export function startOurModule(
  { given, checked: { sandbox, scenario, seed, fault } }: ParsedOptions,
  options: RigModemOptions = {},
  { faults, timeline }: Lessons = { faults: [], timeline: [] },
): Promise<OurModule> {
  return named(() =>
    OurModule.start(
      {
        modems: [{ ...options, ...modemOptions(given) }],
        ...(given.sandbox === undefined ? {} : { sandbox }),
        ...(scenario === undefined && timeline.length === 0 ? {} : { scenario: scenario ?? { timeline } }),
        ...(seed === undefined ? {} : { seed }),
        fault: [...faults, ...fault],
      },
      new SystemClock(),
    ),
  );
}
