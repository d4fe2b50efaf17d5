import fc from "fast-check";
import { expect, test } from "vitest";
import { timeVal } from "../../../src/sandbox/ftp/time.ts";

test("any time is written as the calendar has it", () => {
  const dates = fc.date({ min: new Date(0), max: new Date("9999-12-31T23:59:59Z"), noInvalidDate: true });
  fc.assert(
    fc.property(dates, (date) => {
      expect(timeVal(date.getTime())).toBe(date.toISOString().replace(/[-T:]|\..*/g, ""));
    }),
    {
      examples: [
        [new Date("2000-02-29T00:00:00Z")],
        [new Date("2100-03-01T00:00:00Z")],
        [new Date("1980-01-06T00:00:00Z")],
      ],
    },
  );
});
