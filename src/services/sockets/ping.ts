import { eitherSignal } from "../../platform/abortable.ts";
import type { Random } from "../../platform/crypto.ts";
import type { Network } from "../../platform/network/network.ts";
import { type Clock, sleep } from "../../platform/time/clock.ts";
import type { SocketParts } from "./parts.ts";

/** What AT+CPING asks for. Times in milliseconds. */
export interface PingRequest {
  readonly host: string;
  readonly count: number;
  readonly size: number;
  readonly interval: number;
  readonly wait: number;
  readonly ttl: number;
}

/** Round-trip times of a radio network, in milliseconds. */
const ROUND_TRIP = { least: 100, most: 300 } as const;

/**
 * AT+CPING without ICMP, which needs rights that a test machine does not give: a host that has an address answers in the
 * time that a radio network takes, as long as the module is attached.
 *
 * @spec module.md 1.9
 */
export class PingService {
  readonly #parts: SocketParts;
  #running: AbortController | undefined;

  constructor(parts: SocketParts) {
    this.#parts = parts;
  }

  /** Whether probes are on their way. */
  get busy(): boolean {
    return this.#running !== undefined;
  }

  /** Begins; the answers are printed as they come. */
  start(request: PingRequest): void {
    const { signal, work, outlet } = this.#parts;
    const running = new AbortController();
    this.#running = running;
    const either = eitherSignal(signal, running.signal);
    const statistics = new PingStatistics();
    const pinging = this.#ping(request, statistics, either.signal)
      .catch(() => undefined)
      .finally(() => {
        either.release();
        this.#running = undefined;
        if (!signal.aborted) outlet.urc(statistics.line());
      });
    void work.track(pinging);
  }

  /** Ends the probes: the statistics follow. `false` where none run. */
  stop(): boolean {
    if (this.#running === undefined) return false;
    this.#running.abort(new Error("the probes were stopped"));
    return true;
  }

  async #ping(request: PingRequest, statistics: PingStatistics, signal: AbortSignal): Promise<void> {
    const { network, clock, random, outlet, packetService } = this.#parts;
    const address = await addressOf(network, request.host, signal);
    for (let probe = 0; probe < request.count; probe++) {
      if (probe > 0) await sleep(clock, request.interval, signal);
      statistics.sent++;
      if (address === undefined || !packetService.attached) {
        await sleep(clock, request.wait, signal);
        outlet.urc("+CPING: 2");
        continue;
      }
      const time = await roundTrip(clock, random, signal);
      statistics.times.push(time);
      outlet.urc(`+CPING: 1,${address},${request.size},${time},${request.ttl}`);
    }
  }
}

class PingStatistics {
  sent = 0;
  readonly times: number[] = [];

  line(): string {
    const { times, sent } = this;
    const sum = times.reduce((total, time) => total + time, 0);
    const least = times.length === 0 ? 0 : Math.min(...times);
    const average = times.length === 0 ? 0 : Math.round(sum / times.length);
    return `+CPING: 3,${sent},${times.length},${sent - times.length},${least},${Math.max(0, ...times)},${average}`;
  }
}

async function addressOf(network: Network, host: string, signal: AbortSignal): Promise<string | undefined> {
  try {
    return (await network.resolve(host, signal))[0];
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}

async function roundTrip(clock: Clock, random: Random, signal: AbortSignal): Promise<number> {
  const time = ROUND_TRIP.least + random.integer(ROUND_TRIP.most - ROUND_TRIP.least + 1);
  await sleep(clock, time, signal);
  return time;
}
