import { expect, test } from "vitest";
import { formatAmount, formatBytes, formatDuration, formatTime } from "../../../src/web/model/format.ts";

test.each([
  [0, "0.000"],
  [12_345.6, "12.345"],
  [187_120, "3:07.120"],
  [3_723_400, "1:02:03.400"],
])("%d ms after the start is at %s", (ms, expected) => {
  expect(formatTime(ms)).toBe(expected);
});

test.each([
  [0.1234, "0.1 ms"],
  [0, "0 ms"],
  [482.4, "482 ms"],
  [1220, "1.22 s"],
  [125_000, "2 min 5 s"],
])("%d ms is %s", (ms, expected) => {
  expect(formatDuration(ms)).toBe(expected);
});

test.each([
  [57, "57 B"],
  [3000, "2.9 KiB"],
  [16_777_216, "16 MiB"],
  [5e12, "4657 GiB"],
])("%d bytes are %s", (bytes, expected) => {
  expect(formatBytes(bytes)).toBe(expected);
});

test.each([
  [0, "0 rows"],
  [1, "1 row"],
  [100_000, "100,000 rows"],
])("%d of a row are %s", (count, expected) => {
  expect(formatAmount(count, "row")).toBe(expected);
});
