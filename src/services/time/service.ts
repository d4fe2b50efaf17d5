import type { Rtc } from "../../module/rtc.ts";
import type { Timing } from "../../module/timing.ts";
import type { Log } from "../../platform/log.ts";
import type { Endpoint, Network } from "../../platform/network/network.ts";
import { ServiceError, type ServiceErrorCode } from "../../platform/network/service-error.ts";
import type { Clock } from "../../platform/time/clock.ts";
import { Deadline } from "../../platform/time/deadline.ts";
import type { WorkSet } from "../../platform/work-set.ts";
import { askDate, type DateAnswer } from "../../protocols/http/ask-date.ts";
import { parseHttpDate } from "../../protocols/http/http-date.ts";
import type { UnsolicitedOutput } from "../unsolicited-output.ts";

/** A server that the time is asked of, and the proxy that leads to it, if any. */
export interface TimeServer {
  readonly host: string;
  readonly port: number;
  readonly version: "1.0" | "1.1";
  readonly proxy?: { readonly host: string; readonly port: number } | undefined;
}

export const TIME_LIMITS = {
  /** Servers that a module keeps (module.md 3). */
  servers: 16,
  /** From the resolving of a server's name to the end of its header, in milliseconds; then the next server is asked. */
  server: 30_000,
} as const;

/** How AT+CHTPUPDATE ends (module.md 3). */
const TIME_CODES = { ok: 0, unknown: 1, parameter: 2, date: 3, network: 4 } as const;
type TimeCode = (typeof TIME_CODES)[keyof typeof TIME_CODES];

const CODE_OF: Readonly<Record<ServiceErrorCode, TimeCode>> = {
  UNRESOLVED: TIME_CODES.network,
  REFUSED: TIME_CODES.network,
  UNREACHABLE: TIME_CODES.network,
  TIMEOUT: TIME_CODES.network,
  RESET: TIME_CODES.network,
  CLOSED: TIME_CODES.network,
  REPLY: TIME_CODES.unknown,
  UNKNOWN: TIME_CODES.unknown,
};

export interface TimeServiceParts {
  readonly network: Network;
  readonly clock: Clock;
  readonly rtc: Rtc;
  readonly outlet: Pick<UnsolicitedOutput, "urc">;
  readonly timing: Timing;
  readonly log: Log;
  readonly work: WorkSet;
  /** Ends with the power of the module. */
  readonly signal: AbortSignal;
}

/** Sets the module's clock by the Date field of web servers, as AT+CHTPUPDATE does. The list of servers is lost at a restart. */
export class TimeService {
  readonly #parts: TimeServiceParts;
  #servers: readonly TimeServer[] = [];
  #busy = false;

  constructor(parts: TimeServiceParts) {
    this.#parts = parts;
  }

  /** In the order in which they are asked. */
  get servers(): readonly TimeServer[] {
    return this.#servers;
  }

  /** Whether the time is being asked for. */
  get busy(): boolean {
    return this.#busy;
  }

  /** Puts a server at the end of the list; returns whether there was room. */
  add(server: TimeServer): boolean {
    if (this.#servers.length >= TIME_LIMITS.servers) return false;
    this.#servers = [...this.#servers, server];
    return true;
  }

  /** Takes a server from the list; those behind it move up. Returns whether there was one. */
  remove(index: number): boolean {
    if (index >= this.#servers.length) return false;
    this.#servers = this.#servers.toSpliced(index, 1);
    return true;
  }

  /** Asks one server after the other, until one has told the time; prints how that went. */
  start(): void {
    const { outlet, signal, work, log } = this.#parts;
    this.#busy = true;
    const updating = this.#update(this.#servers)
      .then((code) => {
        this.#busy = false;
        outlet.urc(`+CHTPUPDATE: ${code}`);
      })
      .catch((error: unknown) => {
        if (!signal.aborted) log.error({ event: "time-update-lost", error: String(error) });
      });
    void work.track(updating);
  }

  /** The code of the last server where none has told the time. */
  async #update(servers: readonly TimeServer[]): Promise<TimeCode> {
    let code: TimeCode = TIME_CODES.unknown;
    for (const server of servers) {
      code = await this.#updateFrom(server);
      if (code === TIME_CODES.ok) break;
    }
    return code;
  }

  async #updateFrom(server: TimeServer): Promise<TimeCode> {
    const { rtc, signal, log } = this.#parts;
    try {
      const { status, date } = await this.#ask(server);
      const epoch = parseHttpDate(date ?? "");
      log.debug({ event: "time-told", server: server.host, status, date });
      if (epoch !== undefined) {
        await rtc.set({ epoch, zone: rtc.now().zone });
        return TIME_CODES.ok;
      }
      // A server that has no use for the request need not say what time it has.
      return date === undefined && status >= 400 ? TIME_CODES.parameter : TIME_CODES.date;
    } catch (error) {
      signal.throwIfAborted();
      log.debug({ event: "time-not-told", server: server.host, error: String(error) });
      return error instanceof ServiceError ? CODE_OF[error.code] : TIME_CODES.unknown;
    }
  }

  async #ask({ host, port, version, proxy }: TimeServer): Promise<DateAnswer> {
    const { network, clock, timing, signal } = this.#parts;
    const deadline = new Deadline(clock, TIME_LIMITS.server * timing.timeoutScale, signal);
    try {
      const target: Endpoint = { ...(proxy ?? { host, port }), service: "http" };
      const connection = await network.connect(target, deadline.signal);
      try {
        const request = { authority: authorityOf({ host, port }), version, byProxy: proxy !== undefined };
        return await askDate(connection, request, deadline.signal);
      } finally {
        connection.close();
      }
    } finally {
      deadline.dispose();
    }
  }
}

/** RFC 9110 §4.2.1: the port is left out where it is that of HTTP. */
function authorityOf({ host, port }: Pick<TimeServer, "host" | "port">): string {
  const name = host.includes(":") ? `[${host}]` : host;
  return port === 80 ? name : `${name}:${port}`;
}
