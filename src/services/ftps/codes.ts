import { ServiceError, type ServiceErrorCode } from "../../platform/network/service-error.ts";
import { FtpFailure, ReplyTooLarge } from "../../protocols/ftp/phase.ts";
import { ReplyError } from "../../protocols/reply-error.ts";
import { LocalFailure } from "../ftp/code.ts";

/** The outcomes of the FTPS commands (module.md 2.2). */
export const FTPS_CODES = {
  ok: 0,
  alert: 1,
  unknown: 2,
  busy: 3,
  closed: 4,
  timeout: 5,
  transfer: 6,
  memory: 7,
  parameter: 8,
  rejected: 9,
  network: 10,
} as const;

export type FtpsCode = (typeof FTPS_CODES)[keyof typeof FTPS_CODES];

const OF_ERROR: Readonly<Record<ServiceErrorCode, FtpsCode>> = {
  UNRESOLVED: FTPS_CODES.network,
  REFUSED: FTPS_CODES.network,
  UNREACHABLE: FTPS_CODES.network,
  RESET: FTPS_CODES.closed,
  CLOSED: FTPS_CODES.closed,
  TIMEOUT: FTPS_CODES.timeout,
  REPLY: FTPS_CODES.alert,
  UNKNOWN: FTPS_CODES.unknown,
};

/** The code for whatever an operation threw. */
export function ftpsCode(error: unknown): FtpsCode {
  if (error instanceof LocalFailure) return FTPS_CODES.transfer;
  if (error instanceof ReplyTooLarge) return FTPS_CODES.memory;
  if (error instanceof ReplyError) return FTPS_CODES.rejected;
  // `REPLY` is a reply that cannot be read in the dialogue and in transfers, and a failed TLS handshake in the other phases.
  const isDialogue = error instanceof FtpFailure && (error.phase === "dialogue" || error.phase === "transfer");
  if (isDialogue && error.code === "REPLY") return FTPS_CODES.unknown;
  return error instanceof ServiceError ? OF_ERROR[error.code] : FTPS_CODES.unknown;
}
