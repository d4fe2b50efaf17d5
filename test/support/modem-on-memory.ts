import { Modem } from "../../src/modem/modem.ts";
import type { ModemOptions } from "../../src/modem/modem-options.ts";
import { VirtualClock } from "../../src/platform/time/virtual-clock.ts";
import { memoryPair } from "../../src/transport/memory.ts";
import { Dte } from "./dte.ts";
import { ScriptedNetwork } from "./scripted-network.ts";

/** A modem of a test's own, on a line without a medium, a clock that stands still and a network that obeys. */
export async function modemOnMemory(options: Partial<Omit<ModemOptions, "transport" | "clock" | "network">> = {}) {
  const clock = new VirtualClock();
  const network = new ScriptedNetwork();
  const { module, host } = memoryPair();
  const modem = new Modem({ ...options, transport: module, clock, network });
  await modem.start();
  return { modem, clock, network, host, dte: new Dte(host, clock) };
}
