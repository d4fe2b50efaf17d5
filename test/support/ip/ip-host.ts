import { SeededRandom } from "../../../src/platform/crypto.ts";
import { VirtualClock } from "../../../src/platform/time/virtual-clock.ts";
import { openGateway } from "../../../src/protocols/ip/gateway.ts";
import { type Ipv4Packet, readIpv4 } from "../../../src/protocols/ip/ipv4.ts";
import type { MemoryNetwork } from "./memory-network.ts";

export const HOST = 0x0a000001;
export const DNS = "10.11.12.13";

interface HostOptions {
  /** How many of a hundred packets are lost, sent twice, and overtaken by the next one, each way. */
  readonly loss?: number;
  readonly seed?: number;
}

/** The host's end of a link to a gateway: keeps the packets that come, and damages the traffic as asked. */
export class IpHost {
  readonly clock = new VirtualClock();
  readonly packets: Ipv4Packet[] = [];
  readonly #life = new AbortController();
  readonly #gateway;
  readonly #random: SeededRandom;
  readonly #loss: number;
  #late: (() => void) | undefined;
  #release: () => void = () => undefined;
  /** While it is `true`, the link has no room for another packet. */
  holds = false;
  /** Gets each packet that comes. */
  onPacket: (packet: Ipv4Packet) => void = () => undefined;

  constructor(network: MemoryNetwork, { loss = 0, seed = 1 }: HostOptions = {}) {
    this.#loss = loss;
    this.#random = new SeededRandom(seed);
    this.#gateway = openGateway({
      network,
      clock: this.clock,
      random: new SeededRandom(seed + 1),
      signal: this.#life.signal,
      address: "10.0.0.1",
      dns: [DNS, "10.11.12.14"],
      deliver: (packet) => this.#deliver(packet),
    });
  }

  send(packet: Uint8Array): void {
    this.#wire(() => this.#gateway.receive(packet));
  }

  /** Lets the link go on. */
  release(): void {
    this.holds = false;
    this.#release();
  }

  close(): void {
    this.#life.abort(new Error("the test is over"));
  }

  /** Lets time pass until the condition holds; fails after so many steps. */
  async until(condition: () => boolean, { steps = 5_000, step = 20 } = {}): Promise<void> {
    for (let count = 0; !condition(); count++) {
      if (count === steps) throw new Error("the condition never held");
      await this.clock.advance(step);
    }
  }

  #deliver(bytes: Uint8Array): void | Promise<void> {
    this.#wire(() =>
      queueMicrotask(() => {
        const packet = readIpv4(bytes);
        if (packet === undefined) throw new Error("the gateway sent a broken packet");
        this.packets.push(packet);
        this.onPacket(packet);
      }),
    );
    if (!this.holds) return;
    return new Promise((resolve) => {
      this.#release = resolve;
    });
  }

  #wire(pass: () => void): void {
    const fate = this.#random.integer(100);
    if (fate < this.#loss) return;
    if (fate < 2 * this.#loss && this.#late === undefined) {
      this.#late = pass;
      return;
    }
    pass();
    if (fate >= 100 - this.#loss) pass();
    const late = this.#late;
    this.#late = undefined;
    late?.();
  }
}
