import { checksumOf, pseudoSum, sumWords } from "../checksum.ts";
import { composeIpv4, type Ipv4Packet, type PortAddress, PROTOCOL } from "../ipv4.ts";

/** The control bits that the gateway knows. */
export const FLAG = { fin: 1, syn: 2, rst: 4, psh: 8, ack: 16 } as const;

const HEADER = 20;
const MSS_OPTION = 2;

/** A segment of TCP. Sequence numbers are unsigned 32-bit numbers. */
export interface Segment {
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly seq: number;
  readonly ack: number;
  readonly flags: number;
  readonly window: number;
  /** The maximum segment size that a SYN announces. */
  readonly mss: number | undefined;
  readonly data: Buffer;
}

/** What a segment of ours says. */
export type Outgoing = Pick<Segment, "seq" | "flags"> & Partial<Pick<Segment, "ack" | "window" | "mss" | "data">>;

/** How far `a` is ahead of `b`, negative where it is behind (RFC 9293 §3.4). */
export function distance(a: number, b: number): number {
  return (a - b) | 0;
}

export function advance(seq: number, by: number): number {
  return (seq + by) >>> 0;
}

/** Reads a segment; `undefined` for a broken one. The data are a view of the packet. @rfc 9293 §3.1 */
export function readSegment({ source, destination, payload }: Ipv4Packet): Segment | undefined {
  if (payload.length < HEADER) return undefined;
  const headerLength = (payload.readUInt8(12) >> 4) * 4;
  if (headerLength < HEADER || headerLength > payload.length) return undefined;
  const sum = pseudoSum(source, destination, PROTOCOL.tcp, payload.length);
  if (checksumOf(sumWords(payload, sum)) !== 0) return undefined;
  return {
    sourcePort: payload.readUInt16BE(0),
    destinationPort: payload.readUInt16BE(2),
    seq: payload.readUInt32BE(4),
    ack: payload.readUInt32BE(8),
    flags: payload.readUInt8(13),
    window: payload.readUInt16BE(14),
    mss: readMss(payload.subarray(HEADER, headerLength)),
    data: payload.subarray(headerLength),
  };
}

/** Composes the packet that carries a segment. */
export function composeSegment(from: PortAddress, to: PortAddress, segment: Outgoing): Buffer {
  const { seq, ack = 0, flags, window = 0, mss, data } = segment;
  const headerLength = mss === undefined ? HEADER : HEADER + 4;
  const bytes = Buffer.alloc(headerLength + (data?.length ?? 0));
  bytes.writeUInt16BE(from.port, 0);
  bytes.writeUInt16BE(to.port, 2);
  bytes.writeUInt32BE(seq, 4);
  bytes.writeUInt32BE(ack, 8);
  bytes.writeUInt8((headerLength / 4) << 4, 12);
  bytes.writeUInt8(flags, 13);
  bytes.writeUInt16BE(window, 14);
  if (mss !== undefined) {
    bytes.writeUInt16BE((MSS_OPTION << 8) | 4, HEADER);
    bytes.writeUInt16BE(mss, HEADER + 2);
  }
  if (data !== undefined) bytes.set(data, headerLength);
  bytes.writeUInt16BE(checksumOf(sumWords(bytes, pseudoSum(from.address, to.address, PROTOCOL.tcp, bytes.length))), 16);
  return composeIpv4(from.address, to.address, PROTOCOL.tcp, bytes);
}

/** The reset that answers a segment of no connection (RFC 9293 §3.10.7.1); `undefined` for a reset. */
export function resetFor({ seq, ack, flags, data }: Segment): Outgoing | undefined {
  if ((flags & FLAG.rst) !== 0) return undefined;
  if ((flags & FLAG.ack) !== 0) return { seq: ack, flags: FLAG.rst };
  const length = data.length + ((flags & FLAG.syn) !== 0 ? 1 : 0) + ((flags & FLAG.fin) !== 0 ? 1 : 0);
  return { seq: 0, ack: advance(seq, length), flags: FLAG.rst | FLAG.ack };
}

function readMss(options: Buffer): number | undefined {
  for (let at = 0; at < options.length; ) {
    const kind = options[at];
    if (kind === 0) return undefined;
    const length = kind === 1 ? 1 : (options[at + 1] ?? 0);
    if (length === 0) return undefined;
    if (kind === MSS_OPTION && length === 4 && at + 4 <= options.length) return options.readUInt16BE(at + 2);
    at += length;
  }
  return undefined;
}
