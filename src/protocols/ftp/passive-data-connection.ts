import type { Endpoint, Network } from "../../platform/network/network.ts";
import { ServiceError } from "../../platform/network/service-error.ts";
import { ReplyError } from "../reply-error.ts";
import type { ControlConnection } from "./control-connection.ts";
import { type DataPort, isIPv6 } from "./data-port.ts";
import { FtpFailure, inPhase } from "./phase.ts";
import type { Reply } from "./reply-reader.ts";
import type { FtpTimer } from "./timer.ts";

/** Where one session connects to the server, and whether it still asks by EPSV. */
export class PassivePorts {
  readonly #control: ControlConnection;
  readonly #network: Network;
  readonly #timer: FtpTimer;
  #extended = true;

  constructor(control: ControlConnection, network: Network, timer: FtpTimer) {
    this.#control = control;
    this.#network = network;
    this.#timer = timer;
  }

  /**
   * Asks the server to listen, and connects to it. EPSV that fails in any way, its port included, gives way to PASV for
   * the rest of the session. The address in a 227 is ignored: the data come from the peer of the control connection,
   * whatever a NAT or a malicious server writes there. With `followsReply` it is PASV at once, and its address is used.
   *
   * @rfc 2428 §3, 959 §4.1.2
   */
  async open(followsReply: boolean): Promise<DataPort> {
    const { periods } = this.#timer;
    const { host } = this.#control.remote;
    if ((this.#extended && !followsReply) || isIPv6(host)) {
      try {
        const port = extendedPort(await this.#control.expect(2, "EPSV"));
        return await this.#connect({ host, port }, periods.extendedConnect);
      } catch (error) {
        // PASV has no room for an IPv6 address.
        if (isIPv6(host) || !this.#leavesPasv(error)) throw error;
        this.#extended = false;
      }
    }
    const named = plainEndpoint(await this.#control.expect(2, "PASV"));
    return this.#connect(followsReply ? named : { host, port: named.port }, periods.connect);
  }

  /** Whether the dialogue can go on after EPSV has failed like this. */
  #leavesPasv(error: unknown): boolean {
    if (this.#timer.signal.aborted) return false;
    if (error instanceof ReplyError) return true;
    return error instanceof FtpFailure && (error.phase === "connect" || error.code === "REPLY");
  }

  async #connect({ host, port }: Endpoint, period: number): Promise<DataPort> {
    const target = { host, port, service: "ftp-data" } as const;
    try {
      const connection = await this.#timer.attempt(period, (signal) => this.#network.connect(target, signal));
      return { connected: async () => connection, close: () => connection.close() };
    } catch (error) {
      throw inPhase("connect", error);
    }
  }
}

/** The port in a reply to EPSV. Some servers answer EPSV as if it were PASV. */
function extendedPort(reply: Reply): number {
  if (reply.code === 227) return plainEndpoint(reply).port;
  // RFC 2428 §3: any visible character may be the delimiter. Protocol and address, which should be empty, are ignored.
  return validPort(reply, /\(([!-/:-~])\d*\1[^()]*?\1(\d{1,5})\1\)/.exec(text(reply))?.[2]);
}

/** Address and port in a reply to PASV. RFC 1123 §4.1.2.6: the numbers are searched for, as not every server has parentheses. */
function plainEndpoint(reply: Reply): Endpoint {
  const found = /\d{1,3}(?:[ \t]*,[ \t]*\d{1,3}){5}(?!\d)/.exec(text(reply))?.[0] ?? "";
  const numbers = found.split(",").map(Number);
  const [high = 0, low = 0] = numbers.slice(4);
  const port = numbers.length === 6 && high < 256 && low < 256 ? high * 256 + low : undefined;
  return { host: numbers.slice(0, 4).join("."), port: validPort(reply, port) };
}

function text(reply: Reply): string {
  return reply.lines.join("\n");
}

function validPort(reply: Reply, found: number | string | undefined): number {
  const port = Number(found);
  if (port >= 1 && port <= 65535) return port;
  throw new FtpFailure("dialogue", new ServiceError("REPLY", `no port in the reply ${reply.code}`));
}
