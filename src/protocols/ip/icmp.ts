import type { Random } from "../../platform/crypto.ts";
import { type Clock, sleep } from "../../platform/time/clock.ts";
import { checksumOf, sumWords } from "./checksum.ts";
import { composeIpv4, type Ipv4Packet, PROTOCOL } from "./ipv4.ts";

const ECHO_REPLY = 0;
const ECHO = 8;
const HEADER = 8;

/** Round-trip times of a radio network, in milliseconds. */
const ROUND_TRIP = { least: 100, most: 300 } as const;

/** What an ICMP error says: its type and code. @rfc 792 */
const ICMP_ERROR = {
  hostUnreachable: [3, 1],
  portUnreachable: [3, 3],
  timeExceeded: [11, 0],
} as const;

export type IcmpError = keyof typeof ICMP_ERROR;

/** The packet that answers an echo request; `undefined` for every other packet, and for a broken one. */
export function answerEcho({ source, destination, payload }: Ipv4Packet): Buffer | undefined {
  if (payload.length < HEADER || payload[0] !== ECHO || payload[1] !== 0) return undefined;
  if (checksumOf(sumWords(payload)) !== 0) return undefined;
  const reply = Buffer.from(payload);
  reply.writeUInt8(ECHO_REPLY, 0);
  return composeIpv4(destination, source, PROTOCOL.icmp, withChecksum(reply));
}

/** Waits as long as the answer to a ping takes on a radio network, and gives the time. */
export async function roundTrip(clock: Clock, random: Random, signal: AbortSignal): Promise<number> {
  const time = ROUND_TRIP.least + random.integer(ROUND_TRIP.most - ROUND_TRIP.least + 1);
  await sleep(clock, time, signal);
  return time;
}

/** The packet that reports an error of `packet`, from the address that has found it. */
export function composeError(error: IcmpError, from: number, packet: Ipv4Packet): Buffer {
  const message = Buffer.alloc(HEADER + packet.quote.length);
  const [type, code] = ICMP_ERROR[error];
  message.writeUInt8(type, 0);
  message.writeUInt8(code, 1);
  message.set(packet.quote, HEADER);
  return composeIpv4(from, packet.source, PROTOCOL.icmp, withChecksum(message));
}

/** Whether the packet is an ICMP error or answer, which no error is sent about (RFC 1122 §3.2.2). */
export function isIcmpAnswer({ protocol, payload }: Ipv4Packet): boolean {
  return protocol === PROTOCOL.icmp && payload[0] !== ECHO;
}

function withChecksum(message: Buffer): Buffer {
  message.writeUInt16BE(0, 2);
  message.writeUInt16BE(checksumOf(sumWords(message)), 2);
  return message;
}
