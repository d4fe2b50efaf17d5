import { ServiceError } from "../../platform/network/service-error.ts";
import { ReplyError } from "../reply-error.ts";

/**
 * Where an FTP operation failed:
 * - `connect`: before a connection was established, control or data
 * - `dialogue`: on the control connection, outside a transfer
 * - `transfer`: on the control connection, while a transfer runs
 * - `data`: on the data connection
 */
export type FtpPhase = "connect" | "dialogue" | "transfer" | "data";

/** A failure of the network, or of the protocol, with the phase that it happened in. */
export class FtpFailure extends ServiceError {
  readonly phase: FtpPhase;

  constructor(phase: FtpPhase, failure: ServiceError) {
    super(failure.code, failure.message, { cause: failure });
    this.phase = phase;
  }
}

/** A reply of more lines or bytes than a module can hold. */
export class ReplyTooLarge extends ServiceError {
  constructor() {
    super("REPLY", "a reply of too many lines or bytes");
  }
}

/**
 * Adds the phase to a failure of the network. Everything else is returned unchanged: the caller's abort reason, and
 * errors that mean the same in every phase.
 */
export function inPhase(phase: FtpPhase, failure: unknown): unknown {
  if (!(failure instanceof ServiceError)) return failure;
  const complete = failure instanceof FtpFailure || failure instanceof ReplyError || failure instanceof ReplyTooLarge;
  return complete ? failure : new FtpFailure(phase, failure);
}
