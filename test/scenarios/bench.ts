import { join } from "node:path";
import { onTestFinished } from "vitest";
import { VirtualClock } from "../../src/platform/time/virtual-clock.ts";
import { Rig } from "../../src/rig/rig.ts";
import type { RigStart } from "../../src/rig/rig-start.ts";
import { memoryPair } from "../../src/transport/memory.ts";

/** A scenario that the package ships, by its name. */
export const scenarioFile = (name: string) =>
  join(import.meta.dirname, "..", "..", "fixtures", "scenarios", `${name}.json`);

/** A rig of a scenario on a line without a medium, and its host, which lets time pass. */
export async function play(scenario: RigStart["scenario"]) {
  const clock = new VirtualClock();
  const { module, host } = memoryPair();
  const rig = await Rig.open({ clock, journal: true, scenario, modems: [{ transport: module }] });
  onTestFinished(() => rig.close());
  return {
    rig,
    /** Sends a line, or nothing, and gives all that has come when so much time has passed. */
    async hear(line: string, ms = 1): Promise<string> {
      if (line !== "") void host.write(line);
      await rig.advance(ms);
      return host.take().toString("latin1");
    },
  };
}
