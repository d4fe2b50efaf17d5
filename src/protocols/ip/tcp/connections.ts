import type { Inside } from "../gateway.ts";
import type { Ipv4Packet } from "../ipv4.ts";
import { IP_LIMITS } from "../limits.ts";
import { TcpConnection } from "./connection.ts";
import { composeSegment, FLAG, readSegment, resetFor, type Segment } from "./segment.ts";

/** Silence after which a connection gives way to a new one where there are too many (RFC 5382 REQ-5, transitory). */
const GIVES_WAY = 240_000;

/** The connections of the host, by their ends. Beyond a bounded number a SYN is refused. */
export class Connections {
  readonly #inside: Inside;
  readonly #open = new Map<string, TcpConnection>();

  constructor(inside: Inside) {
    this.#inside = inside;
  }

  /** Takes a packet; at the gateway's own addresses nothing listens. */
  receive(packet: Ipv4Packet, isOurs: boolean): void {
    const segment = readSegment(packet);
    if (segment === undefined) return;
    const key = `${segment.sourcePort} ${packet.destination} ${segment.destinationPort}`;
    const known = this.#open.get(key);
    if (known !== undefined && !known.isReplacedBy(segment)) {
      known.receive(segment);
      return;
    }
    known?.close();
    const isSyn = (segment.flags & (FLAG.syn | FLAG.ack | FLAG.rst)) === FLAG.syn;
    if (isSyn && !isOurs && this.#makesRoom()) this.#dial(key, packet, segment);
    else this.#refuse(packet, segment);
  }

  close(): void {
    for (const connection of [...this.#open.values()]) connection.close();
  }

  #dial(key: string, packet: Ipv4Packet, syn: Segment): void {
    const connection = new TcpConnection(this.#inside, packet, syn, () => {
      if (this.#open.get(key) === connection) this.#open.delete(key);
    });
    this.#open.set(key, connection);
  }

  #refuse({ source, destination }: Ipv4Packet, segment: Segment): void {
    const reset = resetFor(segment);
    if (reset === undefined) return;
    const from = { address: destination, port: segment.destinationPort };
    this.#inside.outlet.send(composeSegment(from, { address: source, port: segment.sourcePort }, reset));
  }

  #makesRoom(): boolean {
    if (this.#open.size < IP_LIMITS.connections) return true;
    const oldest = [...this.#open.values()].reduce((a, b) => (a.heard <= b.heard ? a : b));
    if (this.#inside.clock.monotonic() - oldest.heard < GIVES_WAY) return false;
    oldest.reset();
    return true;
  }
}
