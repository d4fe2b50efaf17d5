import { MONTH_NAMES } from "../../platform/time/calendar.ts";

const WEEKDAYS = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"] as const;
const QUARTER_MS = 15 * 60 * 1000;
const DAY_S = 24 * 60 * 60;

/**
 * Writes a moment as a date of RFC 5322 §3.3, in the module's zone.
 *
 * `now` is in milliseconds since the Unix epoch, `zone` in quarters of an hour east of Greenwich, as `AT+CCLK` has it.
 */
export function formatDate(now: number, zone: number): string {
  const seconds = Math.floor((now + zone * QUARTER_MS) / 1000);
  const day = Math.floor(seconds / DAY_S);
  const time = seconds - day * DAY_S;
  const date = civilDate(day);
  const weekday = WEEKDAYS[((day % 7) + 7) % 7] ?? "";
  const clock = [time / 3600, (time / 60) % 60, time % 60].map(two).join(":");
  const offset = `${zone < 0 ? "-" : "+"}${two(Math.abs(zone) / 4)}${two((Math.abs(zone) % 4) * 15)}`;
  const year = String(date.year).padStart(4, "0");
  return `${weekday}, ${two(date.day)} ${MONTH_NAMES[date.month] ?? ""} ${year} ${clock} ${offset}`;
}

/** The date of a day counted from 1970-01-01, in the Gregorian calendar. Counts in years that begin in March. */
function civilDate(day: number): { year: number; month: number; day: number } {
  const shifted = day + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const fromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const month = (fromMarch + 2) % 12;
  return {
    year: era * 400 + yearOfEra + (month < 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * fromMarch + 2) / 5) + 1,
  };
}

function two(value: number): string {
  return String(Math.floor(value)).padStart(2, "0");
}
