import type { FaultSpec } from "../../faults/fault.ts";
import type { RigEvent } from "../../rig/events.ts";
import type { RigModemOptions } from "../../rig/options.ts";
import type { ScenarioStep } from "../../rig/scenario/scenario.ts";
import { type CompareOptions, compareSession } from "./compare-session.ts";
import type { Exchange } from "./exchange.ts";
import type { OurModule } from "./our-module.ts";
import { Rules } from "./rules.ts";

/** How often what was learned is tried: an answer may change what comes after it, and needs two rounds to be doubted. */
const ROUNDS = 16;

export interface LearnParts extends CompareOptions {
  /** Reads the session from its beginning. */
  readonly events: () => AsyncIterable<RigEvent>;
  /** Starts a module of ours with these options, and with what was learned. */
  readonly start: (options: RigModemOptions, learned: Lessons) => Promise<OurModule>;
  /** Whether it can be started with a time line. */
  readonly hasTimeLine: boolean;
  /** Options of a modem, from which the one that differs least is taken. */
  readonly candidates: readonly (readonly RigModemOptions[])[];
}

/** What makes a module of ours say what theirs said. */
export interface Lessons {
  readonly faults: readonly FaultSpec[];
  readonly timeline: readonly ScenarioStep[];
}

const NOTHING: Lessons = { faults: [], timeline: [] };

/** What was learned of a session. */
export interface Learned extends Lessons {
  readonly options: RigModemOptions;
  /** The exchanges that still differ, with the reasons. */
  readonly open: readonly { readonly exchange: Exchange; readonly reason: string }[];
}

/** Finds the options and the answers with which a module of ours says in a session what theirs said. */
export async function learn(parts: LearnParts): Promise<Learned> {
  let options: RigModemOptions = {};
  for (const candidates of parts.candidates) options = await best(parts, options, candidates);
  const rules = new Rules(parts);
  let open: Learned["open"] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const lessons = rules.lessons();
    const found: { readonly exchange: Exchange; readonly reason: string }[] = [];
    let news = 0;
    rules.restart();
    for await (const exchange of run(parts, options, lessons)) {
      rules.count(exchange);
      if (exchange.difference === undefined) continue;
      const reason = rules.learn(exchange);
      if (reason === undefined) news++;
      else found.push({ exchange, reason });
    }
    open = found;
    if (news === 0) return { options, ...lessons, open };
  }
  return { options, ...rules.lessons(), open };
}

/** Of several options, those with the fewest differences; of equals the first. Without a difference none is better. */
async function best(
  parts: LearnParts,
  given: RigModemOptions,
  candidates: readonly RigModemOptions[],
): Promise<RigModemOptions> {
  let found = given;
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const options = { ...given, ...candidate };
    const differences = await fewest(parts, options, least);
    if (differences >= least) continue;
    found = options;
    least = differences;
    if (least === 0) break;
  }
  return found;
}

/** Tries options that differ a second time, and takes the better: on a busy machine an answer may come too late. */
async function fewest(parts: LearnParts, options: RigModemOptions, most: number): Promise<number> {
  const first = await differences(parts, options, most);
  return first === 0 ? 0 : Math.min(first, await differences(parts, options, first));
}

/** How many exchanges differ; `most` where there are as many or more. */
async function differences(parts: LearnParts, options: RigModemOptions, most: number): Promise<number> {
  let count = 0;
  for await (const { difference } of run(parts, options, NOTHING)) {
    if (difference !== undefined) count++;
    if (count >= most) break;
  }
  return count;
}

async function* run(parts: LearnParts, options: RigModemOptions, lessons: Lessons): AsyncGenerator<Exchange> {
  const ours = await parts.start(options, lessons);
  try {
    yield* compareSession(parts.events(), ours, parts);
  } finally {
    await ours.close();
  }
}
