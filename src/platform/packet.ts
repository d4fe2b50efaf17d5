/** A line of text and the raw bytes right behind it that the line announces. Neither may change afterwards. */
export interface Packet {
  readonly head: string;
  readonly payload: Uint8Array;
}

/**
 * Frames packets in one buffer, each head between `before` and `after`: a medium takes one large piece far faster than
 * many small ones.
 */
export function framePackets(
  packets: readonly Packet[],
  { before, after }: { readonly before: string; readonly after: string },
): Buffer {
  const framing = before.length + after.length;
  let length = 0;
  for (const { head, payload } of packets) length += framing + head.length + payload.length;
  const framed = Buffer.allocUnsafe(length);
  let at = 0;
  for (const { head, payload } of packets) {
    at += framed.write(before + head + after, at, "latin1");
    framed.set(payload, at);
    at += payload.length;
  }
  return framed;
}
