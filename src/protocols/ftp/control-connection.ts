import { FTP_CONNECT_TIMEOUT, FTP_PARTING_TIMEOUT, FTP_REPLY_TIMEOUT } from "../../platform/limits.ts";
import type { Connection, Endpoint, Network } from "../../platform/network/network.ts";
import type { ServerTimer } from "../../platform/time/server-timer.ts";
import { FtpError, type FtpErrorCode, inPhase } from "./error.ts";
import { type Reply, readReply } from "./reply-reader.ts";

/**
 * Whether a string can stand in an FTP command: a byte string, one character for each byte (the bytes of a path are
 * passed as given), without the CR, LF and NUL that would end the command or the argument (RFC 959 §5.3.2).
 */
export function isFtpArgument(text: string): boolean {
  return !/[\0\r\n]|[^\0-\xff]/.test(text);
}

/** Says in one error that the server did not do what it was asked. A transient refusal is the same wherever it comes. */
export function refusal(reply: Reply, code: FtpErrorCode): FtpError {
  const meaning = Math.floor(reply.code / 100) === 4 ? "TRANSFER" : code;
  return new FtpError(meaning, `the server replied ${reply.code} ${reply.lines[0] ?? ""}`, { reply: reply.code });
}

/** The dialogue of commands and replies. @rfc 959 §5.4 */
export class ControlConnection {
  readonly #connection: Connection;
  readonly #patience: ServerTimer;

  constructor(connection: Connection, patience: ServerTimer) {
    this.#connection = connection;
    this.#patience = patience;
  }

  /** Connects; the greeting is still to be read. */
  static async connect(network: Network, server: Endpoint, patience: ServerTimer): Promise<ControlConnection> {
    try {
      const connection = await patience.grant(FTP_CONNECT_TIMEOUT, (signal) => network.connect(server, signal));
      return new ControlConnection(connection, patience);
    } catch (error) {
      throw inPhase("connect", error);
    }
  }

  get local(): Endpoint {
    return this.#connection.local;
  }

  get remote(): Endpoint {
    return this.#connection.remote;
  }

  /** Gives the server's greeting, however often it asks for patience. */
  greeting(): Promise<Reply> {
    // RFC 959 §5.4: 120 announces a delay, the 220 comes later.
    return this.#timed(FTP_REPLY_TIMEOUT, (signal) => this.completion(signal));
  }

  /** Sends a command and gives the next reply, be it preliminary or final. */
  command(verb: string, argument?: string): Promise<Reply> {
    return this.#timed(FTP_REPLY_TIMEOUT, (signal) => this.#exchange(signal, verb, argument));
  }

  /** Sends a command and insists on a reply that begins with this digit; any other is the given error. */
  async expect(digit: 2 | 3, code: FtpErrorCode, verb: string, argument?: string): Promise<Reply> {
    const reply = await this.command(verb, argument);
    if (Math.floor(reply.code / 100) !== digit) throw refusal(reply, code);
    return reply;
  }

  /** Gives the next reply that is not preliminary; the caller sees to the time. */
  async completion(signal: AbortSignal): Promise<Reply> {
    for (;;) {
      const reply = await readReply(this.#connection, signal);
      if (reply.code >= 200) return reply;
    }
  }

  /** Takes leave and closes. Gives whether the server took leave too; that it refuses or is gone is as good as an answer. */
  async quit(): Promise<boolean> {
    try {
      await this.#timed(FTP_PARTING_TIMEOUT, (signal) => this.#exchange(signal, "QUIT", undefined));
      return true;
    } catch (error) {
      return !(error instanceof FtpError && error.code === "TIMEOUT");
    } finally {
      this.#connection.close();
    }
  }

  /** Drops it. Whoever waits for a reply gets the reason. */
  close(reason: Error): void {
    this.#connection.close(reason);
  }

  async #exchange(signal: AbortSignal, verb: string, argument: string | undefined): Promise<Reply> {
    if (argument !== undefined && !isFtpArgument(argument)) {
      throw new FtpError("ARGUMENT", `${verb} cannot carry CR, LF, NUL or characters that are no bytes`);
    }
    const line = argument === undefined ? verb : `${verb} ${argument}`;
    await this.#connection.write(Buffer.from(`${line}\r\n`, "latin1"), signal);
    return readReply(this.#connection, signal);
  }

  async #timed(period: number, wait: (signal: AbortSignal) => Promise<Reply>): Promise<Reply> {
    try {
      return await this.#patience.grant(period, wait);
    } catch (error) {
      throw inPhase("dialogue", error);
    }
  }
}
