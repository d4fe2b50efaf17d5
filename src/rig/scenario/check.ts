import type { FaultSpec } from "../../faults/fault.ts";
import { checkStatePatch } from "../../module/state/modem-state.ts";
import { check, type Problem, pointer } from "../../platform/schema/check.ts";
import { UsageError } from "../../platform/usage-error.ts";
import { actionOf } from "../actions/actions.ts";
import { type Content, fileOf } from "../actions/content.ts";
import { checkEfsPaths } from "../actions/modem-actions.ts";
import { sandboxFiles } from "../actions/sandbox-actions.ts";
import { Expectations } from "../expectations.ts";
import { checkModemOptions } from "../options.ts";
import { PatternError } from "../pattern.ts";
import { checkPattern, checkTrigger } from "../trigger.ts";
import { optionsOf, type Scenario, type ScenarioModem, type ScenarioStep } from "./scenario.ts";
import { SCENARIO_SCHEMA } from "./schema.ts";

/** Gives the first problem of what may be a scenario, or nothing where it is one. Files are not looked for. */
export function checkScenario(given: unknown): Problem | undefined {
  const problem = check(SCENARIO_SCHEMA, given);
  if (problem !== undefined) return problem;
  const { modems = [], faults = [], timeline = [], expect } = given as Scenario;
  return (
    firstOf("/modems", modems, checkModem) ??
    firstOf("/faults", faults, (fault) => checkFault(fault, faults)) ??
    firstOf("/timeline", timeline, checkStep) ??
    (expect === undefined ? undefined : checkExpectations(expect))
  );
}

function firstOf<T>(at: string, items: readonly T[], find: (item: T) => Problem | undefined): Problem | undefined {
  for (const [index, item] of items.entries()) {
    const problem = find(item);
    if (problem !== undefined) return below(`${at}/${index}`, problem);
  }
  return undefined;
}

function below(at: string, problem: Problem): Problem {
  return { at: `${at}${problem.at}`, message: problem.message };
}

function checkModem(modem: ScenarioModem): Problem | undefined {
  const { state = {}, efs = {} } = modem;
  const wrongState = checkStatePatch(state);
  if (wrongState !== undefined) return below("/state", wrongState);
  const wrongPath = checkEfsPaths(efs);
  return wrongPath === undefined ? checkOptions(modem) : below("/efs", wrongPath);
}

function checkOptions(modem: ScenarioModem): Problem | undefined {
  try {
    checkModemOptions(optionsOf(modem));
    return undefined;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const { option = "", message } = error;
    return { at: `/${option}`, message: `is wrong: ${message}` };
  }
}

function checkFault(fault: FaultSpec, faults: readonly FaultSpec[]): Problem | undefined {
  const first = fault.id === undefined ? fault : faults.find(({ id }) => id === fault.id);
  return first === fault ? checkTrigger(fault) : { at: "/id", message: "is the id of another fault" };
}

function checkStep({ at, when, after, times, do: given }: ScenarioStep): Problem | undefined {
  if ((at === undefined) === (when === undefined)) return { at: "", message: "must have either at or when" };
  const onlyWithWhen = Object.entries({ after, times }).find(([, value]) => value !== undefined)?.[0];
  if (at !== undefined && onlyWithWhen !== undefined) return { at: `/${onlyWithWhen}`, message: "goes with when" };
  const wrongPattern = when === undefined ? undefined : checkPattern(when, "/when");
  if (wrongPattern !== undefined) return wrongPattern;
  const [action, value] = actionOf(given);
  const problem = action.check?.(value);
  return problem === undefined ? undefined : below(`/do/${action.name}`, problem);
}

function checkExpectations(expect: unknown): Problem | undefined {
  try {
    new Expectations(expect);
    return undefined;
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    return { at: `/expect${error.at}`, message: `is wrong: ${error.reason}` };
  }
}

/** The files that a scenario names, by the JSON pointer of their names. */
export function* filesOf(scenario: Scenario): Generator<readonly [at: string, file: string]> {
  for (const [at, content] of contentsOf(scenario)) {
    const file = fileOf(content);
    if (file !== undefined) yield [`${at}/file`, file];
  }
}

function* contentsOf({ modems = [], sandbox, timeline = [] }: Scenario): Generator<readonly [string, Content]> {
  for (const [index, { efs = {}, gpsTrack }] of modems.entries()) {
    if (gpsTrack !== undefined) yield [`/modems/${index}/gpsTrack`, gpsTrack];
    for (const [path, content] of Object.entries(efs)) yield [pointer(`/modems/${index}/efs`, path), content];
  }
  if (typeof sandbox === "object") yield* moved("/sandbox", sandboxFiles(sandbox));
  for (const [index, step] of timeline.entries()) {
    const [action, value] = actionOf(step.do);
    yield* moved(`/timeline/${index}/do/${action.name}`, action.contents?.(value) ?? []);
  }
}

function* moved(at: string, contents: Iterable<readonly [string, Content]>): Generator<readonly [string, Content]> {
  for (const [inner, content] of contents) yield [`${at}${inner}`, content];
}
