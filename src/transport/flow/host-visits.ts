import type { Connection, Listener } from "../../platform/network/network.ts";
import { untilQuiet } from "../../platform/yield-to-io.ts";

/** What serves the hosts that connect to a listening port, one at a time. */
interface HostVisits {
  readonly listener: Listener;
  /** Ends the visits. */
  readonly signal: AbortSignal;
  /** How many bytes have come from the present host. */
  received(): number;
  /** Whether there is a host that another must not take the place of. */
  isTaken(): boolean;
  /** Turns a connection away while there is a host. */
  refuse(connection: Connection): void;
  /** Makes a connection the present host; what is written goes to it from now on. Gives what reads from it to its end. */
  admit(connection: Connection): () => Promise<void>;
}

/** Serves one host after the other, until `signal` aborts. */
export async function serveVisits(visits: HostVisits): Promise<void> {
  const { listener, signal } = visits;
  let reading = Promise.resolve();
  for (;;) {
    const connection = await listener.accept(signal).catch(() => undefined);
    if (connection === undefined) return;
    // A host that closes and connects again may be seen to connect before it is seen to close.
    if (visits.isTaken()) await untilQuiet(() => visits.received());
    if (signal.aborted) connection.close();
    else if (visits.isTaken()) visits.refuse(connection);
    else {
      const read = visits.admit(connection);
      // The receiver may not yet have taken the last bytes of the previous host.
      reading = reading.then(read);
    }
  }
}

/** How hosts write an address: an IPv6 literal in brackets. */
export function hostAndPort({ host, port }: { readonly host: string; readonly port: number }): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}
