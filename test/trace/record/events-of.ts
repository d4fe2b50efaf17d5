import type { RigEvent } from "../../../src/rig/events.ts";
import { readSession } from "../../../src/trace/record/read-session.ts";

/** The bytes of a text, in pieces of `size` bytes. */
export async function* piecesOf(text: string, size = 64 * 1024): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text);
  // As a file does: each piece is only borrowed.
  const borrowed = Buffer.alloc(size);
  for (let at = 0; at < bytes.length; at += size) {
    const length = bytes.copy(borrowed, 0, at, at + size);
    yield borrowed.subarray(0, length);
    borrowed.fill(0);
  }
}

/** The events of a session, with what is told about it. */
export async function eventsOf(text: string, told: string[] = [], size?: number): Promise<readonly RigEvent[]> {
  const events: RigEvent[] = [];
  for await (const event of readSession(piecesOf(text, size), (message) => void told.push(message))) events.push(event);
  return events;
}
