import { MODULE_LIMITS } from "../limits.ts";
import { parseIsoTime } from "../rtc.ts";
import { isRecord } from "../settings/nvram.ts";
import { ALTITUDE, LATITUDE, LONGITUDE, type Range } from "./position.ts";
import { Track, type TrackPoint } from "./track.ts";

/** Why a track cannot be played: a phrase that names the line or the point. */
export class TrackError extends Error {
  override readonly name = "TrackError";
}

/** A point as it was given. */
export interface GivenPoint {
  readonly latitude: unknown;
  readonly longitude: unknown;
  readonly altitude?: unknown;
  /** ISO 8601, in UTC without a zone; or a number of seconds. */
  readonly time?: unknown;
}

const FIELDS: readonly string[] = ["latitude", "longitude", "altitude", "time"];

/** The points of a list of JSON: `[{"latitude":46.9,"longitude":7.4,"time":"2026-01-31T12:00:00Z"}, ...]`. */
export function readPoints(list: readonly unknown[]): readonly GivenPoint[] {
  return list.map((point, index) => {
    if (!isRecord(point)) throw new TrackError(`point ${index + 1} is not an object`);
    const unknown = Object.keys(point).find((name) => !FIELDS.includes(name));
    if (unknown !== undefined) {
      const name = JSON.stringify(unknown);
      throw new TrackError(`point ${index + 1} has an unknown field ${name}; its fields are ${FIELDS.join(", ")}`);
    }
    return point as unknown as GivenPoint;
  });
}

/** A track through points, whose first one is at 0. Throws a {@link TrackError} for a point that cannot be one of it. */
export function trackThrough(given: readonly GivenPoint[]): Track {
  if (given.length > MODULE_LIMITS.trackPoints) throw tooManyPoints();
  const points: TrackPoint[] = [];
  let start: number | undefined;
  for (const [index, point] of given.entries()) {
    const name = `point ${index + 1}`;
    const moment = momentOf(point.time, name, given[0]?.time);
    start ??= moment;
    const at = moment - start;
    if (at < (points.at(-1)?.at ?? 0)) throw new TrackError(`${name} is earlier than the one before it`);
    points.push({
      latitude: inRange(point.latitude, LATITUDE, `the latitude of ${name}`),
      longitude: inRange(point.longitude, LONGITUDE, `the longitude of ${name}`),
      altitude: inRange(point.altitude ?? 0, ALTITUDE, `the altitude of ${name}`),
      at,
    });
  }
  const [first, ...rest] = points;
  if (first === undefined) throw new TrackError("it has no points");
  return new Track([first, ...rest]);
}

export function tooManyPoints(): TrackError {
  return new TrackError(`it has more than ${MODULE_LIMITS.trackPoints} points`);
}

function inRange(value: unknown, [least, most]: Range, what: string): number {
  if (value === undefined) throw new TrackError(`${what} is missing`);
  if (typeof value === "number" && value >= least && value <= most) return value;
  throw new TrackError(`${what} is not a number from ${least} to ${most}`);
}

/** Milliseconds of a time that is written as that of the first point is. */
function momentOf(time: unknown, name: string, first: unknown): number {
  if (time === undefined) throw new TrackError(`${name} has no time`);
  if (typeof time !== typeof first) throw new TrackError(`the time of ${name} has another form than that of point 1`);
  const moment = typeof time === "number" ? time * 1000 : epochOf(String(time));
  if (!Number.isFinite(moment)) throw new TrackError(`the time of ${name} is not like 2026-01-31T12:00:00Z`);
  return moment;
}

function epochOf(time: string): number {
  const [, moment = "", fraction = "", zone = "Z"] = /^(.*?)(\.\d{1,9})?(Z|[+-]\d\d:?\d\d)?$/.exec(time) ?? [];
  const parsed = parseIsoTime(`${moment}${zone}`);
  return parsed === undefined ? Number.NaN : parsed.epoch + Number(`0${fraction}`) * 1000;
}
