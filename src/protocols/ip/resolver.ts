import { ServiceError } from "../../platform/network/service-error.ts";
import { Deadline } from "../../platform/time/deadline.ts";
import { composeAnswer, type DnsQuery, RCODE, readQuery } from "./dns.ts";
import type { Inside } from "./gateway.ts";
import { formatAddress, type Ipv4Packet, isDotted, parseAddress } from "./ipv4.ts";
import { IP_LIMITS } from "./limits.ts";
import { composeUdp, type UdpDatagram } from "./udp.ts";

/** The port of a name server. */
export const DNS_PORT = 53;

/**
 * The name server at the addresses that the host was given. It answers questions for IPv4 addresses as the network resolves
 * names; other questions have no answers. Queries beyond a bounded number are lost, as on a busy server.
 */
export class Resolver {
  readonly #inside: Inside;
  #going = 0;

  constructor(inside: Inside) {
    this.#inside = inside;
  }

  receive({ source, destination }: Ipv4Packet, { sourcePort, data }: UdpDatagram): void {
    const query = readQuery(data);
    if (query === undefined || this.#going >= IP_LIMITS.queries) return;
    const answer = (message: Buffer) => {
      const from = { address: destination, port: DNS_PORT };
      this.#inside.outlet.send(composeUdp(from, { address: source, port: sourcePort }, message));
    };
    if (query.rcode !== RCODE.ok || query.name === "") {
      answer(composeAnswer(query, query.rcode));
      return;
    }
    this.#going++;
    void this.#answer(query)
      .then(answer, () => undefined)
      .finally(() => this.#going--);
  }

  async #answer(query: DnsQuery): Promise<Buffer> {
    const { network, clock, signal, names } = this.#inside;
    const deadline = new Deadline(clock, IP_LIMITS.query, signal);
    try {
      const found = await network.resolve(query.name, deadline.signal);
      const addresses = query.asksAddress ? found.filter(isDotted) : [];
      for (const address of addresses) names.remember(formatAddress(parseAddress(address)), query.name);
      return composeAnswer(query, RCODE.ok, addresses.map(parseAddress));
    } catch (error) {
      signal.throwIfAborted();
      const isUnknown = error instanceof ServiceError && error.code === "UNRESOLVED";
      return composeAnswer(query, isUnknown ? RCODE.noName : RCODE.failure);
    } finally {
      deadline.dispose();
    }
  }
}
