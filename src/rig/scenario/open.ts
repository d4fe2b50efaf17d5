import type { RigModemOptions } from "../options.ts";
import type { RigModemStart, RigStart } from "../rig-start.ts";
import { loadScenario } from "./load.ts";
import { type LoadedScenario, optionsOf, type Scenario } from "./scenario.ts";
import { ScenarioRun, type ScenarioRunParts } from "./scenario-run.ts";

/** A scenario, and what a rig of it is started with. */
export interface OpenedScenario {
  readonly options: RigStart;
  run(parts: ScenarioRunParts): ScenarioRun;
}

/** Loads a scenario for a rig that is started with other options, too. Throws a `UsageError`. */
export async function openScenario(given: string | Scenario, start: RigStart): Promise<OpenedScenario> {
  const loaded = await loadScenario(given);
  return { options: mergeScenario(loaded, start), run: (parts) => new ScenarioRun(loaded, parts) };
}

/** What a rig is started with: the scenario's part, and what the caller gives, which wins. Faults of both hold. */
function mergeScenario({ scenario }: LoadedScenario, given: RigStart): RigStart {
  const { modems = [{}], sandbox = scenario.sandbox !== undefined && scenario.sandbox !== false, fault = [] } = given;
  const seed = given.seed ?? scenario.seed;
  return {
    ...given,
    modems: mergeModems(scenario.modems?.map(optionsOf) ?? [], modems),
    sandbox,
    fault: [...(scenario.faults ?? []), ...[fault].flat()],
    ...(seed === undefined ? {} : { seed }),
  };
}

function mergeModems(ours: readonly RigModemOptions[], given: readonly RigModemStart[]): readonly RigModemStart[] {
  const count = Math.max(ours.length, given.length);
  return Array.from({ length: count }, (_, index) => ({ ...camelCased(ours[index] ?? {}), ...given[index] }));
}

/** The names of the API, so that what the caller gives replaces what the scenario has, however it is written. */
function camelCased(options: RigModemOptions): RigModemOptions {
  const named = Object.entries(options).map(([name, value]) => [
    name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase()),
    value,
  ]);
  return Object.fromEntries(named);
}
