import { FTP_CONNECT_TIMEOUT } from "../../platform/limits.ts";
import type { Network } from "../../platform/network/network.ts";
import type { ServerTimer } from "../../platform/time/server-timer.ts";
import { type ControlConnection, refusal } from "./control-connection.ts";
import type { DataPort } from "./data-port.ts";
import { FtpError, inPhase } from "./error.ts";
import { isIPv6 } from "./peer-address.ts";
import type { Reply } from "./reply-reader.ts";

/**
 * Lets the server listen, and connects to it. The address in a PASV reply is not looked at: the data come from the host
 * that we speak with, whatever a NAT or an ill-meaning server writes there.
 *
 * @rfc 2428 §3, 959 §4.1.2
 */
export async function openPassive(
  control: ControlConnection,
  network: Network,
  patience: ServerTimer,
): Promise<DataPort> {
  const host = control.remote.host;
  const port = await serverPort(control);
  try {
    const connection = await patience.grant(FTP_CONNECT_TIMEOUT, (signal) => network.connect({ host, port }, signal));
    return { connected: async () => connection, close: () => connection.close() };
  } catch (error) {
    throw inPhase("connect", error);
  }
}

async function serverPort(control: ControlConnection): Promise<number> {
  const extended = await control.command("EPSV");
  // Any visible character may be the delimiter; protocol and address, which should be empty, are not looked at.
  if (extended.code === 229) {
    return validPort(extended, /\(([!-/:-~])\d*\1[^()]*?\1(\d{1,5})\1\)/.exec(text(extended))?.[2]);
  }
  // RFC 2428 §3: a server that knows no EPSV answers 5xx. PASV has no room for an IPv6 address.
  if (extended.code < 500 || isIPv6(control.remote.host)) throw refusal(extended, "PROTOCOL");
  const passive = await control.command("PASV");
  if (passive.code !== 227) throw refusal(passive, "PROTOCOL");
  // RFC 1123 §4.1.2.6: the numbers are to be searched for, parentheses are not everywhere.
  const numbers = /\d{1,3},\d{1,3},\d{1,3},\d{1,3},(\d{1,3}),(\d{1,3})(?!\d)/.exec(text(passive));
  const [high, low] = [Number(numbers?.[1]), Number(numbers?.[2])];
  return validPort(passive, high < 256 && low < 256 ? high * 256 + low : undefined);
}

function text(reply: Reply): string {
  return reply.lines.join("\n");
}

function validPort(reply: Reply, found: number | string | undefined): number {
  const port = Number(found);
  if (port >= 1 && port <= 65535) return port;
  throw new FtpError("PROTOCOL", `no port in the reply ${reply.code}`, { reply: reply.code });
}
