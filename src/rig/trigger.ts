import { FaultError, type FaultSpec } from "../faults/fault.ts";
import type { Problem } from "../platform/schema/check.ts";
import type { Clock } from "../platform/time/clock.ts";
import type { RigEvent } from "./events.ts";
import type { Journal } from "./journal.ts";
import { Pattern, PatternError } from "./pattern.ts";

/** Whether an event of a modem, or of what all modems share, is one that something waits for. */
export type Trigger = (modem: string | undefined, event: object) => boolean;

/** Makes triggers of patterns. An event has no number and no time of its own while no journal keeps it. */
export function triggersOf(clock: Clock, journal: Journal | undefined): (pattern: Pattern) => Trigger {
  const place = () => ({ seq: journal?.last ?? 0, at: journal?.now ?? clock.monotonic() });
  return (pattern) => (modem, event) =>
    pattern.matches({ ...place(), ...(modem === undefined ? {} : { modem }), ...event } as RigEvent);
}

/** Reads the pattern of a fault; throws a {@link FaultError} for a wrong one. */
export function readTrigger(given: unknown): Pattern {
  try {
    return new Pattern(given);
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    throw new FaultError(`/on${error.at}`, `is wrong: ${error.reason}`);
  }
}

/** Finds what is wrong with the pattern of a fault. */
export function checkTrigger({ on }: FaultSpec): Problem | undefined {
  return on === undefined ? undefined : checkPattern(on, "/on");
}

/** Finds what is wrong with a pattern. */
export function checkPattern(given: unknown, at: string): Problem | undefined {
  try {
    new Pattern(given);
    return undefined;
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    return { at: `${at}${error.at}`, message: `is wrong: ${error.reason}` };
  }
}
