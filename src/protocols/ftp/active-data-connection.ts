import type { Connection, Listener, Network } from "../../platform/network/network.ts";
import { ReplyError } from "../reply-error.ts";
import type { ControlConnection } from "./control-connection.ts";
import { type DataPort, isIPv6, plainAddress } from "./data-port.ts";
import type { FtpTimer } from "./timer.ts";
import { inPhase } from "./phase.ts";

/**
 * Listens for the server on our address of the control connection, and announces the port. The server may connect from
 * port 20 or any other, but only from its own address: a connection from elsewhere is closed, and we go on listening.
 *
 * @rfc 2428 §2, 959 §4.1.2
 */
export async function openActive(control: ControlConnection, network: Network, timer: FtpTimer): Promise<DataPort> {
  const local = { host: control.local.host, port: 0, service: "ftp-data" } as const;
  const listener = await network.listen(local, timer.signal).catch((error) => {
    throw inPhase("connect", error);
  });
  // The session may be dropped while nobody waits for the server.
  const close = () => {
    timer.signal.removeEventListener("abort", close);
    listener.close();
  };
  timer.signal.addEventListener("abort", close);
  try {
    await announce(control, listener.local.port);
  } catch (error) {
    close();
    throw error;
  }
  return { connected: (signal) => acceptFrom(control.remote.host, listener, signal).finally(close), close };
}

async function announce(control: ControlConnection, port: number): Promise<void> {
  const host = plainAddress(control.local.host);
  const family = isIPv6(host) ? 2 : 1;
  try {
    await control.expect(2, "EPRT", `|${family}|${host}|${port}|`);
  } catch (error) {
    // PORT has no room for an IPv6 address.
    if (!(error instanceof ReplyError) || family === 2) throw error;
    const numbers = [...host.split("."), port >> 8, port & 0xff];
    await control.expect(2, "PORT", numbers.join(","));
  }
}

async function acceptFrom(host: string, listener: Listener, signal: AbortSignal): Promise<Connection> {
  const server = plainAddress(host);
  for (;;) {
    const connection = await listener.accept(signal);
    if (plainAddress(connection.remote.host) === server) return connection;
    connection.close();
  }
}
