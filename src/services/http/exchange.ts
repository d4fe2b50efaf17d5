import type { Dialect } from "../../module/dialect.ts";
import type { Timing } from "../../module/timing.ts";
import type { Log } from "../../platform/log.ts";
import type { Connection, Endpoint, Network } from "../../platform/network/network.ts";
import type { Clock } from "../../platform/time/clock.ts";
import { ServerTimer } from "../../platform/time/server-timer.ts";
import type { WorkSet } from "../../platform/work-set.ts";
import { HTTP_LIMITS } from "../../protocols/http/limits.ts";
import type { UnsolicitedOutput } from "../unsolicited-output.ts";
import { type HttpCode, httpCode } from "./code.ts";

export interface HttpServiceParts {
  readonly network: Network;
  readonly clock: Clock;
  readonly outlet: UnsolicitedOutput;
  readonly dialect: Dialect;
  readonly timing: Timing;
  readonly log: Log;
  readonly work: WorkSet;
}

/** What a request and its response share: one connection, and the life of the operation. */
export class HttpExchange {
  readonly parts: HttpServiceParts;
  readonly connection: Connection;
  readonly #parent: AbortSignal;
  readonly #released: () => void;
  readonly #life = new AbortController();
  readonly #onParentAbort = () => this.close();
  readonly #timers: ServerTimer[] = [];

  private constructor(parts: HttpServiceParts, connection: Connection, parent: AbortSignal, released: () => void) {
    this.parts = parts;
    this.connection = connection;
    this.#parent = parent;
    this.#released = released;
    parent.addEventListener("abort", this.#onParentAbort, { once: true });
  }

  /** Connects. `released` is called once, when the exchange is over; not when it does not come about. */
  static async open(parts: HttpServiceParts, target: Endpoint, parent: AbortSignal, released: () => void) {
    const { clock, timing, network } = parts;
    const timer = new ServerTimer(clock, timing.timeoutScale, parent);
    try {
      const server = { ...target, service: "http" } as const;
      const connection = await timer.grant(HTTP_LIMITS.connect, (signal) => network.connect(server, signal));
      if (parent.aborted) connection.close();
      parent.throwIfAborted();
      return new HttpExchange(parts, connection, parent, released);
    } finally {
      timer.dispose();
    }
  }

  /** Aborts with the module's reason, and when the exchange is over. */
  get signal(): AbortSignal {
    return this.#life.signal;
  }

  /** Whether the module has ended the exchange: nothing may be printed or logged about it. */
  get reset(): boolean {
    return this.#parent.aborted;
  }

  /** The time of the request, or of the response: a request that the server does not take may be answered all the same. */
  newTimer(): ServerTimer {
    const timer = new ServerTimer(this.parts.clock, this.parts.timing.timeoutScale, this.signal);
    this.#timers.push(timer);
    return timer;
  }

  /** The code of a failure on the connection. Rethrows the module's abort reason instead. */
  explain(error: unknown): HttpCode {
    this.#parent.throwIfAborted();
    const code = httpCode(error, "connected");
    this.parts.log.debug({ event: "http-failed", code, error: String(error) });
    return code;
  }

  /** Drops the connection. Pending waits reject, with the module's reason where it has one. */
  close(): void {
    if (this.signal.aborted) return;
    this.#life.abort(this.#parent.aborted ? this.#parent.reason : undefined);
    this.#parent.removeEventListener("abort", this.#onParentAbort);
    for (const timer of this.#timers) timer.dispose();
    this.connection.close();
    this.#released();
  }
}
