import fc from "fast-check";
import { expect, test } from "vitest";
import { formatDate } from "../../../src/mime/compose/date.ts";

test.each([
  [0, 0, "Thu, 01 Jan 1970 00:00:00 +0000"],
  [Date.UTC(1980, 0, 6), 0, "Sun, 06 Jan 1980 00:00:00 +0000"],
  [Date.UTC(2008, 1, 28, 23, 59, 59, 999), 1, "Fri, 29 Feb 2008 00:14:59 +0015"],
  [Date.UTC(2010, 0, 1), -13, "Thu, 31 Dec 2009 20:45:00 -0315"],
])("%d in zone %d is %s", (now, zone, date) => {
  expect(formatDate(now, zone)).toBe(date);
});

test("any moment in any zone is the same date as the machine's calendar says", () => {
  const moment = fc.integer({ min: Date.UTC(1900, 0), max: Date.UTC(2200, 0) });
  fc.assert(
    fc.property(moment, fc.integer({ min: -96, max: 96 }), (now, zone) => {
      const local = new Date(now + zone * 900_000).toUTCString();
      expect(formatDate(now, zone).slice(0, -5)).toBe(local.replace("GMT", ""));
    }),
  );
});
