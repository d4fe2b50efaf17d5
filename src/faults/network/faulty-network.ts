import { eitherSignal, onAbort } from "../../platform/abortable.ts";
import type { Connection, Endpoint, Listener, Network } from "../../platform/network/network.ts";
import { ServiceError } from "../../platform/network/service-error.ts";
import { sleep } from "../../platform/time/clock.ts";
import type { Carriers } from "../carriers.ts";
import { NETWORK_KINDS } from "../kinds.ts";
import type { Rule } from "../rule.ts";
import { FaultyConnection } from "./faulty-connection.ts";
import type { AnyNetworkKind, Link } from "./kind.ts";
import { holding } from "./kinds/cut.ts";

/** The network of one modem with faults in it. They see a connection under the name that the module asked for. */
export class FaultyNetwork implements Network {
  readonly #network: Network;
  readonly #modem: string;
  readonly #faults: Carriers;

  constructor(network: Network, modem: string, faults: Carriers) {
    this.#network = network;
    this.#modem = modem;
    this.#faults = faults;
  }

  async connect(target: Endpoint, signal: AbortSignal, resolved?: () => void): Promise<Connection> {
    await this.#spoil(target, signal);
    return this.#open(await this.#network.connect(target, signal, resolved), target);
  }

  async listen(local: Endpoint, signal: AbortSignal): Promise<Listener> {
    const listener = await this.#network.listen(local, signal);
    return {
      local: listener.local,
      accept: async (accepting) => {
        const connection = await listener.accept(accepting);
        const { service } = local;
        const target = { ...connection.remote, ...(service === undefined ? {} : { service }) };
        try {
          await this.#spoil(target, accepting);
        } catch (error) {
          // The peer cannot reach the module either.
          connection.close(new ServiceError("RESET", "a fault keeps the peer out"));
          throw error;
        }
        return this.#open(connection, target);
      },
      close: () => listener.close(),
    };
  }

  async #spoil(target: Endpoint, signal: AbortSignal): Promise<void> {
    if (this.#faults.frozen.has(this.#modem)) await sleep(this.#faults.clock, Number.POSITIVE_INFINITY, signal);
    for (const rule of this.#faults.rules()) {
      const kind = kindOf(rule);
      if (kind?.connect === undefined || kind.concerns?.(target.host) === false) continue;
      if (!isFor(rule, target) || !rule.use(this.#modem)) continue;
      const { clock, random, spec } = rule;
      const hang = async () => {
        const either = eitherSignal(signal, rule.over);
        await sleep(clock, Number.POSITIVE_INFINITY, either.signal).catch(() => undefined);
        either.release();
        signal.throwIfAborted();
      };
      await kind.connect(spec, { host: target.host, clock, random, hang });
    }
  }

  #open(inner: Connection, target: Endpoint): Connection {
    const life = new AbortController();
    const { clock, frozen } = this.#faults;
    const connection = new FaultyConnection(inner, clock, () => {
      release();
      releaseFrozen();
      life.abort();
    });
    const freeze = () => {
      const stage = holding(() => sleep(clock, Number.POSITIVE_INFINITY, life.signal).catch(() => undefined));
      connection.up.stages.add(stage);
      connection.down.stages.add(stage);
      connection.readAhead();
    };
    const releaseFrozen = frozen.onFreeze((modem) => modem === this.#modem && freeze());
    if (frozen.has(this.#modem)) freeze();
    const attach = (rule: Rule) => {
      const kind = kindOf(rule);
      if (kind?.open !== undefined && isFor(rule, target) && rule.use(this.#modem))
        this.#attach(rule, kind, connection, target, life.signal);
    };
    const release = this.#faults.onBegin(attach);
    for (const rule of this.#faults.rules()) attach(rule);
    return connection;
  }

  #attach(rule: Rule, kind: AnyNetworkKind, connection: FaultyConnection, target: Endpoint, life: AbortSignal): void {
    const { clock, random, spec } = rule;
    const { signal } = eitherSignal(rule.over, life);
    const wait = (ms: number) => (ms > 0 ? sleep(clock, ms, signal).catch(() => undefined) : Promise.resolve());
    const link: Link = {
      clock,
      random,
      service: target.service ?? "tcp",
      wait,
      held: () => wait(Number.POSITIVE_INFINITY),
      reset: () => signal.aborted || connection.reset(),
      hangUp: () => signal.aborted || connection.hangUp(),
      say: (bytes) => connection.say(bytes),
    };
    const stages = kind.open?.(spec, link) ?? {};
    const { down, up } = connection;
    if (stages.up !== undefined && spec.direction !== "down") up.stages.add(stages.up);
    if (stages.down !== undefined && spec.direction !== "up") down.stages.add(stages.down);
    onAbort(signal, () => {
      if (stages.up !== undefined) up.stages.delete(stages.up);
      if (stages.down !== undefined) down.stages.delete(stages.down);
    });
    connection.readAhead();
  }
}

function kindOf(rule: Rule): AnyNetworkKind | undefined {
  return NETWORK_KINDS.find(({ kind }) => kind === rule.spec.kind);
}

/** Whether a fault is for a connection, by service, host and port. */
function isFor({ spec: { service, host, port } }: Rule, target: Endpoint): boolean {
  if (service !== undefined && service !== (target.service ?? "tcp")) return false;
  if (port !== undefined && port !== target.port) return false;
  return typeof host !== "string" || matchesWildcard(host.toLowerCase(), target.host.toLowerCase());
}

/** Whether a text is what a pattern says, in which `*` stands for any characters; in linear time for each `*`. */
function matchesWildcard(pattern: string, given: string): boolean {
  const [first = "", ...others] = pattern.split("*");
  const last = others.pop();
  if (last === undefined) return pattern === given;
  if (!given.startsWith(first) || !given.endsWith(last) || given.length < first.length + last.length) return false;
  let at = first.length;
  for (const part of others) {
    const found = given.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at <= given.length - last.length;
}
