import { expect, test } from "vitest";
import { VirtualClock } from "../../../src/platform/time/virtual-clock.ts";
import { Journal } from "../../../src/rig/journal.ts";
import { RigLint } from "../../../src/rig/lint/rig-lint.ts";
import { type LintView, lintView } from "../../../src/rig/lint/view.ts";
import { Rig } from "../../../src/rig/rig.ts";
import { memoryPair } from "../../../src/transport/memory.ts";

/** A journal with the lint of one modem, whose host has set a rate of its own. */
async function lintOf(clock: VirtualClock) {
  await using rig = await Rig.start({ modems: [{ transport: memoryPair().module }] });
  let rate = 9600;
  const view: LintView = { ...lintView(rig.modem("m1")), moduleRate: 115_200, hostRate: async () => rate };
  const journal = new Journal({ clock });
  const lint = new RigLint(journal);
  lint.add("m1", view);
  const rates = async (set = rate) => {
    rate = set;
    journal.port("m1").emit({ type: "line", text: "AT" });
    journal.settle();
    await Promise.resolve();
    const { events } = journal.query({ types: ["lint"] });
    return events.map((event) => (event.type === "lint" ? /\d+ bit/.exec(event.message)?.[0] : undefined));
  };
  return { journal, lint, rates };
}

test("what was found before a reset is found again after it", async () => {
  const { journal, lint, rates } = await lintOf(new VirtualClock());
  expect(await rates()).toEqual(["9600 bit"]);
  expect(await rates()).toEqual(["9600 bit"]);
  journal.clear();
  lint.restart();
  expect(await rates()).toEqual(["9600 bit"]);
});

test("while the clock stands still, the rate is looked at with each line", async () => {
  const { rates } = await lintOf(new VirtualClock());
  expect(await rates(9600)).toEqual(["9600 bit"]);
  expect(await rates(19_200)).toEqual(["9600 bit", "19200 bit"]);
});

test("a reset of a rig lets its lint forget", async () => {
  const { module, host } = memoryPair();
  await using rig = await Rig.start({ modems: [{ transport: module }], journal: true, clock: new VirtualClock() });
  for (let round = 0; round < 2; round++) {
    void host.write("AT\n");
    expect(await rig.expect({ type: "lint", rule: "line-feed-only" })).toMatchObject({ modem: "m1" });
    await rig.reset();
    expect(rig.journal?.query({ types: ["lint"] }).events).toEqual([]);
  }
});
