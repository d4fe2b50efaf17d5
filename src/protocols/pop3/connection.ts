import { DotUnstuffer } from "../../codec/dot-unstuffer.ts";
import { POP3_PROGRESS, POP3_REPLY_LINE, POP3_TIMEOUT } from "../../platform/limits.ts";
import type { Log } from "../../platform/log.ts";
import type { Connection, Endpoint, Network } from "../../platform/network/network.ts";
import { ServiceError } from "../../platform/network/service-error.ts";
import type { Clock } from "../../platform/time/clock.ts";
import { Deadline } from "../../platform/time/deadline.ts";
import { yieldToIo } from "../../platform/yield-to-io.ts";
import { acceptedText, Pop3Refusal, type Pop3Verb } from "./reply.ts";

/** What the client is built on. Every time-out is multiplied by `timeoutScale`. */
export interface Pop3Ports {
  readonly network: Network;
  readonly clock: Clock;
  readonly log: Log;
  readonly timeoutScale: number;
}

/**
 * Commands and replies on one connection. Of all failures only a {@link Pop3Refusal} leaves it open, for only then do both
 * sides still agree where they are; also an abort closes it.
 */
export class Pop3Connection {
  readonly #connection: Connection;
  readonly #ports: Pop3Ports;
  #isOpen = true;
  #isBusy = false;

  private constructor(connection: Connection, ports: Pop3Ports) {
    this.#connection = connection;
    this.#ports = ports;
  }

  /** Connects, hears the greeting, and runs `login` in the same time. Whatever fails, no connection is left. */
  static async open(
    ports: Pop3Ports,
    server: Endpoint,
    signal: AbortSignal,
    login: (exchange: (verb: Pop3Verb, argument: string) => Promise<string>) => Promise<void>,
  ): Promise<Pop3Connection> {
    const deadline = new Deadline(ports.clock, POP3_TIMEOUT * ports.timeoutScale, signal);
    try {
      const opened = new Pop3Connection(await connect(ports, server, deadline), ports);
      try {
        const greeting = await opened.#connection.readLine(POP3_REPLY_LINE, deadline.signal);
        acceptedText("CONNECT", greeting);
        await login((verb, argument) => opened.#exchange(verb, argument, deadline));
        return opened;
      } catch (error) {
        opened.close();
        throw error;
      }
    } finally {
      deadline.dispose();
    }
  }

  /** Whether the connection still served when it was last used. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Drops the connection. */
  close(): void {
    this.#isOpen = false;
    this.#connection.close();
  }

  /** Throws `CLOSED` if the server has ended the session, as far as that is known here. Between two commands only. */
  async verify(): Promise<void> {
    if (!this.#isOpen) throw new ServiceError("CLOSED", "the POP3 session is over");
    // What has reached this machine is to be read, too.
    await yieldToIo();
    await this.#hearFarewell();
  }

  /** Sends a command, its argument one character a byte, and gives the text of its one-line reply. */
  async command(verb: Pop3Verb, argument: string, signal: AbortSignal): Promise<string> {
    const deadline = await this.#begin(signal);
    try {
      return await this.#exchange(verb, argument, deadline);
    } catch (error) {
      if (!(error instanceof Pop3Refusal)) this.close();
      throw error;
    } finally {
      this.#finish(deadline);
    }
  }

  /**
   * Sends a command and gives the bytes of its multi-line reply as they come, unstuffed; the caller owns them. The time
   * stands still while the caller is busy with them. Who stops before the end loses the connection.
   */
  async *multiline(verb: Pop3Verb, argument: string, signal: AbortSignal): AsyncGenerator<Buffer> {
    const deadline = await this.#begin(signal);
    let inStep = false;
    try {
      await this.#exchange(verb, argument, deadline);
      const unstuffer = new DotUnstuffer();
      while (!unstuffer.done) {
        const bytes = await this.#progress(unstuffer, deadline);
        deadline.suspend();
        if (bytes.length > 0) yield bytes;
        deadline.restart();
      }
      inStep = unstuffer.rest === 0;
    } catch (error) {
      inStep = error instanceof Pop3Refusal;
      throw error;
    } finally {
      if (!inStep) this.close();
      this.#finish(deadline);
    }
  }

  /** Reads on for so many bytes as are worth a new period, or to the end. */
  async #progress(unstuffer: DotUnstuffer, deadline: Deadline): Promise<Buffer> {
    const pieces: Buffer[] = [];
    let received = 0;
    while (received < POP3_PROGRESS && !unstuffer.done) {
      const chunk = await this.#connection.read(deadline.signal);
      if (chunk === undefined) throw new ServiceError("CLOSED", "the server closed within a reply");
      received += chunk.length;
      pieces.push(unstuffer.push(chunk));
    }
    const [first] = pieces;
    return first !== undefined && pieces.length === 1 ? first : Buffer.concat(pieces);
  }

  async #exchange(verb: Pop3Verb, argument: string, deadline: Deadline): Promise<string> {
    if (!isSendable(argument))
      throw new Pop3Refusal(verb, "it cannot be sent with a line end, a NUL or what is no byte");
    const command = argument === "" ? verb : `${verb} ${argument}`;
    this.#ports.log.debug({ event: "pop3-command", command: verb === "PASS" ? "PASS ****" : command });
    await this.#connection.write(Buffer.from(`${command}\r\n`, "latin1"), deadline.signal);
    const line = await this.#connection.readLine(POP3_REPLY_LINE, deadline.signal);
    this.#ports.log.debug({ event: "pop3-reply", reply: line.toString("latin1") });
    return acceptedText(verb, line);
  }

  async #begin(signal: AbortSignal): Promise<Deadline> {
    signal.throwIfAborted();
    if (!this.#isOpen) throw new ServiceError("CLOSED", "the POP3 session is over");
    if (this.#isBusy) throw new Error("a POP3 command runs already");
    this.#isBusy = true;
    try {
      await this.#hearFarewell();
    } catch (error) {
      this.#isBusy = false;
      throw error;
    }
    return new Deadline(this.#ports.clock, POP3_TIMEOUT * this.#ports.timeoutScale, signal);
  }

  #finish(deadline: Deadline): void {
    this.#isBusy = false;
    deadline.dispose();
  }

  /**
   * Throws `CLOSED` if the server has spoken or ended since the last reply. RFC 1939 §3: it may log a silent client out,
   * and many say `-ERR` first, which must not be taken for the reply to the next command.
   */
  async #hearFarewell(): Promise<void> {
    // A read that is already aborted gives what has arrived and does not wait.
    const unasked = await this.#connection.read(AbortSignal.abort()).catch(() => "nothing" as const);
    if (unasked === "nothing") return;
    this.close();
    throw new ServiceError("CLOSED", "the server has ended the session");
  }
}

/** What is more than a byte would be cut to one: to a line end, for instance. */
function isSendable(argument: string): boolean {
  return /^[^\0\r\n]*$/.test(argument) && Buffer.from(argument, "latin1").toString("latin1") === argument;
}

/** Time that runs out here is a way that is not there: no server has answered yet. */
async function connect(ports: Pop3Ports, server: Endpoint, deadline: Deadline): Promise<Connection> {
  try {
    return await ports.network.connect(server, deadline.signal);
  } catch (error) {
    if (!(error instanceof ServiceError) || error.code !== "TIMEOUT") throw error;
    throw new ServiceError("UNREACHABLE", `no connection to ${server.host}`, { cause: error });
  }
}
