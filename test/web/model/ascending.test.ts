import { expect, test } from "vitest";
import { placeOf } from "../../../src/web/model/ascending.ts";

test.each([
  [1, 0],
  [2, 0],
  [3, 1],
  [8, 2],
  [9, 3],
])("the place of %d", (value, place) => {
  expect(placeOf([2, 4, 8], value)).toBe(place);
});

test("nothing stands at the beginning of nothing", () => {
  expect(placeOf([], 5)).toBe(0);
});
