import type { Connection, SecureOptions } from "../../platform/network/network.ts";
import { ServiceError } from "../../platform/network/service-error.ts";
import { type ControlConnection, digitOf, type FtpVerb, refusal } from "./control-connection.ts";
import type { DataPort } from "./data-port.ts";
import { FinalReply } from "./final-reply.ts";
import { FTP_LIMITS } from "./limits.ts";
import { FtpFailure, inPhase } from "./phase.ts";
import type { FtpTimer } from "./timer.ts";

interface TransferParts {
  readonly control: ControlConnection;
  readonly port: DataPort;
  readonly timer: FtpTimer;
  /** Makes the data connection secure, if that was agreed (RFC 4217 §9). */
  readonly tls: SecureOptions | undefined;
}

/**
 * What uploads and downloads have in common: a data connection, and the final reply that is awaited beside it. A transfer
 * is complete when the data have ended and the final reply is positive, in either order.
 */
export class Transfer {
  readonly data: Connection;
  readonly timer: FtpTimer;
  readonly final: FinalReply;
  readonly #release: () => void;

  private constructor(data: Connection, final: FinalReply, timer: FtpTimer) {
    this.data = data;
    this.timer = timer;
    this.final = final;
    // An abort leaves no connection open, even when nobody waits on it. A reset, not an end: RFC 959 §3.4.1 takes the end
    // of the data connection for the end of the file, and the server would keep the part of one as if it were whole.
    const drop = () => data.close(new ServiceError("RESET", "the transfer was dropped"));
    if (timer.signal.aborted) drop();
    timer.signal.addEventListener("abort", drop);
    this.#release = () => timer.signal.removeEventListener("abort", drop);
  }

  /** Sends the command, and waits until the server has accepted it and the data connection is established. */
  static async begin(parts: TransferParts, verb: FtpVerb, path?: string): Promise<Transfer> {
    const { control, port, timer, tls } = parts;
    try {
      const reply = await control.command(verb, path);
      if (digitOf(reply) > 2) throw refusal(verb, reply);
      const final = new FinalReply(control, verb, reply, timer.signal);
      const data = await dataConnection(port, final, timer);
      if (tls !== undefined) await secureData(data, tls, timer);
      return new Transfer(data, final, timer);
    } catch (error) {
      port.close();
      throw error;
    }
  }

  /** Explains a failure on the data connection: what the server says about it, if anything, is the better reason. */
  async explain(failure: unknown): Promise<unknown> {
    if (this.timer.signal.aborted) return inPhase("data", this.timer.signal.reason);
    if (failure instanceof ServiceError && failure.code !== "TIMEOUT") {
      const reason = await this.#serversReason();
      if (reason instanceof Error) return reason;
    }
    return inPhase("data", failure);
  }

  /** Waits until the server has read an upload of `written` bytes, which the kernels may still hold. */
  async drain(written: number): Promise<void> {
    const { timer, final } = this;
    const serverEnd = this.#serverEnd();
    let failure: unknown;
    if (final.announced) {
      const inFlight = Math.min(written, FTP_LIMITS.inFlight);
      const period = Math.max(timer.periods.data, (inFlight / FTP_LIMITS.slowestDrain) * 1000);
      const replied = final.reply.then(ignore, ignore);
      failure = await timer.grant(period, () => Promise.race([serverEnd, replied]));
    } else {
      // The transfer is over when the data are; a server that keeps its side open has said all it wants to say.
      const end = (signal: AbortSignal) => Promise.race([serverEnd, aborted(signal)]);
      failure = await timer.attempt(timer.periods.parting, end);
    }
    if (timer.signal.aborted) throw inPhase("data", timer.signal.reason);
    final.dataEnded();
    // Servers that break the connection when they have read all confirm that they have.
    if (failure === undefined) return;
    const reason = await this.#serversReason();
    if (reason !== "success") throw reason ?? inPhase("data", failure);
  }

  /** Waits for the final reply, and throws unless it is positive. The data connection is closed then. */
  async complete(): Promise<void> {
    try {
      await this.timer.grant(this.timer.periods.reply, () => this.final.reply);
    } finally {
      this.close();
    }
  }

  close(): void {
    this.#release();
    this.data.close();
  }

  /** What the server, or the caller's abort, says about a broken data connection within a short time; `undefined` for silence. */
  async #serversReason(): Promise<Error | "success" | undefined> {
    try {
      await this.timer.grant(this.timer.periods.parting, () => this.final.reply);
      return "success";
    } catch (error) {
      const isLoss = error instanceof FtpFailure && error.code !== "RESET";
      return isLoss || !(error instanceof Error) ? undefined : error;
    }
  }

  /** Resolves when the server has ended the data connection, with the failure where it has broken it. */
  async #serverEnd(): Promise<unknown> {
    try {
      while ((await this.data.read(this.timer.signal)) !== undefined);
      return undefined;
    } catch (error) {
      return error;
    }
  }
}

function ignore(): void {}

/** Resolves when the signal aborts. */
function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}

async function secureData(data: Connection, tls: SecureOptions, timer: FtpTimer): Promise<void> {
  try {
    await timer.grant(timer.periods.connect, (signal) => data.secure(tls, signal));
  } catch (error) {
    throw inPhase("data", error);
  }
}

/** Waits for the data connection, but no longer than until the server reports a failure. */
async function dataConnection(port: DataPort, final: FinalReply, timer: FtpTimer): Promise<Connection> {
  return timer.grant(
    timer.periods.connect,
    (signal) =>
      new Promise((resolve, reject) => {
        let failed = false;
        final.reply.catch((error) => {
          failed = true;
          // A time-out ends both waits, and is that of the connection.
          reject(signal.aborted ? inPhase("connect", signal.reason) : error);
        });
        port.connected(signal).then(
          (connection) => (failed ? connection.close() : resolve(connection)),
          (error) => reject(inPhase("connect", error)),
        );
      }),
  );
}

/** The reason for who waits on a session that its owner has closed. */
export function givenUp(): FtpFailure {
  return new FtpFailure("data", new ServiceError("CLOSED", "the transfer was given up"));
}
