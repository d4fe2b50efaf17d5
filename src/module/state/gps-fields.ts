import type { Gps, GpsMove, GpsSurroundings, ReceiverState } from "../gps/gps.ts";
import type { ModuleState } from "../module-state.ts";
import { FLAG, real, type StateField } from "./schema.ts";

/** GPS as the control interface shows it. */
export interface GpsStateView extends GpsSurroundings {
  readonly receiver: ReceiverState;
}

/** What a patch changes of it. */
export type GpsPatch = GpsMove;

/** Seconds of the longest search that can be asked for. */
const LONGEST_SEARCH = 3600;

/**
 * What is around the receiver, and what it makes of it. `fix` says whether satellites can be received; `receiver` shows
 * whether there is a position.
 */
export const GPS_FIELDS: readonly StateField<{ readonly module: ModuleState }>[] = [
  { path: "gps.receiver", read: ({ module }) => module.gps.receiver },
  { path: "gps.fix", rule: FLAG, read: around(({ fix }) => fix) },
  { path: "gps.latitude", rule: real(-90, 90), read: around(({ latitude }) => latitude) },
  { path: "gps.longitude", rule: real(-180, 180), read: around(({ longitude }) => longitude) },
  { path: "gps.altitude", rule: real(-1000, 100_000), read: around(({ altitude }) => altitude) },
  { path: "gps.speed", rule: real(0, 10_000), read: around(({ speed }) => speed) },
  { path: "gps.course", rule: real(0, 360), read: around(({ course }) => course) },
  { path: "gps.timeToFix.cold", rule: real(0, LONGEST_SEARCH), read: around(({ timeToFix }) => timeToFix.cold) },
  { path: "gps.timeToFix.hot", rule: real(0, LONGEST_SEARCH), read: around(({ timeToFix }) => timeToFix.hot) },
];

function around(
  read: (surroundings: GpsSurroundings) => unknown,
): (modem: { readonly module: ModuleState }) => unknown {
  return ({ module }) => read(module.gps.surroundings);
}

/** Moves the receiver as a patch says. */
export function moveGps(gps: Gps, patch: GpsPatch): void {
  gps.move(patch);
}
