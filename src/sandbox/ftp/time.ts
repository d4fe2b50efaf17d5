import { fieldsOfEpoch, MONTH_NAMES } from "../../platform/time/calendar.ts";

const HALF_A_YEAR = 182 * 86_400_000;

/** A time as RFC 3659 §2.3 writes it, in UTC: `20100205120000`. */
export function timeVal(ms: number): string {
  const { year, month, day, hour, minute, second } = fieldsOfEpoch(ms);
  return `${year}${[month, day, hour, minute, second].map(two).join("")}`;
}

/** A time as `ls -l` writes it, in UTC: `Feb  5 12:00` when it is less than half a year from `now`, else `Feb  5  2010`. */
export function listTime(ms: number, now: number): string {
  const { year, month, day, hour, minute } = fieldsOfEpoch(ms);
  const date = `${MONTH_NAMES[month - 1]} ${String(day).padStart(2)}`;
  return Math.abs(now - ms) < HALF_A_YEAR ? `${date} ${two(hour)}:${two(minute)}` : `${date}  ${year}`;
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}
