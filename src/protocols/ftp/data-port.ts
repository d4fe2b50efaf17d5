import type { Connection } from "../../platform/network/network.ts";

/** One end of a data connection that has been agreed with the server, before the command that uses it. */
export interface DataPort {
  /** Gives the data connection as soon as it stands. */
  connected(signal: AbortSignal): Promise<Connection>;
  /** Drops what is not connected, or not taken, yet. */
  close(): void;
}
