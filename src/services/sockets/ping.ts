import { eitherSignal } from "../../platform/abortable.ts";
import type { Network } from "../../platform/network/network.ts";
import { sleep } from "../../platform/time/clock.ts";
import { roundTrip } from "../../protocols/ip/icmp.ts";
import type { SocketParts } from "./parts.ts";
import type { PingForm, PingStatistics } from "./ping-form.ts";

interface PingParts extends SocketParts {
  readonly form: PingForm;
}

/** What AT+CPING asks for. Times in milliseconds. */
export interface PingRequest {
  readonly host: string;
  readonly count: number;
  readonly size: number;
  readonly interval: number;
  readonly wait: number;
  readonly ttl: number;
}

/**
 * AT+CPING without ICMP, which needs rights that a test machine does not give: a host that has an address answers in the
 * time that a radio network takes, as long as the module is attached.
 *
 * @spec module.md 1.9
 */
export class PingService {
  readonly #parts: PingParts;
  #running: AbortController | undefined;

  constructor(parts: PingParts) {
    this.#parts = parts;
  }

  /** Whether probes are on their way. */
  get busy(): boolean {
    return this.#running !== undefined;
  }

  /** Begins; the answers are printed as they come. */
  start(request: PingRequest): void {
    const { signal, work, outlet, form } = this.#parts;
    const running = new AbortController();
    this.#running = running;
    const either = eitherSignal(signal, running.signal);
    const probes = new Probes(request.host);
    const pinging = this.#ping(request, probes, either.signal)
      .catch(() => undefined)
      .finally(() => {
        either.release();
        this.#running = undefined;
        if (!signal.aborted) outlet.urc(form.end(probes.address, probes.statistics));
      });
    void work.track(pinging);
  }

  /** Ends the probes: the statistics follow. `false` where none run. */
  stop(): boolean {
    if (this.#running === undefined) return false;
    this.#running.abort(new Error("the probes were stopped"));
    return true;
  }

  async #ping(request: PingRequest, probes: Probes, signal: AbortSignal): Promise<void> {
    const { network, clock, random, outlet, packetService, form } = this.#parts;
    const { host, size, ttl } = request;
    const address = await addressOf(network, host, signal);
    probes.address = address ?? host;
    const begin = form.begin?.({ address: probes.address, size });
    if (begin !== undefined) outlet.urc(begin);
    for (let probe = 0; probe < request.count; probe++) {
      if (probe > 0) await sleep(clock, request.interval, signal);
      probes.sent++;
      if (address === undefined || !packetService.attached) {
        await sleep(clock, request.wait, signal);
        outlet.urc(form.noReply);
        continue;
      }
      const time = await roundTrip(clock, random, signal);
      probes.times.push(time);
      outlet.urc(form.reply({ address, size, ttl }, time));
    }
  }
}

/** The probes that were sent, and the times of their answers. */
class Probes {
  /** Of the host, or its name until it is resolved. */
  address: string;
  sent = 0;
  readonly times: number[] = [];

  constructor(host: string) {
    this.address = host;
  }

  get statistics(): PingStatistics {
    const { times, sent } = this;
    const received = times.length;
    const sum = times.reduce((total, time) => total + time, 0);
    const least = received === 0 ? 0 : Math.min(...times);
    const average = received === 0 ? 0 : Math.round(sum / received);
    return { sent, received, least, most: Math.max(0, ...times), average };
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
