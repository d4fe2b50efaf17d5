import type { Endpoint } from "../platform/network/network.ts";
import { TcpNetwork } from "../platform/network/tcp-network.ts";
import type { Clock } from "../platform/time/clock.ts";
import { UsageError } from "../platform/usage-error.ts";
import { type ModulePort, openModulePort as openSerial } from "../transport/module-port.ts";
import { openRfc2217Port } from "../transport/rfc2217/module-end.ts";
import { openTcpPort } from "../transport/tcp-port.ts";
import { explainError } from "./explain.ts";
import { explainPort } from "./open-medium.ts";

const ON_NETWORK = /^(tcp|rfc2217):(?:\/\/)?(?:(.+):)?(\d{1,5})\/?$/;

/** Whether the port of a module is named that is not on this machine's file system: `tcp:HOST:PORT`, `rfc2217://HOST:PORT`. */
export function isNetworkPort(address: string): boolean {
  return /^(tcp|rfc2217):/.test(address);
}

interface ModulePlace {
  /** A serial port, a pseudo-terminal, or as of {@link isNetworkPort}. */
  readonly address: string;
  readonly baudRate: number;
}

/** Opens the port of a module. Throws a {@link UsageError} that begins with `subject` and says what a user can do. */
export async function openModulePort(
  subject: string,
  place: ModulePlace,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<ModulePort> {
  const { address, baudRate } = place;
  try {
    if (!isNetworkPort(address)) return await openSerial({ path: address, baudRate }, clock);
    const network = new TcpNetwork();
    const { kind, endpoint } = readAddress(address);
    if (kind === "tcp") return await openTcpPort(endpoint, network, signal);
    return await openRfc2217Port(endpoint, { baudRate, network, clock, signal });
  } catch (error) {
    signal.throwIfAborted();
    const message = (error as Error).message.replace(/^Error: /, "");
    const seen = isNetworkPort(address) ? undefined : explainPort(address);
    const reason = seen ?? explainError(error) ?? message;
    throw new UsageError(`${subject} ${address}: ${reason}`, { option: subject, cause: error });
  }
}

function readAddress(address: string): { readonly kind: string; readonly endpoint: Endpoint } {
  const [, kind, host = "127.0.0.1", port] = ON_NETWORK.exec(address) ?? [];
  if (kind === undefined || Number(port) > 65_535) throw new Error("it is not tcp:HOST:PORT or rfc2217://HOST:PORT");
  return { kind, endpoint: { host: host.replace(/^\[(.*)\]$/, "$1"), port: Number(port) } };
}
