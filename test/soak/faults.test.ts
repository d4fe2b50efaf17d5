import { expect, test } from "vitest";
import { FAULT_SCHEMA } from "../../src/faults/kinds.ts";
import { SeededRandom } from "../../src/platform/crypto.ts";
import { MAKERS } from "./faults.ts";

test("a soak meets every kind of fault", () => {
  const random = new SeededRandom(1);
  const made = new Set(MAKERS.map((make) => make(random).kind));
  const kinds = FAULT_SCHEMA.anyOf?.map(({ properties }) => properties?.kind?.const);
  expect([...made].sort()).toEqual(kinds?.toSorted());
});
