import type { Dialect } from "../../module/dialect.ts";
import type { ServiceErrorCode } from "../../platform/network/service-error.ts";
import { FtpFailure, type FtpPhase, ReplyTooLarge } from "../../protocols/ftp/phase.ts";
import { ReplyError } from "../../protocols/reply-error.ts";

/** The `<err>` of the FTP commands, and the number of their `+CME ERROR`. @spec manual 5.11 */
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

/** A failure on our side of a transfer, with its code. */
export class LocalFailure extends Error {
  override readonly name = "LocalFailure";
  readonly code: FtpCode;

  constructor(code: FtpCode, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.code = code;
  }
}

const { unknown, unresolved, timeout, transfer, network } = FTP_CODES;

/** What a failure of the network means in each phase. A connection that is not answered has a code of the dialect's. */
const codeOf: Readonly<Record<ServiceErrorCode, Readonly<Record<FtpPhase, FtpCode | "connect timeout">>>> = {
  UNRESOLVED: { connect: unresolved, dialogue: unresolved, transfer: unresolved, data: unresolved },
  REFUSED: { connect: network, dialogue: network, transfer: network, data: transfer },
  UNREACHABLE: { connect: network, dialogue: network, transfer: network, data: transfer },
  RESET: { connect: network, dialogue: network, transfer: network, data: transfer },
  TIMEOUT: { connect: "connect timeout", dialogue: timeout, transfer: timeout, data: timeout },
  CLOSED: { connect: network, dialogue: unknown, transfer: transfer, data: transfer },
  REPLY: { connect: unknown, dialogue: unknown, transfer: unknown, data: unknown },
  UNKNOWN: { connect: network, dialogue: unknown, transfer: transfer, data: transfer },
};

/** The commands that log in, and the replies to any of them that ask for another account. */
const LOGIN_VERBS: readonly string[] = ["USER", "PASS"];
const NOT_LOGGED_IN: readonly number[] = [530, 332];

/** The code for whatever an operation threw. @spec decisions 5 */
export function ftpCode(error: unknown, dialect: Pick<Dialect, "ftpConnectTimeout">): FtpCode {
  if (error instanceof LocalFailure) return error.code;
  if (error instanceof ReplyTooLarge) return FTP_CODES.memory;
  if (error instanceof ReplyError) return codeOfReply(error);
  if (!(error instanceof FtpFailure)) return FTP_CODES.unknown;
  const code = codeOf[error.code][error.phase];
  return code === "connect timeout" ? dialect.ftpConnectTimeout : code;
}

function codeOfReply({ verb, reply, digit }: ReplyError): FtpCode {
  const logsIn = LOGIN_VERBS.includes(verb);
  if ((logsIn || verb === "GREETING") && NOT_LOGGED_IN.includes(reply ?? 0)) return FTP_CODES.login;
  if (digit === 4) return FTP_CODES.transfer;
  if (digit !== 5 || verb === "GREETING") return FTP_CODES.unknown;
  return logsIn ? FTP_CODES.login : FTP_CODES.rejected;
}
