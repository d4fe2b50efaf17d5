import type { Efs } from "../../efs/efs.ts";
import type { Dialect } from "../../module/dialect.ts";
import type { Timing } from "../../module/timing.ts";
import type { Log } from "../../platform/log.ts";
import type { Network } from "../../platform/network/network.ts";
import type { Clock } from "../../platform/time/clock.ts";
import type { WorkSet } from "../../platform/work-set.ts";
import { type FtpSession, type FtpSettings, openSession } from "../../protocols/ftp/session.ts";
import { ReplyError } from "../../protocols/reply-error.ts";
import type { UnsolicitedOutput } from "../unsolicited-output.ts";
import { FTP_CODES, type FtpCode, type FtpOutcome, ftpCode } from "./code.ts";

export interface FtpServiceParts {
  readonly network: Network;
  readonly clock: Clock;
  readonly outlet: UnsolicitedOutput;
  readonly efs: Efs;
  readonly dialect: Dialect;
  readonly timing: Timing;
  readonly log: Log;
  readonly work: WorkSet;
}

/**
 * One operation of the FTP client: a session of its own, from connecting to the code that the operation ends with. It ends
 * by exactly one of {@link succeed}, {@link fail} and {@link drop}.
 */
export class FtpOperation {
  readonly #parts: FtpServiceParts;
  readonly #settings: FtpSettings;
  readonly #signal: AbortSignal;
  readonly #released: () => void;
  #session: FtpSession | undefined;

  /** `released` is called when the operation is over. */
  constructor(parts: FtpServiceParts, settings: FtpSettings, signal: AbortSignal, released: () => void) {
    this.#parts = parts;
    this.#settings = settings;
    this.#signal = signal;
    this.#released = released;
  }

  /** Connects and logs in. */
  async connect(): Promise<FtpSession> {
    const { network, clock, timing } = this.#parts;
    const ports = { network, clock, timeoutScale: timing.timeoutScale };
    this.#session = await openSession(ports, this.#settings, this.#signal);
    return this.#session;
  }

  /** Runs all the work of an operation and gives its outcome. */
  async run(work: () => Promise<void>): Promise<FtpOutcome> {
    try {
      await work();
    } catch (error) {
      return this.fail(error);
    }
    return this.succeed();
  }

  /** Says goodbye to the server. */
  async succeed(): Promise<FtpOutcome> {
    const answered = (await this.#session?.quit()) ?? true;
    this.#released();
    return answered ? 0 : FTP_CODES.logout;
  }

  /** Gives the code of a failure. Rejects with the module's abort reason instead, where it has aborted. */
  async fail(error: unknown): Promise<FtpCode> {
    // Only a server that has replied is in step with us and can be sent a QUIT.
    if (error instanceof ReplyError) await this.#session?.quit();
    this.drop();
    this.#signal.throwIfAborted();
    const { log, dialect } = this.#parts;
    const code = ftpCode(error, dialect);
    log.debug({ event: "ftp-failed", code, error: String(error) });
    return code;
  }

  /** Drops the session. */
  drop(): void {
    this.#session?.close();
    this.#released();
  }
}
