import { expect, test } from "vitest";
import { Heights } from "../../../src/web/model/heights.ts";

function heights(length: number): Heights {
  const made = new Heights((place) => 10 + place);
  made.resize(length, 0);
  return made;
}

test("an item stands below those before it", () => {
  const made = heights(4);
  expect([0, 1, 2, 3, 4].map((place) => made.top(place))).toEqual([0, 10, 21, 33, 46]);
  expect(made.total).toBe(46);
});

test.each([
  [-5, 0],
  [0, 0],
  [9.9, 0],
  [10, 1],
  [32, 2],
  [45, 3],
  [1000, 3],
])("at %d stands item %d", (y, expected) => {
  expect(heights(4).placeAt(y)).toBe(expected);
});

test("a measure moves what stands below, and is news once", () => {
  const made = heights(4);
  expect(made.total).toBe(46);
  expect(made.measure(1, 100)).toBe(true);
  expect(made.measure(1, 100)).toBe(false);
  expect(made.measure(9, 5)).toBe(false);
  expect(made.top(2)).toBe(110);
});

test("items before a change keep their measure", () => {
  const made = heights(2000);
  made.measure(0, 50);
  made.measure(1999, 50);
  made.resize(3000, 1999);
  expect([made.top(1), made.top(2000) - made.top(1999)]).toEqual([50, 10 + 1999]);
  made.resize(0, 0);
  expect([made.total, made.placeAt(7)]).toEqual([0, 0]);
});
