import { SystemClock } from "../platform/time/clock.ts";
import type { RigEvent } from "./events.ts";
import type { Journal } from "./journal.ts";
import { describeNearMisses, type NearMiss, showJson } from "./near-misses.ts";
import { type EventPattern, Pattern } from "./pattern.ts";

export interface ExpectOptions {
  /** Only events with a larger `seq`. Default: 0, every event that the journal still has. */
  readonly after?: number;
  /** Milliseconds of real time to wait, also on a clock that stands still. Default: 5000. */
  readonly timeout?: number;
}

/** No event came that matches a pattern. The message shows what came closest. */
export class ExpectationError extends Error {
  override readonly name = "ExpectationError";
  readonly near: readonly NearMiss[];

  constructor(pattern: EventPattern, timeout: number, near: readonly NearMiss[]) {
    const came = near.length === 0 ? "no event of that type came" : `these came closest:${describeNearMisses(near)}`;
    super(`no event matched ${showJson(pattern)} within ${timeout} ms; ${came}`);
    this.near = near;
  }
}

/** Gives the first event that matches, as soon as there is one; rejects with an {@link ExpectationError}. */
export async function expectEvent(journal: Journal, pattern: EventPattern, options: ExpectOptions): Promise<RigEvent> {
  const { after = 0, timeout = 5000 } = options;
  if (!(timeout >= 0)) throw new RangeError(`timeout must be a number of milliseconds, not ${String(timeout)}`);
  const match = new Pattern(pattern);
  const patience = new AbortController();
  const alarm = new SystemClock().alarm(timeout, () => patience.abort());
  try {
    return await journal.next({ match, after }, patience.signal);
  } catch (error) {
    if (!patience.signal.aborted) throw error;
    throw new ExpectationError(pattern, timeout, journal.near(match, after));
  } finally {
    alarm.cancel();
  }
}
