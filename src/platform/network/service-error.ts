/**
 * What the network can do to an operation. A closed set: each service maps it, in one table, to the codes of its manual
 * chapter.
 *
 * - `UNRESOLVED` no address for the name · `REFUSED` nobody listens · `UNREACHABLE` no way to the host
 * - `TIMEOUT` a {@link Deadline} ran out · `RESET` the peer broke the connection · `CLOSED` it ended too early
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
