import { fieldsOfEpoch } from "../../platform/time/calendar.ts";

/** Metres of a nautical mile over metres of a kilometre. */
const NAUTICAL_MILE = 1.852;

/** A speed in knots with one decimal, from km/h. */
export function knots(speed: number): string {
  return (speed / NAUTICAL_MILE).toFixed(1);
}

/** `ddmm.mmmmmm,N`: degrees and minutes of the latitude, and its hemisphere. */
export function latitudeField(latitude: number): string {
  return `${degreesAndMinutes(latitude, 2)},${latitude < 0 ? "S" : "N"}`;
}

/** `dddmm.mmmmmm,E` */
export function longitudeField(longitude: number): string {
  return `${degreesAndMinutes(longitude, 3)},${longitude < 0 ? "W" : "E"}`;
}

const MILLIONTH = 1_000_000;

function degreesAndMinutes(angle: number, width: number): string {
  // Rounded as a whole first: 59.9999999 minutes are a degree.
  const total = Math.round(Math.abs(angle) * 60 * MILLIONTH);
  const whole = Math.floor(total / (60 * MILLIONTH));
  const minutes = (total - whole * 60 * MILLIONTH) / MILLIONTH;
  return `${padded(whole, width)}${minutes.toFixed(6).padStart(9, "0")}`;
}

/** `ddmmyy`, or `ddmmyyyy`: the date in UTC. */
export function dateField(epoch: number, digits: 2 | 4): string {
  const { year, month, day } = fieldsOfEpoch(epoch);
  return `${padded(day)}${padded(month)}${padded(year % 10 ** digits, digits)}`;
}

/** `hhmmss.s`: the time of day in UTC. */
export function timeField(epoch: number): string {
  const { hour, minute, second } = fieldsOfEpoch(epoch);
  const tenth = Math.floor((((epoch % 1000) + 1000) % 1000) / 100);
  return `${padded(hour)}${padded(minute)}${padded(second)}.${tenth}`;
}

/** A number in decimal, with zeros before it. */
export function padded(value: number, width = 2): string {
  return String(value).padStart(width, "0");
}
