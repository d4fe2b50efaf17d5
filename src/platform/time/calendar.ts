/** A moment of the proleptic Gregorian calendar; months and days count from 1, `weekday` from Sunday = 0. */
export interface CalendarFields {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly weekday: number;
}

/** The months as RFC 5322, HTTP and `ls` abbreviate them. */
export const MONTH_NAMES: readonly string[] = [
  "Jan",
  "Feb",
  "Mar",
  "Apr",
  "May",
  "Jun",
  "Jul",
  "Aug",
  "Sep",
  "Oct",
  "Nov",
  "Dec",
];

/** The UTC fields of a time in milliseconds since the Unix epoch. */
export function fieldsOfEpoch(epoch: number): CalendarFields {
  const date = new Date(epoch);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    weekday: date.getUTCDay(),
  };
}

/** The same as ISO 8601 writes it: `2010-02-05T12:00:00.000Z`. */
export function isoOfEpoch(epoch: number): string {
  return new Date(epoch).toISOString();
}

/** Milliseconds since the Unix epoch of UTC fields, or `undefined` where there is no such moment (31 February). */
export function epochOfFields(fields: Omit<CalendarFields, "weekday">): number | undefined {
  const { year, month, day, hour, minute, second } = fields;
  const epoch = Date.UTC(year, month - 1, day, hour, minute, second);
  const back = fieldsOfEpoch(epoch);
  const same = back.month === month && back.day === day && back.hour === hour && back.minute === minute;
  return same && back.second === second ? epoch : undefined;
}

/** A moment, in milliseconds since the Unix epoch, as HTTP dates are written: `Tue, 31 Mar 2009 01:56:05 GMT`. @rfc 9110 §5.6.7 */
export function httpDate(ms: number): string {
  return new Date(ms).toUTCString();
}
