import type { ModuleState } from "../module/module-state.ts";
import { GatedNetwork } from "../module/radio/gated-network.ts";
import type { Events } from "../platform/events.ts";
import { JournaledNetwork } from "../platform/network/journaled-network.ts";
import type { Network } from "../platform/network/network.ts";
import { TcpNetwork } from "../platform/network/tcp-network.ts";
import type { ModemOptions } from "./modem-options.ts";

/** The network as the services of a module reach it: by its radio, and with events of each connection. */
export function newNetwork(
  { network = new TcpNetwork(), journalNetwork = false }: ModemOptions,
  module: ModuleState,
  events: Events,
): Network {
  const gated = new GatedNetwork(network, module.packetService);
  return new JournaledNetwork(gated, events, { bytes: journalNetwork });
}
