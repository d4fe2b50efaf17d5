import { eitherSignal } from "../../platform/abortable.ts";
import type { Connection, DatagramSocket, Endpoint, Listener, Network } from "../../platform/network/network.ts";
import { ServiceError } from "../../platform/network/service-error.ts";
import { sleep } from "../../platform/time/clock.ts";
import type { Carriers } from "../carriers.ts";
import type { Rule } from "../rule.ts";
import { attachRule, spoilers } from "./attach.ts";
import { FaultyConnection } from "./faulty-connection.ts";
import { FaultyDatagrams } from "./faulty-datagrams.ts";
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

  async bind(local: Endpoint, signal: AbortSignal): Promise<DatagramSocket> {
    return new FaultyDatagrams(await this.#network.bind(local, signal), this.#modem, this.#faults);
  }

  async resolve(host: string, signal: AbortSignal): Promise<readonly string[]> {
    await this.#spoil({ host, port: 0, service: "udp" }, signal);
    return this.#network.resolve(host, signal);
  }

  nameOf(address: string, signal: AbortSignal): Promise<string> {
    return this.#network.nameOf(address, signal);
  }

  async #spoil(target: Endpoint, signal: AbortSignal): Promise<void> {
    if (this.#faults.frozen.has(this.#modem)) await sleep(this.#faults.clock, Number.POSITIVE_INFINITY, signal);
    for (const { rule, connect } of spoilers(this.#faults.rules(), target)) {
      if (!rule.use(this.#modem)) continue;
      const { clock, random } = rule;
      const hang = async () => {
        const either = eitherSignal(signal, rule.over);
        await sleep(clock, Number.POSITIVE_INFINITY, either.signal).catch(() => undefined);
        either.release();
        signal.throwIfAborted();
      };
      await connect({ host: target.host, clock, random, hang });
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
    const attach = (rule: Rule, isNew: boolean) =>
      attachRule(rule, { modem: this.#modem, open: connection, target, life: life.signal, isNew });
    const release = this.#faults.onBegin((rule) => attach(rule, false));
    for (const rule of this.#faults.rules()) attach(rule, true);
    return connection;
  }
}
