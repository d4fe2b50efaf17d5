import { epochOfFields, MONTH_NAMES } from "../../platform/time/calendar.ts";

const TIME = "(?<hour>\\d\\d):(?<minute>\\d\\d):(?<second>\\d\\d)";

/** The three forms of a date that a client must read. @rfc 9110 §5.6.7 */
const FORMS = [
  `^[A-Za-z]{3}, (?<day>\\d\\d) (?<month>[A-Za-z]{3}) (?<year>\\d{4}) ${TIME} GMT$`,
  `^[A-Za-z]{6,9}, (?<day>\\d\\d)-(?<month>[A-Za-z]{3})-(?<year>\\d\\d) ${TIME} GMT$`,
  `^[A-Za-z]{3} (?<month>[A-Za-z]{3}) (?<day>[ \\d]\\d) ${TIME} (?<year>\\d{4})$`,
].map((form) => new RegExp(form));

/** Milliseconds since the Unix epoch of the value of a Date field; `undefined` for anything that is not a moment. */
export function parseHttpDate(text: string): number | undefined {
  const fields = FORMS.map((form) => form.exec(text)?.groups).find((groups) => groups !== undefined);
  if (fields === undefined) return undefined;
  const [day = 0, hour = 0, minute = 0, second = 0] = ["day", "hour", "minute", "second"].map((name) =>
    Number(fields[name]),
  );
  const month = MONTH_NAMES.indexOf(fields.month ?? "") + 1;
  // A leap second counts as the second before it.
  return epochOfFields({ year: fullYear(fields.year ?? ""), month, day, hour, minute, second: Math.min(second, 59) });
}

/**
 * Years of two digits are 1969 to 2068, as in POSIX. The rule of RFC 9110 depends on the present year, which is not known
 * while the clock is being set.
 */
function fullYear(digits: string): number {
  const year = Number(digits);
  if (digits.length === 4) return year;
  return year + (year >= 69 ? 1900 : 2000);
}
