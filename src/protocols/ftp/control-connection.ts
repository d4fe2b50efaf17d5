import type { Connection, Endpoint, Network, SecureOptions } from "../../platform/network/network.ts";
import { abortable } from "../../platform/abortable.ts";
import { ReplyError } from "../reply-error.ts";
import { FtpFailure, inPhase } from "./phase.ts";
import { type Reply, readReply } from "./reply-reader.ts";
import type { FtpTimer } from "./timer.ts";

/** The commands that change the server's files without a transfer. */
export type FtpChange = "MKD" | "RMD" | "DELE" | "CWD";

/** The commands of this client, and `GREETING` for the reply that comes unasked. */
export type FtpVerb =
  | ("GREETING" | "USER" | "PASS" | "QUIT" | "TYPE" | "REST" | "EPSV" | "PASV" | "EPRT" | "PORT")
  | ("AUTH" | "PBSZ" | "PROT" | "PWD" | "SIZE")
  | ("RETR" | "STOR" | "LIST" | FtpChange);

/**
 * Whether a string can stand in an FTP command: a byte string, one character for each byte (paths are sent byte for
 * byte), without the CR, LF and NUL that would end the command or the argument (RFC 959 §5.3.2).
 */
export function isFtpArgument(text: string): boolean {
  return !/[\0\r\n]|[^\0-\xff]/.test(text);
}

/** The first digit of a reply, which says how the dialogue goes on (RFC 959 §4.2.1). */
export function digitOf(reply: Reply): number {
  return Math.floor(reply.code / 100);
}

/** The error for a reply that does not let the dialogue go on. */
export function refusal(verb: FtpVerb, reply: Reply): ReplyError<FtpVerb> {
  return new ReplyError(verb, { code: reply.code, text: reply.lines[0] ?? "" });
}

/** The dialogue of commands and replies. @rfc 959 §5.4 */
export class ControlConnection {
  readonly #connection: Connection;
  readonly #timer: FtpTimer;
  /** The reply that is read before anything was asked. */
  #ahead: Promise<Reply> | undefined;

  constructor(connection: Connection, timer: FtpTimer) {
    this.#connection = connection;
    this.#timer = timer;
  }

  /** Connects; the greeting is still to be read. */
  static async connect(network: Network, server: Endpoint, timer: FtpTimer): Promise<ControlConnection> {
    const target = { host: server.host, port: server.port, service: "ftp" } as const;
    try {
      const connection = await timer.grant(timer.periods.connect, (signal) => network.connect(target, signal));
      return new ControlConnection(connection, timer);
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

  /** Reads the server's greeting, after any number of preliminary replies. */
  greeting(): Promise<Reply> {
    // RFC 959 §5.4: 120 announces a delay, the 220 comes later.
    return this.#timed(this.#timer.periods.reply, async (signal) => {
      for (;;) {
        const reply = await this.next(signal);
        if (digitOf(reply) !== 1) return reply;
      }
    });
  }

  /** Begins TLS on the connection. */
  async secure(options: SecureOptions): Promise<void> {
    try {
      await this.#timer.grant(this.#timer.periods.connect, (signal) => this.#connection.secure(options, signal));
    } catch (error) {
      throw inPhase("connect", error);
    }
  }

  /** Sends a command and gives the next reply, preliminary or final. */
  command(verb: FtpVerb, argument?: string): Promise<Reply> {
    return this.#timed(this.#timer.periods.reply, (signal) => this.#exchange(signal, verb, argument));
  }

  /** Sends a command and insists on a reply with this first digit; any other is a {@link ReplyError}. */
  async expect(digit: 2 | 3, verb: FtpVerb, argument?: string): Promise<Reply> {
    const reply = await this.command(verb, argument);
    if (digitOf(reply) !== digit) throw refusal(verb, reply);
    return reply;
  }

  /** Reads the next reply. The caller sees to the time and to the phase of a failure. */
  next(signal: AbortSignal): Promise<Reply> {
    const ahead = this.#ahead;
    this.#ahead = undefined;
    return ahead === undefined ? readReply(this.#connection, signal) : abortable(ahead, signal);
  }

  /**
   * Calls `over` when the server says something before it is asked again, or ends the connection: RFC 959 §5.4 lets it say
   * 421 at any time, and nothing else.
   */
  watch(over: () => void): void {
    // An operation that has asked the server nothing has left the reply unread.
    if (this.#ahead !== undefined) return;
    const ahead = readReply(this.#connection, this.#timer.signal);
    this.#ahead = ahead;
    const heard = () => {
      if (this.#ahead === ahead) over();
    };
    ahead.then(heard, heard);
  }

  /** Says goodbye and closes. Gives whether the server reacted in time; a refusal or a lost connection is a reaction. */
  async quit(): Promise<boolean> {
    try {
      await this.#timed(this.#timer.periods.parting, (signal) => this.#exchange(signal, "QUIT", undefined));
      return true;
    } catch (error) {
      return !(error instanceof FtpFailure && error.code === "TIMEOUT");
    } finally {
      this.#connection.close();
    }
  }

  /** Drops the connection. A pending wait for a reply rejects with the reason. */
  close(reason: Error): void {
    this.#ahead = undefined;
    this.#connection.close(reason);
  }

  async #exchange(signal: AbortSignal, verb: FtpVerb, argument: string | undefined): Promise<Reply> {
    if (argument !== undefined && !isFtpArgument(argument)) {
      throw new RangeError(`${verb} cannot carry CR, LF, NUL or characters that are not bytes`);
    }
    const line = argument === undefined ? verb : `${verb} ${argument}`;
    await this.#connection.write(Buffer.from(`${line}\r\n`, "latin1"), signal);
    return this.next(signal);
  }

  async #timed(period: number, wait: (signal: AbortSignal) => Promise<Reply>): Promise<Reply> {
    try {
      return await this.#timer.grant(period, wait);
    } catch (error) {
      throw inPhase("dialogue", error);
    }
  }
}
