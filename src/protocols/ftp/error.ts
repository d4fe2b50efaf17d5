import { ServiceError } from "../../platform/network/service-error.ts";

/**
 * How an FTP operation fails: a closed set, so that the service has one table to the manual's codes (5.11).
 *
 * - `ARGUMENT` a byte that cannot be sent in a command (CR, LF, NUL) or is none · `UNRESOLVED` no address for the name
 * - `NETWORK` a connection refused, unreachable or reset · `CONNECT_TIMEOUT` a connection not answered in time
 * - `TIMEOUT` the server fell silent later · `LOGIN` it refused the user or the password
 * - `REFUSED` it refused the file or directory for good (5xx) · `TRANSFER` a transient refusal (4xx), or the data
 *   connection, or the control connection during a transfer, was lost
 * - `MEMORY` a reply of more lines or bytes than a module can hold
 * - `PROTOCOL` anything else: a malformed or unexpected reply, an early end of the dialogue
 */
export type FtpErrorCode =
  | "ARGUMENT"
  | "UNRESOLVED"
  | "NETWORK"
  | "CONNECT_TIMEOUT"
  | "TIMEOUT"
  | "LOGIN"
  | "REFUSED"
  | "TRANSFER"
  | "MEMORY"
  | "PROTOCOL";

/** The one error of the FTP client, apart from the caller's own abort reason. Callers look at `code`. */
export class FtpError extends Error {
  override readonly name = "FtpError";
  readonly code: FtpErrorCode;
  /** The reply code that said it, where a reply did. */
  readonly reply: number | undefined;

  constructor(code: FtpErrorCode, message: string, options: { reply?: number; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.reply = options.reply;
  }
}

/** Where a failure of the network struck: before a connection stood, in the dialogue, or while data were on their way. */
export type FtpPhase = "connect" | "dialogue" | "transfer";

/** Says what a failure means in its phase. What is not a failure of the network, an abort reason above all, stays itself. */
export function inPhase(phase: FtpPhase, failure: unknown): unknown {
  if (!(failure instanceof ServiceError)) return failure;
  return new FtpError(codeInPhase(phase, failure), failure.message, { cause: failure });
}

function codeInPhase(phase: FtpPhase, failure: ServiceError): FtpErrorCode {
  switch (failure.code) {
    case "UNRESOLVED":
      return "UNRESOLVED";
    case "TIMEOUT":
      return phase === "connect" ? "CONNECT_TIMEOUT" : "TIMEOUT";
    case "REPLY":
      return "PROTOCOL";
    case "REFUSED":
    case "UNREACHABLE":
    case "RESET":
      return phase === "transfer" ? "TRANSFER" : "NETWORK";
    case "CLOSED":
    case "UNKNOWN":
      if (phase === "connect") return "NETWORK";
      return phase === "transfer" ? "TRANSFER" : "PROTOCOL";
  }
}
