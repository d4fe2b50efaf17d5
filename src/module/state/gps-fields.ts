import type { Gps, GpsMove, GpsSurroundings, ReceiverState } from "../gps/gps.ts";
import { ALTITUDE, COURSE, LATITUDE, LONGITUDE, type Range, SPEED } from "../gps/position.ts";
import { readTrack, TRACK } from "../gps/track-file.ts";
import type { ModuleState } from "../module-state.ts";
import { FLAG, real, type StateField, type ValueRule } from "./schema.ts";

/** A track as the control interface shows it. */
interface TrackView {
  readonly points: number;
  /** From its first point to its last. */
  readonly seconds: number;
  /** For how many seconds it has been played. */
  readonly played: number;
}

/** GPS as the control interface shows it. */
export interface GpsStateView extends GpsSurroundings {
  readonly receiver: ReceiverState;
  /** Null while no track leads the receiver. */
  readonly track: TrackView | null;
}

/** What a patch changes of it. */
export interface GpsPatch extends GpsMove {
  /** Points, the text of a file, or null, which ends a track. */
  readonly track?: unknown;
}

/** Seconds of the shortest and the longest search that can be asked for. */
const SEARCH: Range = [0, 3600];

/**
 * What is around the receiver, and what it makes of it. `fix` says whether satellites can be received; `receiver` shows
 * whether there is a position.
 */
export const GPS_FIELDS: readonly StateField<{ readonly module: ModuleState }>[] = [
  { path: "gps.receiver", read: ({ module }) => module.gps.receiver },
  { path: "gps.fix", rule: FLAG, read: around(({ fix }) => fix) },
  { path: "gps.latitude", rule: movement(LATITUDE), read: around(({ latitude }) => latitude) },
  { path: "gps.longitude", rule: movement(LONGITUDE), read: around(({ longitude }) => longitude) },
  { path: "gps.altitude", rule: movement(ALTITUDE), read: around(({ altitude }) => altitude) },
  { path: "gps.speed", rule: movement(SPEED), read: around(({ speed }) => speed) },
  { path: "gps.course", rule: movement(COURSE), read: around(({ course }) => course) },
  { path: "gps.timeToFix.cold", rule: real(...SEARCH), read: around(({ timeToFix }) => timeToFix.cold) },
  { path: "gps.timeToFix.hot", rule: real(...SEARCH), read: around(({ timeToFix }) => timeToFix.hot) },
  { path: "gps.track", rule: TRACK, read: ({ module }) => trackView(module.gps) },
];

/** A part of the position or of the movement. */
function movement(range: Range): ValueRule {
  const rule = real(...range);
  return { ...rule, schema: { ...rule.schema, description: "Setting it ends the track that leads the receiver" } };
}

function around(
  read: (surroundings: GpsSurroundings) => unknown,
): (modem: { readonly module: ModuleState }) => unknown {
  return ({ module }) => read(module.gps.surroundings);
}

function trackView({ track: playing }: Gps): TrackView | null {
  if (playing === undefined) return null;
  const { track, played } = playing;
  return { points: track.size, seconds: track.duration / 1000, played: played / 1000 };
}

/** Moves the receiver as a patch says, whose track begins where it moves to. */
export function moveGps(gps: Gps, { track, ...move }: GpsPatch): void {
  if (Object.keys(move).length > 0) gps.move(move);
  if (track !== undefined) gps.follow(track === null ? undefined : readTrack(track));
}
