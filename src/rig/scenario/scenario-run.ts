import { readTrack } from "../../module/gps/track-file.ts";
import type { Events } from "../../platform/events.ts";
import type { Log } from "../../platform/log.ts";
import type { Clock } from "../../platform/time/clock.ts";
import { UsageError } from "../../platform/usage-error.ts";
import { ActionError } from "../actions/action.ts";
import { actionOf } from "../actions/actions.ts";
import { resolveContent } from "../actions/content.ts";
import { writeEfsFiles } from "../actions/modem-actions.ts";
import { fillSandbox } from "../actions/sandbox-actions.ts";
import type { Journal } from "../journal.ts";
import type { Rig } from "../rig.ts";
import type { RigModem, RigModemParts } from "../rig-modem.ts";
import { triggersOf } from "../trigger.ts";
import type { LoadedScenario, Scenario, ScenarioStep } from "./scenario.ts";
import { TimeLine } from "./time-line.ts";

export interface ScenarioRunParts {
  readonly clock: Clock;
  readonly journal: Journal | undefined;
  readonly log: Log;
}

/** A scenario in a rig: what it lays down at the start and after each reset, and its time line. */
export class ScenarioRun {
  readonly #loaded: LoadedScenario;
  readonly #timeLine: TimeLine;

  constructor(loaded: LoadedScenario, { clock, journal, log }: ScenarioRunParts) {
    this.#loaded = loaded;
    this.#timeLine = new TimeLine(loaded.scenario.timeline ?? [], {
      clock,
      triggerOf: triggersOf(clock, journal),
      failed: (step, error) => log.warn({ event: "scenario-step-failed", step, error: String(error) }),
    });
  }

  get scenario(): Scenario {
    return this.#loaded.scenario;
  }

  /** The same events of one modem, or of what all modems share, which steps may wait for. */
  observe(modem: string | undefined, events: Events): Events {
    return this.#timeLine.observe(modem, events);
  }

  /** What a modem is to be before it gets its power, and whether it gets any. */
  firstState(index: number): Pick<RigModemParts, "prepare" | "isOff"> {
    const { scenario } = this.#loaded;
    return {
      prepare: (modem) => this.#prepare(modem, index),
      isOff: scenario.modems?.[index]?.state?.power === "off",
    };
  }

  /** Puts into the sandbox what it holds at the start. Mailboxes that the scenario names hold nothing else. */
  async fill({ sandbox }: Pick<Rig, "sandbox">): Promise<void> {
    const { scenario, files } = this.#loaded;
    if (sandbox === undefined || typeof scenario.sandbox !== "object") return;
    const contents = scenario.sandbox;
    for (const user of Object.keys(contents.mail ?? {})) sandbox.pop3.empty(user);
    await attempt("/sandbox", () => fillSandbox(sandbox, contents, files));
  }

  /** Begins the time line, at 0. */
  start(rig: Rig): void {
    this.#timeLine.start((step, modem) => this.#perform(rig, step, modem));
  }

  stop(): void {
    this.#timeLine.stop();
  }

  async #prepare(modem: RigModem, index: number): Promise<void> {
    const { scenario, files } = this.#loaded;
    const { state: { power: _, ...state } = {}, efs = {}, gpsTrack } = scenario.modems?.[index] ?? {};
    await attempt(`/modems/${index}/efs`, () => writeEfsFiles(modem, efs, files));
    if (gpsTrack !== undefined) {
      const text = Buffer.from(resolveContent(gpsTrack, files)).toString();
      await attempt(`/modems/${index}/gpsTrack`, async () => modem.module.gps.follow(readTrack(text)));
    }
    const problem = await attempt(`/modems/${index}/state`, () => modem.patch(state));
    if (problem !== undefined) throw refusal(`/modems/${index}/state${problem.at}`, problem.message);
  }

  async #perform(rig: Rig, step: ScenarioStep, of: string | undefined): Promise<void> {
    const [action, value] = actionOf(step.do);
    const id = step.modem ?? of ?? "m1";
    const modem = () => {
      const found = rig.modems.find((candidate) => candidate.id === id);
      if (found === undefined) throw new ActionError("missing", `there is no modem ${id}`);
      return found;
    };
    await action.run({ rig, modem, files: this.#loaded.files }, value);
  }
}

async function attempt<T>(at: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw refusal(at, error instanceof Error ? error.message : String(error), error);
  }
}

function refusal(at: string, message: string, cause?: unknown): UsageError {
  return new UsageError(`scenario ${at}: ${message}`, { option: "scenario", cause });
}
