import { IAC } from "./codes.ts";

/** So many bytes are looked at and copied one by one, which is faster where the next IAC is near. */
const NEAR = 16;

/** Where a run of bytes without an IAC ends that begins at `from`: at the next IAC, or at the end of the bytes. */
export function endOfRun(bytes: Uint8Array, from: number): number {
  const near = Math.min(from + NEAR, bytes.length);
  for (let at = from; at < near; at++) if (bytes[at] === IAC) return at;
  const found = bytes.indexOf(IAC, near);
  return found < 0 ? bytes.length : found;
}

/** Copies the bytes from `from` to `end` to a place of `target`, which may be the same memory. Gives the place behind them. */
export function copyRun(bytes: Uint8Array, from: number, end: number, target: Uint8Array, place: number): number {
  if (end - from <= NEAR) for (let at = from; at < end; at++) target[place + at - from] = bytes[at] as number;
  else target.set(bytes.subarray(from, end), place);
  return place + end - from;
}
