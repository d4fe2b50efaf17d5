import { Efs } from "../efs/efs.ts";
import { ModuleState } from "../module/module-state.ts";
import { GatedNetwork } from "../module/radio/gated-network.ts";
import { Nvram } from "../module/settings/nvram.ts";
import type { Events } from "../platform/events.ts";
import { JournaledNetwork } from "../platform/network/journaled-network.ts";
import type { Network } from "../platform/network/network.ts";
import { TcpNetwork } from "../platform/network/tcp-network.ts";
import { type Clock, FollowingClock } from "../platform/time/clock.ts";
import type { ModemOptions } from "./modem-options.ts";

/** What a module has at its start, and has anew when the modem is restored. */
export interface Inside {
  readonly nvram: Nvram;
  readonly module: ModuleState;
  /** The network as the services reach it: by the module's radio, and with events of each connection. */
  readonly network: Network;
}

export function newInside(options: ModemOptions, clock: Clock, events: Events): Inside {
  const { sim, time, gpsWeekRollover, log, nvram = Nvram.inMemory() } = options;
  const { network = new TcpNetwork(), journalNetwork = false } = options;
  const module = new ModuleState({ clock, nvram, sim, time, gpsWeekRollover, events, log });
  const gated = new GatedNetwork(network, module.packetService);
  return { nvram, module, network: new JournaledNetwork(gated, events, { bytes: journalNetwork }) };
}

/** Opens the volumes, whose clock is that of the module: a restored modem has another one. */
export function openEfs({ efs }: ModemOptions, module: () => ModuleState, events: Events): Promise<Efs> {
  return Efs.open({ ...efs, clock: new FollowingClock(() => module().rtc.clock), events });
}
