import { parseAddress } from "../ip/ipv4.ts";
import { number32, type Option } from "./control-packet.ts";
import { judgeBy, type OptionRule } from "./judge.ts";
import type { Negotiable, Verdict } from "./negotiation.ts";

/** What the network gives the host. IPv4 addresses in dotted form. */
export interface HostConfiguration {
  readonly address: string;
  readonly dns: readonly [string, string];
}

/** The options of IPCP that the module knows (RFC 1332 3.3, RFC 1877 1.1, 1.3). */
const OPTIONS = { address: 3, firstDns: 129, secondDns: 131 } as const;

/**
 * The module asks for nothing, and so tells no address of its own. The host gets its address and its name servers; header
 * compression and WINS servers are refused (module.md 9).
 */
export class IpcpOptions implements Negotiable {
  readonly #rules: ReadonlyMap<number, OptionRule>;

  constructor({ address, dns }: HostConfiguration) {
    const rule = (value: string): OptionRule => {
      const wanted = number32(parseAddress(value));
      return { length: wanted.length, wanted: () => wanted };
    };
    this.#rules = new Map([
      [OPTIONS.address, rule(address)],
      [OPTIONS.firstDns, rule(dns[0])],
      [OPTIONS.secondDns, rule(dns[1])],
    ]);
  }

  request(): readonly Option[] {
    return [];
  }

  judge(options: readonly Option[]): Verdict {
    return judgeBy(this.#rules, options);
  }
}
