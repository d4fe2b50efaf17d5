import { FTP_CONNECT_TIMEOUT, FTP_PARTING_TIMEOUT, FTP_REPLY_TIMEOUT } from "../../platform/limits.ts";
import type { Connection } from "../../platform/network/network.ts";
import { ServiceError } from "../../platform/network/service-error.ts";
import type { ServerTimer } from "../../platform/time/server-timer.ts";
import { yieldToIo } from "../../platform/yield-to-io.ts";
import { type ControlConnection, refusal } from "./control-connection.ts";
import type { DataPort } from "./data-port.ts";
import { FtpError, inPhase } from "./error.ts";
import type { Reply } from "./reply-reader.ts";

/**
 * What retrieving and storing have in common: a data connection, and the final reply that is awaited beside it. It is
 * complete when the data have ended and the final reply is positive, in whichever order. A negative reply, or the loss of
 * the control connection, closes the data connection, so that nobody waits there for the end of its time.
 */
export class Transfer {
  readonly data: Connection;
  readonly #patience: ServerTimer;
  readonly #final: Promise<Reply>;
  readonly #release: () => void;

  private constructor(data: Connection, final: Promise<Reply>, patience: ServerTimer) {
    this.data = data;
    this.#patience = patience;
    this.#final = final;
    // What the server has sent before its refusal is there already, and is read first.
    final.catch((error) => yieldToIo().then(() => data.close(error)));
    // Aborting leaves no connection open, even when nobody waits on it. A reset, not an end: RFC 959 §3.4.1 takes the end
    // of the data connection for the end of the file, and the server would keep the part of one as if it were whole.
    const drop = () => data.close(new ServiceError("RESET", "the transfer was dropped"));
    if (patience.signal.aborted) drop();
    patience.signal.addEventListener("abort", drop);
    this.#release = () => patience.signal.removeEventListener("abort", drop);
  }

  /** Sends the command and waits until the server has accepted it and the data connection stands. */
  static async begin(
    control: ControlConnection,
    port: DataPort,
    patience: ServerTimer,
    verb: string,
    path?: string,
  ): Promise<Transfer> {
    try {
      const reply = await control.command(verb, path);
      // RFC 959 §6: after RETR, STOR and LIST a preliminary reply comes first; to go on without it is an error.
      if (reply.code >= 200) throw refusal(reply, reply.code >= 500 ? "REFUSED" : "PROTOCOL");
      const final = completion(control, patience);
      return new Transfer(await dataConnection(port, final, patience), final, patience);
    } catch (error) {
      port.close();
      throw error;
    }
  }

  /** Calls back when the server has reported success. */
  onSuccess(callback: () => void): void {
    this.#final.then(callback, () => undefined);
  }

  /** Waits on the data connection. When it fails, the server's own words about it, if any come, are the better reason. */
  async during<T>(period: number, wait: (signal: AbortSignal) => Promise<T>): Promise<T> {
    try {
      return await this.#patience.grant(period, wait);
    } catch (error) {
      if (this.#patience.signal.aborted) throw inPhase("transfer", this.#patience.signal.reason);
      if (error instanceof ServiceError && error.code !== "TIMEOUT") await this.#serversReason();
      throw inPhase("transfer", error);
    }
  }

  /** Throws what the server, or our caller's abort, has to say about a broken data connection; silence says nothing. */
  async #serversReason(): Promise<void> {
    try {
      await this.#patience.grant(FTP_PARTING_TIMEOUT, () => this.#final);
    } catch (error) {
      if (!(error instanceof FtpError) || error.reply !== undefined) throw error;
    }
  }

  /** Waits for the final reply, and throws unless it is positive. The data connection is closed then. */
  async complete(): Promise<void> {
    try {
      await this.#patience.grant(FTP_REPLY_TIMEOUT, () => this.#final);
    } finally {
      this.close();
    }
  }

  close(): void {
    this.#release();
    this.data.close();
  }
}

async function completion(control: ControlConnection, patience: ServerTimer): Promise<Reply> {
  let reply: Reply;
  try {
    reply = await control.completion(patience.signal);
  } catch (error) {
    throw inPhase("transfer", error);
  }
  if (reply.code >= 300) throw refusal(reply, reply.code >= 500 ? "REFUSED" : "PROTOCOL");
  return reply;
}

/** Waits for the data connection, but no longer than until the server reports a failure. */
async function dataConnection(port: DataPort, final: Promise<Reply>, patience: ServerTimer): Promise<Connection> {
  return patience.grant(
    FTP_CONNECT_TIMEOUT,
    (signal) =>
      new Promise((resolve, reject) => {
        let failed = false;
        final.catch((error) => {
          failed = true;
          // When the time is up both waits end; it is the connection that was waited for.
          reject(signal.aborted ? inPhase("connect", signal.reason) : error);
        });
        port.connected(signal).then(
          (connection) => (failed ? connection.close() : resolve(connection)),
          (error) => reject(inPhase("connect", error)),
        );
      }),
  );
}

/** A transfer that its caller gave up. */
export function givenUp(): FtpError {
  return new FtpError("TRANSFER", "the transfer was given up");
}
