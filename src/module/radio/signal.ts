import { SeededRandom } from "../../platform/crypto.ts";
import type { Clock } from "../../platform/time/clock.ts";

/** The received signal as AT+CSQ reports it (27.007 8.5). */
export interface SignalQuality {
  /** 0 (-113 dBm) to 31 (-51 dBm and more), 99 unknown. */
  readonly rssi: number;
  /** 0 to 7, 99 unknown. */
  readonly ber: number;
}

/** A signal that stays as it is, or wanders around a mean like that of a module on the road. */
export type SignalCourse =
  | ({ readonly kind: "fixed" } & SignalQuality)
  | { readonly kind: "drifting"; readonly mean: number; readonly spread: number; readonly seed: number };

/** How long a drifting signal takes from one turning point to the next, in milliseconds. */
const DRIFT_PERIOD = 30_000;

/** The quality at a moment of the clock. A drift depends on time and seed only, so a run can be repeated. */
export function signalAt(course: SignalCourse, clock: Clock): SignalQuality {
  if (course.kind === "fixed") return { rssi: course.rssi, ber: course.ber };
  const { mean, spread, seed } = course;
  const turn = Math.floor(clock.now() / DRIFT_PERIOD);
  const between = clock.now() / DRIFT_PERIOD - turn;
  const from = turningPoint(seed, turn);
  const rssi = mean + spread * (from + (turningPoint(seed, turn + 1) - from) * between);
  return { rssi: Math.max(0, Math.min(31, Math.round(rssi))), ber: 0 };
}

/** From -1 to 1. */
function turningPoint(seed: number, turn: number): number {
  const chance = new SeededRandom(Math.imul(seed, 31) + turn);
  chance.integer(2);
  return chance.integer(2001) / 1000 - 1;
}
