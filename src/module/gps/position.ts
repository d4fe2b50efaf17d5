/** Where the antenna is and how it moves (WGS 84). */
export interface Position {
  /** Degrees, north positive. */
  readonly latitude: number;
  /** Degrees, east positive. */
  readonly longitude: number;
}

/** A position with all that a receiver measures there. */
export interface Movement extends Position {
  /** Metres above mean sea level. */
  readonly altitude: number;
  /** Over ground, in km/h. */
  readonly speed: number;
  /** Degrees clockwise from true north. */
  readonly course: number;
}

/** The least and the most of a value, both included. */
export type Range = readonly [least: number, most: number];

/** What positions and movements can be: as far as satellites reach, and faster than receivers may work. */
export const LATITUDE: Range = [-90, 90];
export const LONGITUDE: Range = [-180, 180];
export const ALTITUDE: Range = [-1000, 100_000];
export const SPEED: Range = [0, 10_000];
export const COURSE: Range = [0, 360];

/** Mean radius of the earth in metres. */
const EARTH = 6_371_008.8;

/** The distance of two positions over the great circle, in metres. */
export function distanceOf(from: Position, to: Position): number {
  return EARTH * angleOf(from, to);
}

/** The direction in which the great circle leaves `from`, in degrees clockwise from north; 0 where both are the same. */
export function courseOf(from: Position, to: Position): number {
  const [phi, psi] = [radians(from.latitude), radians(to.latitude)];
  const lambda = radians(to.longitude - from.longitude);
  const east = Math.sin(lambda) * Math.cos(psi);
  const north = Math.cos(phi) * Math.sin(psi) - Math.sin(phi) * Math.cos(psi) * Math.cos(lambda);
  return (degrees(Math.atan2(east, north)) + 360) % 360;
}

/** The position that lies a part of the way from one to the other on the great circle. */
export function between(from: Position, to: Position, part: number): Position {
  const angle = angleOf(from, to);
  // Positions that coincide need no way, and opposite ones have no way of their own.
  if (Math.sin(angle) < 1e-12) return from;
  const [one, other] = [vectorOf(from), vectorOf(to)];
  const [a, b] = [Math.sin((1 - part) * angle), Math.sin(part * angle)];
  const x = a * one.x + b * other.x;
  const y = a * one.y + b * other.y;
  const z = a * one.z + b * other.z;
  return { latitude: degrees(Math.atan2(z, Math.hypot(x, y))), longitude: degrees(Math.atan2(y, x)) };
}

/** The angle between two positions, seen from the centre of the earth, by the haversine formula. */
function angleOf(from: Position, to: Position): number {
  const [phi, psi] = [radians(from.latitude), radians(to.latitude)];
  const height = Math.sin((psi - phi) / 2) ** 2;
  const width = Math.sin(radians(to.longitude - from.longitude) / 2) ** 2;
  return 2 * Math.asin(Math.min(1, Math.sqrt(height + Math.cos(phi) * Math.cos(psi) * width)));
}

function vectorOf({ latitude, longitude }: Position): { readonly x: number; readonly y: number; readonly z: number } {
  const [phi, lambda] = [radians(latitude), radians(longitude)];
  return { x: Math.cos(phi) * Math.cos(lambda), y: Math.cos(phi) * Math.sin(lambda), z: Math.sin(phi) };
}

function radians(angle: number): number {
  return (angle * Math.PI) / 180;
}

function degrees(angle: number): number {
  return (angle * 180) / Math.PI;
}
