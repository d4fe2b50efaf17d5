import { type EventBody, type Events, ObservedEvents } from "../../platform/events.ts";
import type { Alarm, Clock } from "../../platform/time/clock.ts";
import { Pattern } from "../pattern.ts";
import type { Trigger } from "../trigger.ts";
import type { ScenarioStep } from "./scenario.ts";

export interface TimeLineParts {
  readonly clock: Clock;
  readonly triggerOf: (pattern: Pattern) => Trigger;
  /** A step could not be done. */
  readonly failed: (index: number, error: unknown) => void;
}

/** Does what a step says. `modem` is that of the event, where there is one. */
type RunStep = (step: ScenarioStep, modem: string | undefined) => Promise<unknown>;

/** A step that waits for events. */
interface Waiting {
  readonly step: ScenarioStep;
  readonly index: number;
  readonly trigger: Trigger;
  left: number;
}

/** The steps of a scenario, on the clock of the rig: from {@link start} to {@link stop}, and anew with the next start. */
export class TimeLine {
  readonly #steps: readonly ScenarioStep[];
  readonly #parts: TimeLineParts;
  readonly #patterns: readonly (Pattern | undefined)[];
  #waiting: readonly Waiting[] = [];
  /** What {@link stop} cancels. */
  readonly #alarms = new Set<Alarm>();
  /** Absent while it stands still. */
  #run: RunStep | undefined;

  constructor(steps: readonly ScenarioStep[], parts: TimeLineParts) {
    this.#steps = steps;
    this.#parts = parts;
    this.#patterns = steps.map(({ when }) => (when === undefined ? undefined : new Pattern(when)));
  }

  /** Begins, at 0. Stops what began before. */
  start(run: RunStep): void {
    this.stop();
    this.#run = run;
    const { triggerOf } = this.#parts;
    this.#waiting = this.#steps.flatMap((step, index) => {
      const pattern = this.#patterns[index];
      if (pattern === undefined) return [];
      return [{ step, index, trigger: triggerOf(pattern), left: step.times ?? 1 }];
    });
    for (const [index, step] of this.#steps.entries()) {
      if (step.at !== undefined) this.#do(step, index, step.at, undefined);
    }
  }

  /** Does nothing more; a step that has begun goes on. */
  stop(): void {
    this.#waiting = [];
    this.#run = undefined;
    for (const alarm of this.#alarms) alarm.cancel();
    this.#alarms.clear();
  }

  /** The same events of one modem, or of what all modems share, which steps may wait for. */
  observe(modem: string | undefined, events: Events): Events {
    return new ObservedEvents(events, {
      isListening: () => this.#waiting.length > 0,
      hear: (event) => this.#hear(modem, event),
    });
  }

  #hear(modem: string | undefined, event: EventBody): void {
    for (const waiting of this.#waiting) {
      if (!waiting.trigger(modem, event)) continue;
      waiting.left--;
      this.#do(waiting.step, waiting.index, waiting.step.after ?? 0, modem);
    }
    if (this.#waiting.some(({ left }) => left === 0)) this.#waiting = this.#waiting.filter(({ left }) => left > 0);
  }

  /** Does a step after a time; without one at once, but never while the event is being emitted. */
  #do(step: ScenarioStep, index: number, after: number, modem: string | undefined): void {
    const run = this.#run;
    const go = async () => {
      if (run === undefined || run !== this.#run) return;
      await run(step, modem).catch((error: unknown) => this.#parts.failed(index, error));
    };
    if (after === 0) {
      void Promise.resolve().then(go);
      return;
    }
    const alarm = this.#parts.clock.alarm(after, () => {
      this.#alarms.delete(alarm);
      void go();
    });
    this.#alarms.add(alarm);
  }
}
