import { expect, test } from "vitest";
import { measureFleet, measureHeap } from "./measure.ts";

test("a thousand modems in one process", async () => {
  const cost = await measureFleet(1000);
  expect(cost.readyCpu).toBeLessThan(3000);
  expect(cost.rss).toBeLessThan(38);
  expect(cost.idle).toBeLessThan(0.05);
  expect(cost.mails).toBe(1000);
  // On a quiet machine a tenth of it: this is what no load of a machine explains.
  expect(cost.mailing.p99).toBeLessThan(200);
});

test("what a modem holds that only waits", async () => {
  expect(await measureHeap(1000)).toBeLessThan(27);
});
