import { expect, test } from "vitest";
import { measureFleet } from "./measure.ts";

test("a thousand modems in one process", async () => {
  const cost = await measureFleet(1000);
  expect(cost.readyCpu).toBeLessThan(3000);
  expect(cost.heap).toBeLessThan(40);
  expect(cost.idle).toBeLessThan(0.05);
  expect(cost.mails).toBe(100);
});
