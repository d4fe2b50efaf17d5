import { expect, test } from "vitest";
import { measureFleet, measureHeap } from "./measure.ts";

test("a thousand modems in one process", async () => {
  const cost = await measureFleet(1000);
  expect(cost.readyCpu).toBeLessThan(3000);
  // What V8 has not collected yet makes 32 to 37 of it; the heap below is exact.
  expect(cost.rss).toBeLessThan(40);
  expect(cost.idle).toBeLessThan(0.05);
  expect(cost.mails).toBe(1000);
  // 15 to 30 on a quiet machine, and up to 70 beside other programs.
  expect(cost.mailing.p99).toBeLessThan(200);
});

test("what a modem holds that only waits", async () => {
  expect(await measureHeap(1000)).toBeLessThan(27);
});
