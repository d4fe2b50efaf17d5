import { expect, test } from "vitest";
import { httpDate } from "../../../src/platform/time/calendar.ts";
import { parseHttpDate } from "../../../src/protocols/http/http-date.ts";

const MOMENT = Date.UTC(1994, 10, 6, 8, 49, 37);

test.each([
  ["Sun, 06 Nov 1994 08:49:37 GMT", MOMENT],
  ["Sunday, 06-Nov-94 08:49:37 GMT", MOMENT],
  ["Sun Nov  6 08:49:37 1994", MOMENT],
  ["Thu, 29 Feb 2024 00:00:00 GMT", Date.UTC(2024, 1, 29)],
  ["Sat, 31 Dec 2016 23:59:60 GMT", Date.UTC(2016, 11, 31, 23, 59, 59)],
  ["Friday, 31-Dec-68 23:59:59 GMT", Date.UTC(2068, 11, 31, 23, 59, 59)],
  ["Wednesday, 01-Jan-69 00:00:00 GMT", Date.UTC(1969, 0, 1)],
])("%s", (text, moment) => {
  expect(parseHttpDate(text)).toBe(moment);
});

test.each([
  "",
  "now",
  "0",
  "Sun, 06 Nov 1994 08:49:37",
  "Sun, 06 Nov 1994 08:49:37 CET",
  "Sun, 6 Nov 1994 08:49:37 GMT",
  "Sun, 06 Abc 1994 08:49:37 GMT",
  "Tue, 31 Feb 2026 08:49:37 GMT",
  "Sun, 06 Nov 1994 25:49:37 GMT",
  "Sun, 06 Nov 1994 08:60:37 GMT",
  "Sun, 06 Nov 1994 08:49:61 GMT x",
  "1994-11-06T08:49:37Z",
  ` ${"Sun, ".repeat(10_000)}06 Nov 1994 08:49:37 GMT`,
])("no moment: %.40s", (text) => {
  expect(parseHttpDate(text)).toBeUndefined();
});

test("what a server of ours writes is read back", () => {
  for (let moment = 0; moment < 4e12; moment += 86_400_000 * 97 + 3_661_000) {
    expect(parseHttpDate(httpDate(moment))).toBe(moment);
  }
});
