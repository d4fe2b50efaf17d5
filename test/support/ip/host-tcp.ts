import { type Ipv4Packet, PROTOCOL } from "../../../src/protocols/ip/ipv4.ts";
import {
  advance,
  composeSegment,
  distance,
  FLAG,
  type Outgoing,
  readSegment,
  type Segment,
} from "../../../src/protocols/ip/tcp/segment.ts";
import type { Clock } from "../../../src/platform/time/clock.ts";
import { HOST } from "./ip-host.ts";

const TIMEOUT = 400;
const MSS = 1000;

/** What a TCP sends its packets over. */
export interface PacketLink {
  readonly clock: Clock;
  onPacket: (packet: Ipv4Packet) => void;
  send(packet: Buffer): void;
}

/** A plain TCP of the host: goes back to the first unacknowledged byte at each time-out, and takes segments in order only. */
export class HostTcp {
  readonly #host: PacketLink;
  readonly #near: { readonly address: number; readonly port: number };
  readonly #far: { readonly address: number; readonly port: number };
  readonly segments: Segment[] = [];
  readonly #chunks: Buffer[] = [];
  #out = Buffer.alloc(0);
  #first: number;
  #base: number;
  #next: number;
  #peerNext = 0;
  #peerWindow = 0;
  #isEnding = false;
  /** The window that the host announces. */
  window = 8192;
  state: "connecting" | "open" | "reset" = "connecting";
  peerEnded = false;

  constructor(host: PacketLink, { seq = 0xffff_f000, from = HOST, port = 40_000, to = 0xc6120001, toPort = 80 } = {}) {
    this.#host = host;
    this.#near = { address: from, port };
    this.#far = { address: to, port: toPort };
    this.#first = seq;
    this.#base = advance(seq, 1);
    this.#next = this.#base;
    const before = host.onPacket;
    host.onPacket = (packet) => {
      before(packet);
      this.#receive(packet);
    };
    this.#connect();
  }

  get received(): Buffer {
    return Buffer.concat(this.#chunks);
  }

  /** Bytes that the gateway has not acknowledged. */
  get unacknowledged(): number {
    return this.#out.length - distance(this.#first, this.#base);
  }

  /** Whether the gateway has acknowledged all and the end. */
  get finished(): boolean {
    return this.#isEnding && this.unacknowledged === -1;
  }

  /** The next numbers of both directions. */
  get numbers(): { readonly seq: number; readonly ack: number } {
    return { seq: this.#first, ack: this.#peerNext };
  }

  write(bytes: Buffer): void {
    this.#out = Buffer.concat([this.#out, bytes]);
    this.#push();
  }

  end(): void {
    this.#isEnding = true;
    this.#push();
  }

  emit(segment: Outgoing): void {
    this.#host.send(composeSegment(this.#near, this.#far, { window: this.window, ...segment }));
  }

  acknowledge(): void {
    this.emit({ seq: this.#next, ack: this.#peerNext, flags: FLAG.ack });
  }

  #connect(): void {
    if (this.state !== "connecting") return;
    this.emit({ seq: this.#first, flags: FLAG.syn, mss: MSS });
    this.#host.clock.alarm(1000, () => this.#connect());
  }

  #receive(packet: Ipv4Packet): void {
    const segment = packet.protocol === PROTOCOL.tcp ? readSegment(packet) : undefined;
    if (segment === undefined || segment.destinationPort !== this.#near.port) return;
    this.segments.push(segment);
    const { flags, seq, ack, data } = segment;
    if ((flags & FLAG.rst) !== 0) {
      this.state = "reset";
      return;
    }
    if ((flags & FLAG.syn) !== 0) {
      if (this.state !== "connecting") {
        this.acknowledge();
        return;
      }
      this.state = "open";
      this.#peerWindow = segment.window;
      this.#first = ack;
      this.#peerNext = advance(seq, 1);
      this.#host.clock.alarm(TIMEOUT, () => this.#timedOut());
      this.acknowledge();
      return;
    }
    if (this.state !== "open") return;
    this.#peerWindow = segment.window;
    if (distance(ack, this.#first) > 0) this.#first = ack;
    if (distance(this.#first, this.#next) > 0) this.#next = this.#first;
    const isLast = (flags & FLAG.fin) !== 0;
    if (data.length > 0 || isLast) {
      if (seq === this.#peerNext && data.length <= this.window) {
        this.#chunks.push(Buffer.from(data));
        this.#peerNext = advance(this.#peerNext, data.length + (isLast ? 1 : 0));
        this.peerEnded ||= isLast;
      }
      this.acknowledge();
    }
    this.#push();
  }

  #timedOut(): void {
    if (this.state !== "open") return;
    this.#next = this.#first;
    this.#push();
    this.#host.clock.alarm(TIMEOUT, () => this.#timedOut());
  }

  #push(): void {
    if (this.state !== "open") return;
    for (;;) {
      const at = distance(this.#next, this.#base);
      const usable = this.#peerWindow - distance(this.#next, this.#first);
      const data = this.#out.subarray(at, at + Math.min(MSS, Math.max(0, usable)));
      const isLast = this.#isEnding && at + data.length === this.#out.length;
      if (data.length === 0 && !isLast) return;
      this.emit({ seq: this.#next, ack: this.#peerNext, flags: FLAG.ack | (isLast ? FLAG.fin : 0), data });
      this.#next = advance(this.#next, data.length + (isLast ? 1 : 0));
      if (isLast) return;
    }
  }
}
