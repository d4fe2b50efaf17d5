import type { Connection, Listener, Network } from "../../platform/network/network.ts";
import type { ServerTimer } from "../../platform/time/server-timer.ts";
import { type ControlConnection, refusal } from "./control-connection.ts";
import type { DataPort } from "./data-port.ts";
import { inPhase } from "./error.ts";
import { isIPv6, plainAddress } from "./peer-address.ts";

/**
 * Listens for the server, on the address that the control connection has, and tells it where. The server may come from
 * port 20 or any other, but only from its own address: a stranger is shown the door and we go on listening.
 *
 * @rfc 2428 §2, 959 §4.1.2
 */
export async function openActive(
  control: ControlConnection,
  network: Network,
  patience: ServerTimer,
): Promise<DataPort> {
  const listener = await network.listen({ host: control.local.host, port: 0 }, patience.signal).catch((error) => {
    throw inPhase("connect", error);
  });
  // The session may be dropped while nobody waits for the server.
  const close = () => {
    patience.signal.removeEventListener("abort", close);
    listener.close();
  };
  patience.signal.addEventListener("abort", close);
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
  const extended = await control.command("EPRT", `|${family}|${host}|${port}|`);
  if (extended.code >= 200 && extended.code < 300) return;
  // RFC 2428 §2: a server that knows no EPRT answers 5xx. PORT has no room for an IPv6 address.
  if (extended.code < 500 || family === 2) throw refusal(extended, "PROTOCOL");
  const numbers = [...host.split("."), port >> 8, port & 0xff];
  await control.expect(2, "PROTOCOL", "PORT", numbers.join(","));
}

async function acceptFrom(host: string, listener: Listener, signal: AbortSignal): Promise<Connection> {
  const server = plainAddress(host);
  for (;;) {
    const connection = await listener.accept(signal);
    if (plainAddress(connection.remote.host) === server) return connection;
    connection.close();
  }
}
