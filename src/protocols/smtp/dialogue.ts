import type { Log } from "../../platform/log.ts";
import type { Connection, Endpoint, Network } from "../../platform/network/network.ts";
import { ServiceError } from "../../platform/network/service-error.ts";
import type { Clock } from "../../platform/time/clock.ts";
import { ServerTimer } from "../../platform/time/server-timer.ts";
import { SMTP_LIMITS } from "./limits.ts";
import { readReply, type SmtpReply, type SmtpStep } from "./reply.ts";

/** What the SMTP client is built on. */
export interface SmtpPorts {
  readonly network: Network;
  readonly clock: Clock;
  readonly log: Log;
  /** Every time-out is multiplied by it. */
  readonly timeoutScale: number;
}

/** Sends lines and reads replies on one connection, each step within its time. The signal ends the dialogue at any point. */
export class SmtpDialogue {
  readonly #connection: Connection;
  readonly #timer: ServerTimer;
  readonly #log: Log;
  readonly #signal: AbortSignal;
  readonly #onAbort = () => this.close();

  private constructor(connection: Connection, timer: ServerTimer, log: Log, signal: AbortSignal) {
    this.#connection = connection;
    this.#timer = timer;
    this.#log = log;
    this.#signal = signal;
    if (signal.aborted) this.close();
    else signal.addEventListener("abort", this.#onAbort, { once: true });
  }

  /** Connects. A host that does not answer in time is `UNREACHABLE`: `TIMEOUT` is for a server that fell silent later. */
  static async connect(ports: SmtpPorts, server: Endpoint, signal: AbortSignal): Promise<SmtpDialogue> {
    const timer = new ServerTimer(ports.clock, ports.timeoutScale, signal);
    try {
      const connection = await timer.grant(SMTP_LIMITS.connectTime, (granted) =>
        ports.network.connect({ ...server, service: "smtp" }, granted),
      );
      ports.log.debug({ event: "smtp-connected", remote: connection.remote });
      return new SmtpDialogue(connection, timer, ports.log, signal);
    } catch (error) {
      timer.dispose();
      if (signal.aborted || !(error instanceof ServiceError) || error.code !== "TIMEOUT") throw error;
      throw new ServiceError("UNREACHABLE", error.message, { cause: error });
    }
  }

  /** Aborts when a step runs out of time or the whole dialogue is given up. */
  get signal(): AbortSignal {
    return this.#timer.signal;
  }

  /** RFC 5321 §4.1.3: the address literal, for a client without a name of its own. */
  get clientName(): string {
    const host = this.#connection.local.host.replace(/%.*$/, "");
    return host.includes(":") ? `[IPv6:${host}]` : `[${host}]`;
  }

  /** Sends one line and waits for its reply. `shown` is what may be logged of it. */
  async request(step: SmtpStep, line: string, shown = line): Promise<SmtpReply> {
    await this.send(step, [line], shown);
    return this.reply(step);
  }

  /** Sends lines in one write. */
  async send(step: SmtpStep, lines: readonly string[], shown = lines.join(" | ")): Promise<void> {
    if (lines.some((line) => /[\0\r\n]/.test(line))) throw new TypeError("CR, LF or NUL in an SMTP command");
    this.#log.debug({ event: "smtp-command", line: shown });
    await this.write(lines.map((line) => `${line}\r\n`).join(""), step);
  }

  /** Sends bytes within the time of a step. */
  async write(bytes: Uint8Array | string, step: SmtpStep): Promise<void> {
    await this.#timer.grant(timeOf(step), (signal) => this.#connection.write(bytes, signal));
  }

  /** Waits for the next reply, within the time of a step. */
  reply(step: SmtpStep): Promise<SmtpReply> {
    return this.within(step, this.nextReply());
  }

  /** Reads the next reply. No time runs while it is read: see {@link within}. */
  async nextReply(): Promise<SmtpReply> {
    const reply = await readReply(this.#connection, this.signal);
    this.#log.debug({ event: "smtp-reply", code: reply.code, lines: reply.lines });
    return reply;
  }

  /** Waits for a reply that is being read, within the time of a step. */
  within(step: SmtpStep, reply: Promise<SmtpReply>): Promise<SmtpReply> {
    return this.#timer.grant(timeOf(step), () => reply);
  }

  /** Sends the commands that end a session, and closes. The outcome is known by then, so failures are only logged. */
  async leave(commands: readonly ("RSET" | "QUIT")[]): Promise<void> {
    try {
      for (const command of commands) await this.request(command, command);
    } catch (error) {
      this.#log.debug({ event: "smtp-leave", error: String(error) });
    } finally {
      this.close();
    }
  }

  /** Drops the connection and releases everything. */
  close(): void {
    this.#signal.removeEventListener("abort", this.#onAbort);
    this.#timer.dispose();
    this.#connection.close(this.#signal.aborted ? this.#signal.reason : undefined);
  }
}

function timeOf(step: SmtpStep): number {
  switch (step) {
    case "END":
      return SMTP_LIMITS.endTime;
    case "RSET":
    case "QUIT":
      return SMTP_LIMITS.partingTime;
    default:
      return SMTP_LIMITS.stepTime;
  }
}
