import type { PacketService } from "../../module/radio/packet-service.ts";
import { onAbort } from "../../platform/abortable.ts";
import type { Random } from "../../platform/crypto.ts";
import type { Log } from "../../platform/log.ts";
import type { Network } from "../../platform/network/network.ts";
import type { Clock } from "../../platform/time/clock.ts";
import { openGateway } from "../../protocols/ip/gateway.ts";
import type { Authentication } from "../../protocols/ppp/lcp.ts";
import { PppLink } from "../../protocols/ppp/link.ts";
import type { TransparentLink } from "../sockets/parts.ts";
import { FrameQueue } from "./frame-queue.ts";

/** What the network gives as name servers; the gateway answers at both. */
const NAME_SERVERS = ["10.64.64.65", "10.64.64.66"] as const;

/** How a host is asked to log in, by the type that AT+CGAUTH has for the context (module.md 9): by CHAP where none is set. */
const AUTHENTICATIONS: Readonly<Record<number, Authentication>> = { 1: "pap" };

export interface DataCallParts {
  readonly network: Network;
  readonly packetService: PacketService;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Ends with the power of the module. */
  readonly signal: AbortSignal;
}

/**
 * Data calls: the host speaks PPP with the module, and behind it reaches the network that the module's own sockets use.
 *
 * @spec module.md 9
 */
export class DataCallService {
  readonly #parts: DataCallParts;
  /** The line has one call at a time. */
  #call: TransparentLink | undefined;

  constructor(parts: DataCallParts) {
    this.#parts = parts;
  }

  /**
   * Begins a call in a context; `undefined` where the module is not attached, there is no such context, or the call before is
   * only suspended.
   */
  dial(context: number): TransparentLink | undefined {
    const { packetService } = this.#parts;
    if (this.#call !== undefined || !packetService.activate(context)) return undefined;
    this.#call = new PppCall(this.#parts, context, () => {
      this.#call = undefined;
    });
    return this.#call;
  }
}

class PppCall implements TransparentLink {
  /** Packets may get lost on any link; TCP sends them again. */
  readonly isLossy = true;
  readonly #frames = new FrameQueue();
  readonly #link: PppLink;
  readonly #release: () => void;
  #over = false;

  /** `ended` is called once. */
  constructor(
    { network, packetService, clock, random, log, signal }: DataCallParts,
    context: number,
    ended: () => void,
  ) {
    const life = new AbortController();
    const { address, contextAuthentication } = packetService;
    const method = AUTHENTICATIONS[contextAuthentication.get(context)?.type ?? 0] ?? "chap";
    this.#link = new PppLink({
      clock,
      random,
      authentication: method,
      configuration: { address, dns: NAME_SERVERS },
      transmit: (frame) => this.#frames.push(frame),
      opened: () => log.debug({ event: "data-call-open", context }),
      received: (packet) => gateway.receive(packet),
      ended: (why) => {
        log.debug({ event: "data-call-ended", context, why, ...this.#link.faults });
        this.#finish();
      },
    });
    const gateway = openGateway({
      network,
      clock,
      random,
      signal: life.signal,
      address,
      dns: NAME_SERVERS,
      deliver: (packet) => {
        this.#link.send(packet);
        return this.#frames.room();
      },
    });
    const terminate = () => this.#link.terminate();
    const releases = [
      onAbort(signal, () => this.close()),
      packetService.changed.add((attached) => attached || terminate()),
      packetService.deactivated.add((gone) => gone !== context || terminate()),
    ];
    this.#release = () => {
      for (const release of releases) release();
      packetService.deactivate(context);
      life.abort(new Error("the data call has ended"));
      ended();
    };
  }

  write(bytes: Buffer): undefined {
    this.#link.receive(bytes);
  }

  read(): Promise<Uint8Array | undefined> {
    return this.#frames.next();
  }

  close(): void {
    this.#link.close();
    this.#finish();
  }

  #finish(): void {
    if (this.#over) return;
    this.#over = true;
    this.#release();
    this.#frames.end();
  }
}
