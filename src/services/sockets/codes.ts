import { ServiceError, type ServiceErrorCode } from "../../platform/network/service-error.ts";

/** The numbers of one failure: `<err>` of the later command set, and that of `+IP ERROR` (module.md 1.8). */
interface SocketCode {
  readonly err: number;
  readonly ip: number;
}

/** Every way in which a socket command can fail. */
export const SOCKET_FAILURES = {
  network: { err: 1, ip: 19 },
  closed: { err: 2, ip: 8 },
  parameter: { err: 3, ip: 12 },
  unsupported: { err: 4, ip: 13 },
  notCreated: { err: 4, ip: 11 },
  create: { err: 5, ip: 3 },
  bind: { err: 6, ip: 1 },
  listening: { err: 7, ip: 20 },
  busy: { err: 8, ip: 15 },
  opened: { err: 9, ip: 16 },
  timeout: { err: 10, ip: 0 },
  unresolved: { err: 11, ip: 14 },
  unknown: { err: 255, ip: 22 },
  alreadyOpen: { err: 4, ip: 4 },
  alreadyClosed: { err: 2, ip: 5 },
  noClients: { err: 4, ip: 6 },
  noActiveClient: { err: 4, ip: 7 },
  clientIndex: { err: 3, ip: 9 },
  alreadyCreated: { err: 4, ip: 10 },
  noData: { err: 4, ip: 21 },
} as const satisfies Record<string, SocketCode>;

export type SocketFailure = keyof typeof SOCKET_FAILURES;

/** The texts of `+IP ERROR` by number. */
const IP_ERRORS: readonly string[] = [
  "Connection time out",
  "Bind port failed",
  "Port overflow",
  "Create socket failed",
  "Network is already opened",
  "Network is already closed",
  "No clients connected",
  "No active client",
  "Network not opened",
  "Client index overflow",
  "Connection is already created",
  "Connection is not created",
  "Invalid parameter",
  "Operation not supported",
  "DNS query failed",
  "TCP busy",
  "Netclose failed for socket opened",
  "Sending time out",
  "Sending failure for network error",
  "Open failure for network error",
  "Server is already listening",
  "No data",
  "Operation failed",
];

export function ipErrorText(failure: SocketFailure): string {
  return IP_ERRORS[SOCKET_FAILURES[failure].ip] ?? "Operation failed";
}

const OF_CODE: Readonly<Record<ServiceErrorCode, SocketFailure>> = {
  UNRESOLVED: "unresolved",
  REFUSED: "network",
  UNREACHABLE: "network",
  TIMEOUT: "timeout",
  RESET: "network",
  CLOSED: "network",
  REPLY: "network",
  UNKNOWN: "network",
};

/** What a failure to reach a peer means for the command. */
export function failureOf(error: unknown): SocketFailure {
  return error instanceof ServiceError ? OF_CODE[error.code] : "unknown";
}

/** Why a connection has ended, as `+IPCLOSE` says it (module.md 1.6). */
export const CLOSE_CAUSES = { ours: 0, peer: 1, sendTimeout: 2, reset: 3 } as const;

export type CloseCause = keyof typeof CLOSE_CAUSES;
