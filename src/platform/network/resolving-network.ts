import { isIP } from "node:net";
import type { Connection, DatagramSocket, Endpoint, Listener, Network } from "./network.ts";
import { StandInAddresses } from "./stand-in-addresses.ts";

/** Where connections to a name go instead: a rule of `--resolve` or of the sandbox. */
export interface ResolveRule {
  /** A host name or literal, in any case; `*` stands for every one but loopback literals and names under `.invalid`. */
  readonly name: string;
  /** Only this port; every port without it. */
  readonly port: number | undefined;
  /** Only this transport; both without it. */
  readonly transport?: Transport;
  readonly target: { readonly host: string; readonly port: number | undefined };
}

type Transport = "tcp" | "udp";

/**
 * A network on which some names lead elsewhere. The most specific rule applies: a name before `*`, with port before without.
 * A name that leads elsewhere at some ports has a stand-in address: a connection to that leads where one to the name does.
 */
export class ResolvingNetwork implements Network {
  readonly #network: Network;
  readonly #rules: readonly ResolveRule[];
  readonly #standIns = new StandInAddresses();

  constructor(network: Network, rules: readonly ResolveRule[]) {
    this.#network = network;
    this.#rules = rules.toSorted((a, b) => specificity(b) - specificity(a));
  }

  connect(target: Endpoint, signal: AbortSignal, resolved?: () => void): Promise<Connection> {
    return this.#network.connect(this.#actual(target, "tcp"), signal, resolved);
  }

  listen(local: Endpoint, signal: AbortSignal): Promise<Listener> {
    return this.#network.listen(local, signal);
  }

  async bind(local: Endpoint, signal: AbortSignal): Promise<DatagramSocket> {
    const socket = await this.#network.bind(local, signal);
    /** What the module calls the peers that a rule has led to, by their actual addresses. */
    const asked = new Map<string, Endpoint>();
    return {
      local: socket.local,
      send: async (bytes, target, sending) => {
        const actual = this.#actual(target, "udp");
        if (actual === target) return socket.send(bytes, target, sending);
        const { host, port } = await socket.send(bytes, actual, sending);
        const shown = {
          host: isIP(target.host) === 0 ? this.#standIns.of(target.host) : target.host,
          port: target.port,
        };
        asked.set(`${host} ${port}`, shown);
        return shown;
      },
      receive: async (receiving) => {
        const { bytes, from } = await socket.receive(receiving);
        return { bytes, from: asked.get(`${from.host} ${from.port}`) ?? from };
      },
      close: (reason) => socket.close(reason),
    };
  }

  async resolve(host: string, signal: AbortSignal): Promise<readonly string[]> {
    const isLed = isIP(host) === 0 && this.#rules.some(({ name }) => matchesName(name, host));
    return isLed ? [this.#standIns.of(host)] : this.#network.resolve(host, signal);
  }

  async nameOf(address: string, signal: AbortSignal): Promise<string> {
    return this.#standIns.nameOf(address) ?? this.#network.nameOf(address, signal);
  }

  /** Where a connection to the target goes; the target itself where no rule applies. */
  #actual(target: Endpoint, transport: Transport): Endpoint {
    const named = { ...target, host: this.#standIns.nameOf(target.host) ?? target.host };
    const rule = this.#rules.find((candidate) => matches(candidate, named, transport));
    if (rule === undefined) return target;
    return { ...target, host: rule.target.host, port: rule.target.port ?? target.port };
  }
}

function specificity(rule: ResolveRule): number {
  return (rule.name === "*" ? 0 : 2) + (rule.port === undefined ? 0 : 1);
}

function matches(rule: ResolveRule, target: Endpoint, transport: Transport): boolean {
  if (rule.transport !== undefined && rule.transport !== transport) return false;
  if (rule.port !== undefined && rule.port !== target.port) return false;
  return matchesName(rule.name, target.host);
}

function matchesName(name: string, host: string): boolean {
  const lower = host.toLowerCase();
  return name === "*" ? !isOutOfReach(lower) : name.toLowerCase() === lower;
}

/** RFC 6761 6.4: a name under `.invalid` never resolves, which tests rely on; a loopback literal needs no resolving. */
function isOutOfReach(host: string): boolean {
  if (host.endsWith(".invalid")) return true;
  const literal = host.replace(/^\[(.*)\]$/, "$1");
  return isIP(literal) !== 0 && (literal.startsWith("127.") || literal === "::1");
}
