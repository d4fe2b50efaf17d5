import { type BareLineFeed, DotUnstuffer } from "../../codec/dot-unstuffer.ts";
import type { Log } from "../../platform/log.ts";
import type { Connection, Endpoint, Network } from "../../platform/network/network.ts";
import { ServiceError } from "../../platform/network/service-error.ts";
import type { Clock } from "../../platform/time/clock.ts";
import { ServerTimer } from "../../platform/time/server-timer.ts";
import { yieldToIo } from "../../platform/yield-to-io.ts";
import { POP3_LIMITS } from "./limits.ts";
import { acceptedText, Pop3Refusal, type Pop3Verb } from "./reply.ts";
import { type ReplyLine, ReplyReader } from "./reply-reader.ts";

/** What the client is built on. Every time-out is multiplied by `timeoutScale`. */
export interface Pop3Ports {
  readonly network: Network;
  readonly clock: Clock;
  readonly log: Log;
  readonly timeoutScale: number;
}

/**
 * Commands and replies on one connection. Only a {@link Pop3Refusal} leaves it open. After every other failure, an abort
 * included, client and server may disagree on the state of the dialogue, so it is closed.
 */
export class Pop3Connection {
  readonly #connection: Connection;
  readonly #replies: ReplyReader;
  readonly #ports: Pop3Ports;
  #isOpen = true;
  #isBusy = false;

  private constructor(connection: Connection, ports: Pop3Ports) {
    this.#connection = connection;
    this.#replies = new ReplyReader(connection);
    this.#ports = ports;
  }

  /** Connects, reads the greeting, and runs `login`, all within one period. A failure leaves no connection behind. */
  static async open(
    ports: Pop3Ports,
    server: Endpoint,
    signal: AbortSignal,
    login: (exchange: (verb: Pop3Verb, argument: string) => Promise<unknown>) => Promise<void>,
  ): Promise<Pop3Connection> {
    const timer = new ServerTimer(ports.clock, ports.timeoutScale, signal);
    try {
      return await timer.grant(POP3_LIMITS.replyTime, async (granted) => {
        const opened = new Pop3Connection(await connect(ports, server, granted), ports);
        try {
          const greeting = await opened.#replies.readLine(POP3_LIMITS.replyLine, granted);
          acceptedText("CONNECT", greeting.text);
          await login((verb, argument) => opened.#exchange(verb, argument, granted));
          return opened;
        } catch (error) {
          opened.close();
          throw error;
        }
      });
    } finally {
      timer.dispose();
    }
  }

  /** Whether the connection was still open when it was last used. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Drops the connection. */
  close(): void {
    this.#isOpen = false;
    this.#connection.close();
  }

  /** Throws `CLOSED` if the server has ended the session, as far as that is known here. Only between two commands. */
  async verify(): Promise<void> {
    if (!this.#isOpen) throw new ServiceError("CLOSED", "the POP3 session is over");
    // Lets the event loop deliver what has reached this machine.
    await yieldToIo();
    await this.#refuseUnasked();
  }

  /** Sends a command, whose argument is one character for each byte, and returns the text of its one-line reply. */
  async command(verb: Pop3Verb, argument: string, signal: AbortSignal): Promise<string> {
    const timer = await this.#begin(signal);
    try {
      const reply = await timer.grant(POP3_LIMITS.replyTime, (granted) => this.#exchange(verb, argument, granted));
      return reply.text;
    } catch (error) {
      if (!(error instanceof Pop3Refusal)) this.close();
      throw error;
    } finally {
      this.#finish(timer);
    }
  }

  /**
   * Sends a command and yields the bytes of its multi-line reply as they arrive, unstuffed; the caller owns them. No time
   * runs while the caller processes them. A caller that stops before the end loses the connection.
   */
  async *multiline(verb: Pop3Verb, argument: string, signal: AbortSignal): AsyncGenerator<Buffer> {
    const timer = await this.#begin(signal);
    let inStep = false;
    try {
      const first = await timer.grant(POP3_LIMITS.replyTime, (granted) => this.#exchange(verb, argument, granted));
      const unstuffer = new DotUnstuffer(bareLineFeedIn(verb, first));
      const stream = timer.stream(POP3_LIMITS.silence);
      while (!unstuffer.done) {
        const bytes = unstuffer.push(await stream.read((granted) => this.#replies.read(granted)));
        if (bytes.length > 0) yield bytes;
      }
      inStep = unstuffer.rest === 0;
    } catch (error) {
      inStep = error instanceof Pop3Refusal;
      throw error;
    } finally {
      if (!inStep) this.close();
      this.#finish(timer);
    }
  }

  /** Sends a command and returns the first line of its reply, as text after `+OK`. */
  async #exchange(verb: Pop3Verb, argument: string, signal: AbortSignal): Promise<ReplyLine> {
    if (!isSendable(argument)) throw new Pop3Refusal(verb, "the argument has a line end, a NUL or more than bytes");
    const command = argument === "" ? verb : `${verb} ${argument}`;
    this.#ports.log.debug({ event: "pop3-command", command: verb === "PASS" ? "PASS ****" : command });
    await this.#connection.write(Buffer.from(`${command}\r\n`, "latin1"), signal);
    const line = await this.#replies.readLine(POP3_LIMITS.replyLine, signal);
    this.#ports.log.debug({ event: "pop3-reply", reply: line.text });
    return { ...line, text: acceptedText(verb, line.text) };
  }

  async #begin(signal: AbortSignal): Promise<ServerTimer> {
    signal.throwIfAborted();
    if (!this.#isOpen) throw new ServiceError("CLOSED", "the POP3 session is over");
    if (this.#isBusy) throw new Error("a POP3 command runs already");
    this.#isBusy = true;
    try {
      await this.#refuseUnasked();
    } catch (error) {
      this.#isBusy = false;
      throw error;
    }
    return new ServerTimer(this.#ports.clock, this.#ports.timeoutScale, signal);
  }

  #finish(timer: ServerTimer): void {
    this.#isBusy = false;
    timer.dispose();
  }

  /**
   * Throws `CLOSED` if the server has sent something or ended since the last reply. RFC 1939 §3: it may log a silent client
   * out, and many servers send `-ERR` first, which must not be taken for the reply to the next command.
   */
  async #refuseUnasked(): Promise<void> {
    if (!(await this.#replies.hasMore())) return;
    this.close();
    throw new ServiceError("CLOSED", "the server has ended the session");
  }
}

/** How a reply ends its lines, as far as its first line tells: no line of a listing is a dot, but one of a message may be. */
function bareLineFeedIn(verb: Pop3Verb, first: ReplyLine): BareLineFeed {
  return verb === "LIST" || first.endsWithLfAlone ? "line-end" : "closes-before-crlf";
}

/** A character that is more than a byte would be sent as another one: as a line end, for instance. */
function isSendable(argument: string): boolean {
  return /^[^\0\r\n]*$/.test(argument) && Buffer.from(argument, "latin1").toString("latin1") === argument;
}

/** A time-out here is `UNREACHABLE`: no server has answered yet. */
async function connect(ports: Pop3Ports, server: Endpoint, signal: AbortSignal): Promise<Connection> {
  try {
    return await ports.network.connect({ ...server, service: "pop3" }, signal);
  } catch (error) {
    if (!(error instanceof ServiceError) || error.code !== "TIMEOUT") throw error;
    throw new ServiceError("UNREACHABLE", `no connection to ${server.host}`, { cause: error });
  }
}
