import { checksumOf, pseudoSum, sumWords } from "./checksum.ts";
import { composeIpv4, type Ipv4Packet, type PortAddress, PROTOCOL } from "./ipv4.ts";

const HEADER = 8;

/** A datagram of UDP. */
export interface UdpDatagram {
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly data: Buffer;
}

/** Reads a datagram; `undefined` for a broken one. The data are a view of the packet. @rfc 768 */
export function readUdp({ source, destination, payload }: Ipv4Packet): UdpDatagram | undefined {
  if (payload.length < HEADER) return undefined;
  const length = payload.readUInt16BE(4);
  if (length < HEADER || length > payload.length) return undefined;
  const datagram = payload.subarray(0, length);
  // A checksum of 0 says that the sender has computed none.
  const isSummed = datagram.readUInt16BE(6) !== 0;
  const sum = pseudoSum(source, destination, PROTOCOL.udp, length);
  if (isSummed && checksumOf(sumWords(datagram, sum)) !== 0) return undefined;
  return {
    sourcePort: datagram.readUInt16BE(0),
    destinationPort: datagram.readUInt16BE(2),
    data: datagram.subarray(HEADER),
  };
}

/** Composes the packet that carries a datagram. */
export function composeUdp(from: PortAddress, to: PortAddress, data: Uint8Array): Buffer {
  const datagram = Buffer.alloc(HEADER + data.length);
  datagram.writeUInt16BE(from.port, 0);
  datagram.writeUInt16BE(to.port, 2);
  datagram.writeUInt16BE(datagram.length, 4);
  datagram.set(data, HEADER);
  const sum = pseudoSum(from.address, to.address, PROTOCOL.udp, datagram.length);
  datagram.writeUInt16BE(checksumOf(sumWords(datagram, sum)) || 0xffff, 6);
  return composeIpv4(from.address, to.address, PROTOCOL.udp, datagram);
}
