import type { Clock } from "../platform/clock.ts";
import { filesBelow, fixtures } from "../platform/files.ts";
import type { Log } from "../platform/log.ts";
import type { Endpoint, Network } from "../platform/network.ts";
import type { ResolveRule } from "../platform/resolving-network.ts";
import { HttpOrigin } from "./http-origin.ts";

export interface SandboxParts {
  readonly network: Network;
  readonly clock: Clock;
  readonly log: Log;
}

/** The embedded internet: servers on loopback, and the rules that lead every name to them. */
export interface Sandbox {
  readonly http: HttpOrigin;
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
  return {
    http,
    servers: { http: http.local },
    rules: [{ name: "*", port: undefined, target: http.local }],
    close: () => http.close(),
  };
}
