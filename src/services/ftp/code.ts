import type { Dialect } from "../../module/dialect.ts";
import { FtpError, type FtpErrorCode } from "../../protocols/ftp/error.ts";

/** Why an FTP operation failed: the `<err>` of its commands and the number of its `+CME ERROR`. @spec manual 5.11 */
export const FTP_CODES = {
  unknown: 201,
  busy: 202,
  unresolved: 203,
  timeout: 204,
  read: 205,
  write: 206,
  state: 207,
  login: 208,
  logout: 209,
  transfer: 210,
  rejected: 211,
  memory: 212,
  parameter: 213,
  network: 214,
  connectTimeout: 219,
} as const;

export type FtpCode = (typeof FTP_CODES)[keyof typeof FTP_CODES];

/** How an FTP operation ended. */
export type FtpOutcome = 0 | FtpCode;

/** A failure on our own side of a transfer, which has its code already. */
export class LocalFailure extends Error {
  override readonly name = "LocalFailure";
  readonly code: FtpCode;

  constructor(code: FtpCode, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.code = code;
  }
}

const codeOf: Readonly<Record<Exclude<FtpErrorCode, "CONNECT_TIMEOUT">, FtpCode>> = {
  ARGUMENT: FTP_CODES.parameter,
  UNRESOLVED: FTP_CODES.unresolved,
  NETWORK: FTP_CODES.network,
  TIMEOUT: FTP_CODES.timeout,
  LOGIN: FTP_CODES.login,
  REFUSED: FTP_CODES.rejected,
  TRANSFER: FTP_CODES.transfer,
  MEMORY: FTP_CODES.memory,
  PROTOCOL: FTP_CODES.unknown,
};

/** The code for whatever an operation threw. */
export function ftpCode(error: unknown, dialect: Pick<Dialect, "ftpConnectTimeout">): FtpCode {
  if (error instanceof LocalFailure) return error.code;
  if (!(error instanceof FtpError)) return FTP_CODES.unknown;
  return error.code === "CONNECT_TIMEOUT" ? dialect.ftpConnectTimeout : codeOf[error.code];
}
