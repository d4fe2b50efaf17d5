import { SeededRandom } from "../../src/platform/crypto.ts";
import { noEvents } from "../../src/platform/events.ts";
import { silentLog } from "../../src/platform/log.ts";
import { TcpNetwork } from "../../src/platform/network/tcp-network.ts";
import { VirtualClock } from "../../src/platform/time/virtual-clock.ts";
import type { ServerParts } from "../../src/sandbox/server.ts";

/** What an embedded server stands on, on the real loopback network, at a time that stands still. */
export function serverParts(changes: Partial<ServerParts> = {}): ServerParts {
  return {
    network: new TcpNetwork(),
    clock: new VirtualClock(),
    log: silentLog,
    random: new SeededRandom(1),
    events: noEvents,
    ...changes,
  };
}
