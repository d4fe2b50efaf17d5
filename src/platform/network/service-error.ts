/**
 * How the network can make an operation fail. A closed set: each service maps it, in one table, to the codes of its
 * chapter of the manual.
 *
 * - `UNRESOLVED` no address for the name · `REFUSED` nothing listens · `UNREACHABLE` no route to the host
 * - `TIMEOUT` a {@link Deadline} has passed · `RESET` the peer broke the connection · `CLOSED` it ended too early
 * - `REPLY` the peer said something malformed, too long, or a refusal (then `reply` holds its code)
 * - `UNKNOWN` the operating system failed in a way that is none of these
 */
export type ServiceErrorCode =
  | "UNRESOLVED"
  | "REFUSED"
  | "UNREACHABLE"
  | "TIMEOUT"
  | "RESET"
  | "CLOSED"
  | "REPLY"
  | "UNKNOWN";

/** The one error of connections and protocol clients. Callers look at `code`, never at the message. */
export class ServiceError extends Error {
  override readonly name = "ServiceError";
  readonly code: ServiceErrorCode;
  /** The numeric reply of the server that refused (`550`), where the protocol has one. */
  readonly reply: number | undefined;

  constructor(code: ServiceErrorCode, message: string, options: { reply?: number; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.reply = options.reply;
  }
}

const CODE_OF_ERRNO: Readonly<Record<string, ServiceErrorCode>> = {
  ENOTFOUND: "UNRESOLVED",
  EAI_AGAIN: "UNRESOLVED",
  EAI_FAIL: "UNRESOLVED",
  EAI_NONAME: "UNRESOLVED",
  EAI_NODATA: "UNRESOLVED",
  ECONNREFUSED: "REFUSED",
  ENETUNREACH: "UNREACHABLE",
  EHOSTUNREACH: "UNREACHABLE",
  ENETDOWN: "UNREACHABLE",
  EHOSTDOWN: "UNREACHABLE",
  ETIMEDOUT: "TIMEOUT",
  ECONNRESET: "RESET",
  EPIPE: "RESET",
  ECONNABORTED: "RESET",
};

/** Turns an error of the operating system into the one error that services know. */
export function toServiceError(error: unknown): ServiceError {
  if (error instanceof ServiceError) return error;
  const errno = (error as NodeJS.ErrnoException | undefined)?.code ?? "";
  const message = error instanceof Error ? error.message : String(error);
  return new ServiceError(CODE_OF_ERRNO[errno] ?? "UNKNOWN", message, { cause: error });
}
