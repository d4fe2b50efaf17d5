import type { Random } from "../../platform/crypto.ts";
import { type Clock, sleep } from "../../platform/time/clock.ts";

/** Round-trip times of a radio network, in milliseconds. */
const ROUND_TRIP = { least: 100, most: 300 } as const;

/** Waits as long as the answer to a ping takes on a radio network, and gives the time. */
export async function roundTrip(clock: Clock, random: Random, signal: AbortSignal): Promise<number> {
  const time = ROUND_TRIP.least + random.integer(ROUND_TRIP.most - ROUND_TRIP.least + 1);
  await sleep(clock, time, signal);
  return time;
}
