import { Faults } from "../../src/faults/faults.ts";
import { SeededRandom } from "../../src/platform/crypto.ts";
import type { Network } from "../../src/platform/network/network.ts";
import type { Clock } from "../../src/platform/time/clock.ts";

/** A network with faults, without a rig: a test adds them as it goes. */
export function faultyNetwork(inner: Network, clock: Clock): { readonly network: Network; readonly faults: Faults } {
  const faults = new Faults({
    clock,
    randomOf: () => new SeededRandom(1),
    triggerOf: () => () => false,
    fired: () => undefined,
  });
  return { faults, network: faults.network("m1", inner) };
}
