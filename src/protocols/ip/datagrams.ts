import type { DatagramSocket, Endpoint } from "../../platform/network/network.ts";
import { ServiceError, type ServiceErrorCode } from "../../platform/network/service-error.ts";
import { Deadline } from "../../platform/time/deadline.ts";
import type { Inside } from "./gateway.ts";
import type { IcmpError } from "./icmp.ts";
import { formatAddress, type Ipv4Packet, isDotted, keepQuote, parseAddress } from "./ipv4.ts";
import { IP_LIMITS } from "./limits.ts";
import { composeUdp, type UdpDatagram } from "./udp.ts";

/** IPv4 and UDP headers. */
const HEADERS = 28;

const REPORTS: Partial<Record<ServiceErrorCode, IcmpError>> = {
  REFUSED: "portUnreachable",
  UNREACHABLE: "hostUnreachable",
  UNRESOLVED: "hostUnreachable",
};

/** Carries the host's datagrams to UDP sockets of the network: one for each port of the host, as NAT does (RFC 4787). */
export class Datagrams {
  readonly #inside: Inside;
  /** By the host's port; the one that was used last is the last. */
  readonly #flows = new Map<number, Flow>();

  constructor(inside: Inside) {
    this.#inside = inside;
  }

  receive(packet: Ipv4Packet, datagram: UdpDatagram): void {
    const port = datagram.sourcePort;
    const flow = this.#flows.get(port) ?? this.#open(port);
    this.#flows.delete(port);
    this.#flows.set(port, flow);
    flow.send(packet, datagram);
  }

  #open(port: number): Flow {
    if (this.#flows.size >= IP_LIMITS.udpFlows) this.#closeOldest();
    const flow = new Flow(this.#inside, port, () => {
      if (this.#flows.get(port) === flow) this.#flows.delete(port);
    });
    return flow;
  }

  #closeOldest(): void {
    for (const [port, flow] of this.#flows) {
      this.#flows.delete(port);
      flow.close();
      return;
    }
  }
}

/** One port of the host and its socket. */
class Flow {
  readonly #inside: Inside;
  readonly #port: number;
  readonly #idle: Deadline;
  readonly #life = new AbortController();
  readonly #socket: Promise<DatagramSocket>;
  /** What the host calls its peers, by the addresses that their names led to. */
  readonly #peers = new Map<string, Endpoint>();
  #sending = 0;

  constructor(inside: Inside, port: number, ended: () => void) {
    this.#inside = inside;
    this.#port = port;
    this.#idle = new Deadline(inside.clock, IP_LIMITS.udpIdle, inside.signal);
    this.#idle.signal.addEventListener("abort", () => this.close(), { once: true });
    this.#socket = inside.network.bind({ host: "0.0.0.0", port: 0, service: "udp" }, this.#life.signal);
    void this.#pump()
      .catch(() => undefined)
      .finally(() => {
        this.close();
        ended();
      });
  }

  send(packet: Ipv4Packet, { destinationPort, data }: UdpDatagram): void {
    this.#idle.restart();
    if (this.#sending >= IP_LIMITS.udpSending) return;
    this.#sending++;
    const bytes = Buffer.from(data);
    const quoted = keepQuote(packet);
    const asked = { host: formatAddress(packet.destination), port: destinationPort };
    void this.#send(bytes, asked)
      .catch((error: unknown) => {
        const report = error instanceof ServiceError ? REPORTS[error.code] : undefined;
        if (report !== undefined) this.#inside.report(report, quoted);
      })
      .finally(() => this.#sending--);
  }

  close(): void {
    this.#idle.dispose();
    this.#life.abort(new ServiceError("CLOSED", "the flow has ended"));
    void this.#socket.then(
      (socket) => socket.close(),
      () => undefined,
    );
  }

  async #send(bytes: Buffer, asked: Endpoint): Promise<void> {
    const socket = await this.#socket;
    const target = { host: this.#inside.names.of(asked.host), port: asked.port, service: "udp" } as const;
    const { host, port } = await socket.send(bytes, target, this.#life.signal);
    if (this.#peers.size < IP_LIMITS.udpPeers) this.#peers.set(`${host} ${port}`, asked);
  }

  /** Carries what arrives to the host. What its link cannot carry in one packet is lost. */
  async #pump(): Promise<never> {
    const { outlet, host: address } = this.#inside;
    const socket = await this.#socket;
    for (;;) {
      const { bytes, from } = await socket.receive(this.#life.signal);
      this.#idle.restart();
      const peer = this.#peers.get(`${from.host} ${from.port}`) ?? from;
      if (!isDotted(peer.host) || bytes.length + HEADERS > IP_LIMITS.packet) continue;
      outlet.send(
        composeUdp({ address: parseAddress(peer.host), port: peer.port }, { address, port: this.#port }, bytes),
      );
    }
  }
}
