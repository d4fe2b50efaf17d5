import type { Dialect } from "../../module/dialect.ts";
import { ServiceError, type ServiceErrorCode } from "../../platform/network/service-error.ts";
import { Pop3Refusal } from "../../protocols/pop3/reply.ts";

/** Why a POP3 operation failed: the `<code>` of `+POP3: <code>`. */
export type Pop3Code = "NETWORK ERROR" | "SERVER ERROR" | "INVALID UN" | Dialect["pop3WrongPassword"];

const codeOf: Readonly<Record<ServiceErrorCode, Pop3Code>> = {
  UNRESOLVED: "NETWORK ERROR",
  REFUSED: "NETWORK ERROR",
  UNREACHABLE: "NETWORK ERROR",
  RESET: "NETWORK ERROR",
  UNKNOWN: "NETWORK ERROR",
  TIMEOUT: "SERVER ERROR",
  CLOSED: "SERVER ERROR",
  REPLY: "SERVER ERROR",
};

/** The code for an error of the client. Any other error is a bug, and thrown again. @spec manual 4.2, decisions 4 */
export function pop3Code(error: unknown, dialect: Dialect): Pop3Code {
  if (!(error instanceof ServiceError)) throw error;
  const refused = error instanceof Pop3Refusal ? error.verb : undefined;
  if (refused === "USER") return "INVALID UN";
  return refused === "PASS" ? dialect.pop3WrongPassword : codeOf[error.code];
}
