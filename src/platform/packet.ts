/** A line of text and the raw bytes right behind it that the line announces. */
export interface Packet {
  readonly head: string;
  readonly payload: Uint8Array;
}

/** What stands before and behind the head of a packet. */
export interface PacketFrame {
  readonly before: string;
  readonly after: string;
}

/** How many bytes framed packets are. */
export function framedLength(packets: readonly Packet[], { before, after }: PacketFrame): number {
  const framing = before.length + after.length;
  let length = 0;
  for (const { head, payload } of packets) length += framing + head.length + payload.length;
  return length;
}

/** Writes packets, each head in its frame, to `target` from `at` on; gives where they end. */
export function writeFramed(
  packets: readonly Packet[],
  { before, after }: PacketFrame,
  target: Buffer,
  at: number,
): number {
  let end = at;
  for (const { head, payload } of packets) {
    end += target.write(before + head + after, end, "latin1");
    target.set(payload, end);
    end += payload.length;
  }
  return end;
}
