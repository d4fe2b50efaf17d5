import type { Network } from "../../platform/network/network.ts";
import { ServiceError } from "../../platform/network/service-error.ts";
import type { ServerTimer } from "../../platform/time/server-timer.ts";
import { ReplyError } from "../reply-error.ts";
import type { ControlConnection } from "./control-connection.ts";
import { type DataPort, isIPv6 } from "./data-port.ts";
import { FTP_LIMITS } from "./limits.ts";
import { FtpFailure, inPhase } from "./phase.ts";
import type { Reply } from "./reply-reader.ts";

/** Where one session connects to the server, and whether it still asks by EPSV. */
export class PassivePorts {
  readonly #control: ControlConnection;
  readonly #network: Network;
  readonly #timer: ServerTimer;
  #extended = true;

  constructor(control: ControlConnection, network: Network, timer: ServerTimer) {
    this.#control = control;
    this.#network = network;
    this.#timer = timer;
  }

  /**
   * Asks the server to listen, and connects to it. EPSV that fails in any way, its port included, gives way to PASV for
   * the rest of the session. The address in a 227 is ignored: the data come from the peer of the control connection,
   * whatever a NAT or a malicious server writes there.
   *
   * @rfc 2428 §3, 959 §4.1.2
   */
  async open(): Promise<DataPort> {
    if (this.#extended) {
      try {
        return await this.#connect(extendedPort(await this.#control.expect(2, "EPSV")), FTP_LIMITS.extendedConnect);
      } catch (error) {
        // PASV has no room for an IPv6 address.
        if (isIPv6(this.#control.remote.host) || !this.#leavesPasv(error)) throw error;
        this.#extended = false;
      }
    }
    return this.#connect(plainPort(await this.#control.expect(2, "PASV")), FTP_LIMITS.connect);
  }

  /** Whether the dialogue can go on after EPSV has failed like this. */
  #leavesPasv(error: unknown): boolean {
    if (this.#timer.signal.aborted) return false;
    if (error instanceof ReplyError) return true;
    return error instanceof FtpFailure && (error.phase === "connect" || error.code === "REPLY");
  }

  async #connect(port: number, period: number): Promise<DataPort> {
    const target = { host: this.#control.remote.host, port, service: "ftp-data" } as const;
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
  if (reply.code === 227) return plainPort(reply);
  // RFC 2428 §3: any visible character may be the delimiter. Protocol and address, which should be empty, are ignored.
  return validPort(reply, /\(([!-/:-~])\d*\1[^()]*?\1(\d{1,5})\1\)/.exec(text(reply))?.[2]);
}

/** The port in a reply to PASV. RFC 1123 §4.1.2.6: the numbers are searched for, as not every server has parentheses. */
function plainPort(reply: Reply): number {
  const numbers = /\d{1,3}(?:[ \t]*,[ \t]*\d{1,3}){3}[ \t]*,[ \t]*(\d{1,3})[ \t]*,[ \t]*(\d{1,3})(?!\d)/.exec(
    text(reply),
  );
  const [high, low] = [Number(numbers?.[1]), Number(numbers?.[2])];
  return validPort(reply, high < 256 && low < 256 ? high * 256 + low : undefined);
}

function text(reply: Reply): string {
  return reply.lines.join("\n");
}

function validPort(reply: Reply, found: number | string | undefined): number {
  const port = Number(found);
  if (port >= 1 && port <= 65535) return port;
  throw new FtpFailure("dialogue", new ServiceError("REPLY", `no port in the reply ${reply.code}`));
}
