import type { Connection } from "../../platform/network/network.ts";

/** Our end of a data connection, agreed with the server before the command that uses it. */
export interface DataPort {
  /** Resolves with the data connection as soon as it is established. */
  connected(signal: AbortSignal): Promise<Connection>;
  /** Drops the port: the listener, and a connection that nobody has taken. */
  close(): void;
}

/** The address without its zone; an IPv4-mapped IPv6 address (RFC 4291 §2.5.5.2) becomes the IPv4 address. */
export function plainAddress(host: string): string {
  const address = host.replace(/%.*$/, "").toLowerCase();
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(address)?.[1] ?? address;
}

/** Whether an address literal is IPv6. */
export function isIPv6(host: string): boolean {
  return plainAddress(host).includes(":");
}
