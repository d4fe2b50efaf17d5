const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"] as const;
const DAY = 86_400_000;

interface Moment {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

/** A time as RFC 3659 §2.3 writes it, in UTC: `20100205120000`. */
export function timeVal(ms: number): string {
  const { year, month, day, hour, minute, second } = moment(ms);
  return `${year}${[month, day, hour, minute, second].map(two).join("")}`;
}

/** A time as `ls -l` writes it, in UTC: `Feb  5 12:00` when it is less than half a year from `now`, else `Feb  5  2010`. */
export function listTime(ms: number, now: number): string {
  const { year, month, day, hour, minute } = moment(ms);
  const date = `${MONTHS[month - 1]} ${String(day).padStart(2)}`;
  return Math.abs(now - ms) < 182 * DAY ? `${date} ${two(hour)}:${two(minute)}` : `${date}  ${year}`;
}

/** Splits a time into its UTC calendar fields, by the proleptic Gregorian calendar counted in years that begin in March. */
function moment(ms: number): Moment {
  const days = Math.floor(ms / DAY);
  const rest = ms - days * DAY;
  // Day 0 of the count is 0000-03-01, so that a leap day is the last day of its year.
  const count = days + 719_468;
  const era = Math.floor(count / 146_097);
  const ofEra = count - era * 146_097;
  const yearOfEra = Math.floor(
    (ofEra - Math.floor(ofEra / 1460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) / 365,
  );
  const ofYear = ofEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  // From March on, the months' lengths repeat in five months of 153 days.
  const fromMarch = Math.floor((5 * ofYear + 2) / 153);
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9;
  return {
    year: era * 400 + yearOfEra + (month <= 2 ? 1 : 0),
    month,
    day: ofYear - Math.floor((153 * fromMarch + 2) / 5) + 1,
    hour: Math.floor(rest / 3_600_000),
    minute: Math.floor(rest / 60_000) % 60,
    second: Math.floor(rest / 1000) % 60,
  };
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}
