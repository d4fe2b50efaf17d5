import { abortable } from "../../platform/abortable.ts";
import {
  CONNECTION_LIMITS,
  type Datagram,
  type DatagramSocket,
  type Endpoint,
} from "../../platform/network/network.ts";
import { ServiceError } from "../../platform/network/service-error.ts";
import { sleep } from "../../platform/time/clock.ts";
import type { Carriers } from "../carriers.ts";
import type { Stage } from "../flow.ts";
import type { Rule } from "../rule.ts";
import { attachRule, type Spoilable, spoilers } from "./attach.ts";

/** Peers of one socket that faults know; a flood of strangers passes unspoilt. */
const PEERS = 64;

/**
 * A UDP socket with faults in it. Each peer counts as a connection; a fault that cuts one loses all its datagrams from then
 * on, as does one that refuses the connection or never answers. Pieces of one datagram stay one datagram.
 */
export class FaultyDatagrams implements DatagramSocket {
  readonly #inner: DatagramSocket;
  readonly #modem: string;
  readonly #faults: Carriers;
  readonly #life = new AbortController();
  readonly #release: () => void;
  /** By what the module asks for, and by the address that this has. */
  readonly #peers = new Map<string, Peer>();
  /** What has come and passed the faults. */
  readonly #arrived: Datagram[] = [];
  #arrival: (() => void) | undefined;
  #pulling: Promise<void> | undefined;

  constructor(inner: DatagramSocket, modem: string, faults: Carriers) {
    this.#inner = inner;
    this.#modem = modem;
    this.#faults = faults;
    this.#release = faults.onBegin((rule) => {
      for (const peer of new Set(this.#peers.values())) this.#attach(rule, peer, false);
    });
  }

  get local(): Endpoint {
    return this.#inner.local;
  }

  async send(bytes: Uint8Array, target: Endpoint, signal: AbortSignal): Promise<Endpoint> {
    await this.#thaw(signal);
    if (await this.#isLost({ ...target, service: "udp" })) return target;
    const peer = this.#peerOf(target);
    if (peer.up.stages.size === 0) return this.#sent(peer, await this.#inner.send(bytes, target, signal));
    peer.up.push(Buffer.from(bytes), this.#faults.clock.monotonic(), (passed) => {
      this.#inner.send(passed, target, this.#life.signal).then((address) => this.#sent(peer, address), lost);
    });
    return target;
  }

  async receive(signal: AbortSignal): Promise<Datagram> {
    for (;;) {
      await this.#thaw(signal);
      const datagram = this.#arrived.shift();
      if (datagram !== undefined) return datagram;
      this.#pulling ??= this.#pull();
      await abortable(Promise.race([this.#pulling, this.#next()]), signal);
    }
  }

  close(reason?: Error): void {
    this.#release();
    this.#life.abort();
    this.#inner.close(reason);
  }

  /** Waits while the module is frozen: until it resets. */
  async #thaw(signal: AbortSignal): Promise<void> {
    const { frozen, clock } = this.#faults;
    if (frozen.has(this.#modem)) await sleep(clock, Number.POSITIVE_INFINITY, signal);
  }

  /** Whether a fault loses the datagram. Throws what a fault reports of its target. */
  async #isLost(target: Endpoint): Promise<boolean> {
    for (const { rule, connect } of spoilers(this.#faults.rules(), target)) {
      if (!rule.use(this.#modem)) continue;
      const { clock, random } = rule;
      try {
        await connect({ host: target.host, clock, random, hang: async () => undefined });
      } catch (error) {
        // Nothing tells a sender of UDP that nobody listens.
        if (!(error instanceof ServiceError) || error.code !== "REFUSED") throw error;
      }
      return true;
    }
    return false;
  }

  /** Notes the address that a peer answers from. */
  #sent(peer: Peer, address: Endpoint): Endpoint {
    if (this.#peers.size < PEERS) this.#peers.set(keyOf(address), peer);
    return address;
  }

  #peerOf(target: Endpoint): Peer {
    const known = this.#peers.get(keyOf(target));
    if (known !== undefined) return known;
    const peer = new Peer(target);
    if (this.#peers.size >= PEERS) return peer;
    this.#peers.set(keyOf(target), peer);
    for (const rule of this.#faults.rules()) this.#attach(rule, peer, true);
    return peer;
  }

  #attach(rule: Rule, peer: Peer, isNew: boolean): void {
    attachRule(rule, { modem: this.#modem, open: peer, target: peer, life: this.#life.signal, isNew });
  }

  /** Takes one datagram of the network through the faults. */
  async #pull(): Promise<void> {
    try {
      const { bytes, from } = await this.#inner.receive(this.#life.signal);
      const peer = this.#peerOf(from);
      const arrive = (passed: Buffer) => {
        this.#arrived.push({ bytes: passed, from });
        this.#arrival?.();
      };
      if (peer.down.stages.size === 0) arrive(bytes);
      else peer.down.push(bytes, this.#faults.clock.monotonic(), arrive);
    } finally {
      this.#pulling = undefined;
    }
  }

  #next(): Promise<void> {
    return new Promise((resolve) => {
      this.#arrival = resolve;
    });
  }
}

/** The datagrams of one peer, as faults see them. */
class Peer implements Spoilable {
  readonly host: string;
  readonly port: number;
  readonly service = "udp";
  readonly up = new Way();
  readonly down = new Way();

  constructor({ host, port }: Endpoint) {
    this.host = host;
    this.port = port;
  }

  reset(): void {
    this.hangUp();
  }

  hangUp(): void {
    this.up.cut();
    this.down.cut();
  }

  say(): void {
    // No service on UDP has replies that a fault could invent.
  }

  readAhead(): void {
    // Datagrams are read as they come.
  }
}

/** Datagrams one way, through the stages of the faults, in order. */
class Way {
  readonly stages = new Set<Stage>();
  #last: Promise<void> = Promise.resolve();
  #waiting = 0;

  /** Gives what is left of a datagram to `passed`; more than a kernel would keep are lost. */
  push(bytes: Buffer, at: number, passed: (bytes: Buffer) => void): void {
    if (this.#waiting >= CONNECTION_LIMITS.datagrams) return;
    this.#waiting++;
    this.#last = this.#last.then(async () => {
      const pieces = await through([...this.stages], [bytes], at);
      this.#waiting--;
      if (pieces.length > 0) passed(Buffer.concat(pieces));
    });
  }

  /** Loses everything from now on. */
  cut(): void {
    this.stages.add(NOTHING_PASSES);
  }
}

const NOTHING_PASSES: Stage = {
  async *pass() {
    // Nothing does.
  },
};

async function through([stage, ...others]: readonly Stage[], pieces: readonly Buffer[], at: number): Promise<Buffer[]> {
  if (stage === undefined) return [...pieces];
  const passed: Buffer[] = [];
  for (const piece of pieces) {
    if (stage.pass === undefined) passed.push(piece);
    else for await (const part of stage.pass(piece, at)) passed.push(part);
  }
  return through(others, passed, at);
}

function keyOf({ host, port }: Endpoint): string {
  return `${host} ${port}`;
}

function lost(): void {
  // A datagram that could not leave is lost.
}
