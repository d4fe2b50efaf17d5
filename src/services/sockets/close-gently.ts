import type { Connection } from "../../platform/network/network.ts";
import type { Clock } from "../../platform/time/clock.ts";
import { Deadline } from "../../platform/time/deadline.ts";
import { SOCKET_LIMITS } from "./limits.ts";

/**
 * Ends a connection after what was written, and waits a while for the peer's end: closing while bytes come in would reset
 * the connection, and what was sent with it. Never rejects.
 */
export async function closeGently(
  connection: Pick<Connection, "end" | "read" | "close">,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  connection.end();
  const deadline = new Deadline(clock, SOCKET_LIMITS.linger, signal);
  try {
    while ((await connection.read(deadline.signal)) !== undefined);
  } catch {
    // It is closed in any case.
  } finally {
    deadline.dispose();
    connection.close();
  }
}
