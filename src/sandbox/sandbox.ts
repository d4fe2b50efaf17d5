import type { Clock } from "../platform/clock.ts";
import { filesBelow, fixtures } from "../platform/files.ts";
import type { Log } from "../platform/log.ts";
import type { Endpoint, Network } from "../platform/network.ts";
import type { ResolveRule } from "../platform/resolving-network.ts";
import { FtpMemoryRoot } from "./ftp-memory-root.ts";
import { FtpServer } from "./ftp-server.ts";
import { HttpOrigin } from "./http-origin.ts";

export interface SandboxParts {
  readonly network: Network;
  readonly clock: Clock;
  readonly log: Log;
}

/** The embedded internet: servers on loopback, and the rules that lead every name to them. */
export interface Sandbox {
  readonly http: HttpOrigin;
  readonly ftp: FtpServer;
  /** Where the servers listen, by protocol. */
  readonly servers: Readonly<Record<string, Endpoint>>;
  /** For the modem's network. */
  readonly rules: readonly ResolveRule[];
  close(): Promise<void>;
}

/** Starts the servers on free ports. The signal only bounds the start. */
export async function startSandbox(parts: SandboxParts, signal: AbortSignal): Promise<Sandbox> {
  const local = { host: "127.0.0.1", port: 0 };
  const http = await HttpOrigin.listen({ ...parts, site: filesBelow(fixtures("www")) }, local, signal);
  const root = new FtpMemoryRoot(parts.clock);
  const ftp = await FtpServer.listen({ ...parts, root, guests: "anyone" }, local, signal);
  return {
    http,
    ftp,
    servers: { http: http.local, ftp: ftp.local },
    rules: [
      { name: "*", port: undefined, target: http.local },
      { name: "*", port: 21, target: ftp.local },
    ],
    close: async () => {
      await Promise.all([http.close(), ftp.close()]);
    },
  };
}
