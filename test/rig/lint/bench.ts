import { onTestFinished } from "vitest";
import { VirtualClock } from "../../../src/platform/time/virtual-clock.ts";
import type { RigEvent } from "../../../src/rig/events.ts";
import type { RigModemOptions } from "../../../src/rig/options.ts";
import { Rig } from "../../../src/rig/rig.ts";
import { memoryPair } from "../../../src/transport/memory.ts";
import { Dte } from "../../support/dte.ts";
import { ScriptedNetwork } from "../../support/scripted-network.ts";

/** A finding: its rule, and what the event that it names as its cause holds. */
export type Finding = readonly [rule: string, cause: unknown];

/** In memory nothing more comes after so many turns of the event loop without output. */
const QUIET_TURNS = 20;

/** A rig of one modem in memory, with the lint rules at work. */
export async function lintBench(options: RigModemOptions = {}) {
  const clock = new VirtualClock();
  const network = new ScriptedNetwork();
  const { module, host } = memoryPair();
  const rig = await Rig.start({ clock, network, journal: true, modems: [{ ...options, transport: module }] });
  onTestFinished(() => rig.close());
  const journal = rig.journal;
  if (journal === undefined) throw new Error("there is no journal");
  const findings = (): readonly Finding[] => findingsOf(journal.query().events);
  const dte = new Dte(host, clock);
  /** Lets the module work until it prints nothing more, and throws away what it has printed. */
  const settle = async () => {
    for (let quiet = 0; quiet < QUIET_TURNS; quiet++) {
      await new Promise(setImmediate);
      if (dte.take() !== "") quiet = 0;
    }
  };
  return { rig, modem: rig.modem("m1"), clock, network, dte, settle, findings };
}

export function findingsOf(events: readonly RigEvent[]): readonly Finding[] {
  return events.flatMap((event) => {
    if (event.type !== "lint") return [];
    const cause = events.find(({ seq }) => seq === event.cause);
    return [[event.rule, describe(cause)] as const];
  });
}

function describe(event: RigEvent | undefined): unknown {
  switch (event?.type) {
    case "host":
      return event.bytes;
    case "line":
    case "unknown":
      return event.text;
    case "command":
      return event.name;
    default:
      return event?.type;
  }
}
