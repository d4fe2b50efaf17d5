import type { Settings } from "../module/settings/settings.ts";

/** A line, and the raw bytes right behind it that it announces. They must not change any more. */
export interface Packet {
  readonly head: string;
  readonly payload: Uint8Array;
}

/** Frames packets as ATV says, in one buffer: a medium takes one large piece far faster than many small ones. */
export function framePackets(packets: readonly Packet[], settings: Settings): Buffer {
  const end = String.fromCharCode(settings.get("S3"), settings.get("S4"));
  const begin = settings.get("V") === 1 ? end : "";
  const framing = begin.length + end.length;
  let length = 0;
  for (const { head, payload } of packets) length += framing + head.length + payload.length;
  const framed = Buffer.allocUnsafe(length);
  let at = 0;
  for (const { head, payload } of packets) {
    at += framed.write(begin + head + end, at, "latin1");
    framed.set(payload, at);
    at += payload.length;
  }
  return framed;
}
