/** A DNS query for one name; without a type for its IPv4 addresses (RFC 1035). */
export function dnsQuery(name: string, type = 1): Buffer {
  const labels = name.split(".").map((label) => Buffer.from([label.length, ...Buffer.from(label)]));
  return Buffer.concat([Buffer.from("abcd01000001000000000000", "hex"), ...labels, Buffer.from([0, 0, type, 0, 1])]);
}
