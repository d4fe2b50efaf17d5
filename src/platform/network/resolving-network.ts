import { isIP } from "node:net";
import type { Connection, Endpoint, Listener, Network } from "./network.ts";

/** Where connections to a name go instead: a rule of `--resolve` or of the sandbox. */
export interface ResolveRule {
  /** A host name or literal, in any case; `*` stands for every one but loopback literals and names under `.invalid`. */
  readonly name: string;
  /** Only this port; every port without it. */
  readonly port: number | undefined;
  readonly target: { readonly host: string; readonly port: number | undefined };
}

/** A network on which some names lead elsewhere. The most specific rule applies: a name before `*`, with port before without. */
export class ResolvingNetwork implements Network {
  readonly #network: Network;
  readonly #rules: readonly ResolveRule[];

  constructor(network: Network, rules: readonly ResolveRule[]) {
    this.#network = network;
    this.#rules = rules.toSorted((a, b) => specificity(b) - specificity(a));
  }

  connect(target: Endpoint, signal: AbortSignal, resolved?: () => void): Promise<Connection> {
    const rule = this.#rules.find((candidate) => matches(candidate, target));
    const { host, port } = rule?.target ?? target;
    return this.#network.connect({ ...target, host, port: port ?? target.port }, signal, resolved);
  }

  listen(local: Endpoint, signal: AbortSignal): Promise<Listener> {
    return this.#network.listen(local, signal);
  }
}

function specificity(rule: ResolveRule): number {
  return (rule.name === "*" ? 0 : 2) + (rule.port === undefined ? 0 : 1);
}

function matches(rule: ResolveRule, target: Endpoint): boolean {
  if (rule.port !== undefined && rule.port !== target.port) return false;
  const host = target.host.toLowerCase();
  return rule.name === "*" ? !isOutOfReach(host) : rule.name.toLowerCase() === host;
}

/** RFC 6761 6.4: a name under `.invalid` never resolves, which tests rely on; a loopback literal needs no resolving. */
function isOutOfReach(host: string): boolean {
  if (host.endsWith(".invalid")) return true;
  const literal = host.replace(/^\[(.*)\]$/, "$1");
  return isIP(literal) !== 0 && (literal.startsWith("127.") || literal === "::1");
}
