import { EfsError } from "../../efs/efs-error.ts";
import { ServiceError, type ServiceErrorCode } from "../../platform/network/service-error.ts";
import { SmtpRefusal } from "../../protocols/smtp/reply.ts";
import { Oversize } from "./attachment-selection.ts";

/** Why a mail was not sent: the `<code>` of `+SMTP`. @spec manual 3.8, 3.7 */
export type SmtpCode = "PARAM ERROR" | "OVERSIZE" | "NETWORK ERROR" | "SERVER ERROR" | "AUTH REQUIRED" | "AUTH ERROR";

const codeOf: Readonly<Record<ServiceErrorCode, SmtpCode>> = {
  UNRESOLVED: "NETWORK ERROR",
  REFUSED: "NETWORK ERROR",
  UNREACHABLE: "NETWORK ERROR",
  RESET: "NETWORK ERROR",
  UNKNOWN: "NETWORK ERROR",
  TIMEOUT: "SERVER ERROR",
  CLOSED: "SERVER ERROR",
  REPLY: "SERVER ERROR",
};

/** RFC 4954 §6: what a server answers to credentials that it does not accept. */
const BAD_CREDENTIALS: ReadonlySet<number> = new Set([535, 534, 454]);
const AUTHENTICATION_REQUIRED = 530;

/** The code for an error of the client. `authenticates` tells whether the authentication flag was 1. */
export function smtpCode(error: unknown, authenticates: boolean): SmtpCode {
  // A selected attachment that no longer exists counts as a wrong parameter.
  if (error instanceof EfsError) return "PARAM ERROR";
  if (error instanceof Oversize) return "OVERSIZE";
  if (error instanceof SmtpRefusal) {
    if (error.reply === AUTHENTICATION_REQUIRED && !authenticates) return "AUTH REQUIRED";
    if (error.verb === "AUTH" && BAD_CREDENTIALS.has(error.reply)) return "AUTH ERROR";
  }
  return error instanceof ServiceError ? codeOf[error.code] : codeOf.UNKNOWN;
}
