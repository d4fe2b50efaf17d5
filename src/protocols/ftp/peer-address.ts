/** An address without a zone and, where it is an IPv4 address in IPv6 clothes (RFC 4291 §2.5.5.2), without those. */
export function plainAddress(host: string): string {
  const address = host.replace(/%.*$/, "").toLowerCase();
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(address)?.[1] ?? address;
}

/** Whether it is an IPv6 address, given as a literal. */
export function isIPv6(host: string): boolean {
  return plainAddress(host).includes(":");
}
