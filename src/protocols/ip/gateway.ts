import { onAbort } from "../../platform/abortable.ts";
import type { Random } from "../../platform/crypto.ts";
import type { Network } from "../../platform/network/network.ts";
import type { Clock } from "../../platform/time/clock.ts";
import { Datagrams } from "./datagrams.ts";
import { answerEcho, composeError, type IcmpError, isIcmpAnswer, roundTrip } from "./icmp.ts";
import { type Ipv4Packet, isRoutable, PROTOCOL, parseAddress, readIpv4 } from "./ipv4.ts";
import { IP_LIMITS } from "./limits.ts";
import { Names } from "./names.ts";
import { Outlet } from "./outlet.ts";
import { DNS_PORT, Resolver } from "./resolver.ts";
import { Connections } from "./tcp/connections.ts";
import { readUdp } from "./udp.ts";

/** The gateway's own address: the one that pppd takes for a peer that names none. */
const GATEWAY_ADDRESS = "10.64.64.64";

/** What a gateway is made of. Addresses are in dotted form. */
export interface GatewayParts {
  /** What the host's packets lead to: the network of the module's own sockets. */
  readonly network: Network;
  readonly clock: Clock;
  readonly random: Random;
  /** Aborts everything that is under way, as {@link Gateway.close} does. */
  readonly signal: AbortSignal;
  /** The host's address; packets from another one are dropped. */
  readonly address: string;
  /** The addresses of the name servers that the host was given; the gateway answers there. */
  readonly dns: readonly [string, string];
  /** Takes a packet for the host, which is the taker's own. While a promise is pending the link has no room for another. */
  readonly deliver: (packet: Uint8Array) => void | Promise<void>;
}

/** The far end of a data call: it carries the host's IP packets to the network. */
export interface Gateway {
  /** Takes a packet of the host. The bytes are borrowed until it returns. A packet that cannot be used is dropped. */
  receive(packet: Uint8Array): void;
  /** Drops all connections; nothing is delivered any more. */
  close(): void;
}

/** The parts that the protocols behind the gateway share. */
export interface Inside extends Pick<GatewayParts, "network" | "clock" | "random" | "signal"> {
  readonly host: number;
  readonly outlet: Outlet;
  readonly names: Names;
  /** Reports an error of the packet to the host. */
  report(error: IcmpError, packet: Ipv4Packet): void;
}

export function openGateway(parts: GatewayParts): Gateway {
  return new IpGateway(parts);
}

class IpGateway implements Gateway {
  readonly #inside: Inside;
  readonly #life = new AbortController();
  readonly #address = parseAddress(GATEWAY_ADDRESS);
  readonly #dns: ReadonlySet<number>;
  readonly #resolver: Resolver;
  readonly #datagrams: Datagrams;
  readonly #connections: Connections;
  readonly #release: () => void;
  #echoes = 0;

  constructor({ network, clock, random, signal, address, dns, deliver }: GatewayParts) {
    this.#inside = {
      network,
      clock,
      random,
      signal: this.#life.signal,
      host: parseAddress(address),
      outlet: new Outlet(deliver),
      names: new Names(),
      report: (error, packet) => this.#report(error, packet),
    };
    this.#dns = new Set(dns.map(parseAddress));
    this.#resolver = new Resolver(this.#inside);
    this.#datagrams = new Datagrams(this.#inside);
    this.#connections = new Connections(this.#inside);
    this.#release = onAbort(signal, () => this.close());
    if (signal.aborted) this.close();
  }

  receive(bytes: Uint8Array): void {
    if (this.#life.signal.aborted) return;
    const packet = readIpv4(bytes);
    if (packet === undefined || packet.source !== this.#inside.host || !isRoutable(packet.destination)) return;
    const isOurs = packet.destination === this.#address || this.#dns.has(packet.destination);
    if (packet.ttl <= 1 && !isOurs) this.#report("timeExceeded", packet);
    else if (packet.protocol === PROTOCOL.icmp) this.#echo(packet, isOurs);
    else if (packet.protocol === PROTOCOL.udp) this.#udp(packet, isOurs);
    else if (packet.protocol === PROTOCOL.tcp) this.#connections.receive(packet, isOurs);
  }

  close(): void {
    if (this.#life.signal.aborted) return;
    this.#release();
    this.#inside.outlet.close();
    this.#connections.close();
    this.#life.abort(new Error("the data call has ended"));
  }

  #report(error: IcmpError, packet: Ipv4Packet): void {
    if (isIcmpAnswer(packet)) return;
    const from = error === "portUnreachable" ? packet.destination : this.#address;
    this.#inside.outlet.send(composeError(error, from, packet));
  }

  /** Every address answers, as to AT+CPING: far ones in the time that a radio network takes. */
  #echo(packet: Ipv4Packet, isOurs: boolean): void {
    const reply = answerEcho(packet);
    if (reply === undefined || this.#echoes >= IP_LIMITS.echoes) return;
    const { clock, random, signal, outlet } = this.#inside;
    if (isOurs) {
      outlet.send(reply);
      return;
    }
    this.#echoes++;
    void roundTrip(clock, random, signal)
      .then(
        () => outlet.send(reply),
        () => undefined,
      )
      .finally(() => this.#echoes--);
  }

  #udp(packet: Ipv4Packet, isOurs: boolean): void {
    const datagram = readUdp(packet);
    if (datagram === undefined) return;
    if (!isOurs) this.#datagrams.receive(packet, datagram);
    else if (datagram.destinationPort === DNS_PORT) this.#resolver.receive(packet, datagram);
    else this.#report("portUnreachable", packet);
  }
}
