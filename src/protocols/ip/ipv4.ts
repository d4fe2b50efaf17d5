import { checksumOf, sumWords } from "./checksum.ts";

/** The protocols that the gateway knows. */
export const PROTOCOL = { icmp: 1, tcp: 6, udp: 17 } as const;

const HEADER = 20;
const TTL = 64;
/** More Fragments and the fragment's offset. */
const FRAGMENT = 0x3fff;

/** A packet of IP version 4. Addresses are unsigned 32-bit numbers. */
export interface Ipv4Packet {
  readonly source: number;
  readonly destination: number;
  readonly protocol: number;
  readonly ttl: number;
  readonly payload: Buffer;
  /** The header and the first bytes after it: what an ICMP error quotes. */
  readonly quote: Buffer;
}

/** One end of a datagram or a connection. */
export interface PortAddress {
  readonly address: number;
  readonly port: number;
}

/**
 * Reads a packet; `undefined` for one that is broken, of another version, or a fragment. Options are skipped. The payload is
 * a view of the bytes.
 *
 * Deviation: fragments are not reassembled. TCP never sends them here, and the MRU carries every other datagram of the hosts.
 *
 * @rfc 791 §3.1
 */
export function readIpv4(bytes: Uint8Array): Ipv4Packet | undefined {
  const packet = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (packet.length < HEADER || packet.readUInt8(0) >> 4 !== 4) return undefined;
  const headerLength = (packet.readUInt8(0) & 15) * 4;
  const length = packet.readUInt16BE(2);
  if (headerLength < HEADER || length < headerLength || length > packet.length) return undefined;
  if (checksumOf(sumWords(packet.subarray(0, headerLength))) !== 0) return undefined;
  if ((packet.readUInt16BE(6) & FRAGMENT) !== 0) return undefined;
  return {
    source: packet.readUInt32BE(12),
    destination: packet.readUInt32BE(16),
    protocol: packet.readUInt8(9),
    ttl: packet.readUInt8(8),
    payload: packet.subarray(headerLength, length),
    quote: packet.subarray(0, Math.min(length, headerLength + 8)),
  };
}

/** What is left to report an error of a packet whose bytes are lent for a while only. */
export function keepQuote(packet: Ipv4Packet): Ipv4Packet {
  return { ...packet, payload: Buffer.alloc(0), quote: Buffer.from(packet.quote) };
}

/** Composes a packet that must not be fragmented, and so needs no identification (RFC 6864 §4.1). */
export function composeIpv4(source: number, destination: number, protocol: number, payload: Uint8Array): Buffer {
  const packet = Buffer.alloc(HEADER + payload.length);
  packet.writeUInt8(0x45, 0);
  packet.writeUInt16BE(packet.length, 2);
  packet.writeUInt16BE(0x4000, 6);
  packet.writeUInt8(TTL, 8);
  packet.writeUInt8(protocol, 9);
  packet.writeUInt32BE(source, 12);
  packet.writeUInt32BE(destination, 16);
  packet.writeUInt16BE(checksumOf(sumWords(packet.subarray(0, HEADER))), 10);
  packet.set(payload, HEADER);
  return packet;
}

/** Whether a text is an IPv4 address and not one of IPv6. */
export function isDotted(text: string): boolean {
  return /^\d{1,3}(\.\d{1,3}){3}$/.test(text);
}

/** Reads an address in dotted form. */
export function parseAddress(text: string): number {
  return text.split(".").reduce((address, part) => address * 256 + Number(part), 0);
}

/** The dotted form of an address. */
export function formatAddress(address: number): string {
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 0xff).join(".");
}

/** Whether an address is one host's that a gateway forwards to: no loopback, multicast, reserved or broadcast address. */
export function isRoutable(address: number): boolean {
  const first = address >>> 24;
  return first !== 0 && first !== 127 && first < 224;
}
