import { SMTP_TIMEOUTS } from "../../platform/limits.ts";
import type { Log } from "../../platform/log.ts";
import type { Connection, Endpoint, Network } from "../../platform/network/network.ts";
import { ServiceError } from "../../platform/network/service-error.ts";
import type { Clock } from "../../platform/time/clock.ts";
import { Deadline } from "../../platform/time/deadline.ts";
import { readReply, type SmtpReply, type SmtpStep } from "./reply.ts";

/** The world as an SMTP client needs it. */
export interface SmtpPorts {
  readonly network: Network;
  readonly clock: Clock;
  readonly log: Log;
  /** Every time-out is multiplied by it. */
  readonly timeoutScale: number;
}

/** Lines out, replies in, on one connection, each step within its time. The signal ends all of it at any point. */
export class SmtpDialogue {
  readonly #connection: Connection;
  readonly #deadline: Deadline;
  readonly #ports: SmtpPorts;
  readonly #signal: AbortSignal;
  readonly #onAbort = () => this.close();

  private constructor(connection: Connection, deadline: Deadline, ports: SmtpPorts, signal: AbortSignal) {
    this.#connection = connection;
    this.#deadline = deadline;
    this.#ports = ports;
    this.#signal = signal;
    if (signal.aborted) this.close();
    else signal.addEventListener("abort", this.#onAbort, { once: true });
  }

  /** Connects. A host that does not answer in time is `UNREACHABLE`: `TIMEOUT` is for a server that fell silent. */
  static async connect(ports: SmtpPorts, server: Endpoint, signal: AbortSignal): Promise<SmtpDialogue> {
    const deadline = new Deadline(ports.clock, SMTP_TIMEOUTS.CONNECT * ports.timeoutScale, signal);
    try {
      const connection = await ports.network.connect(server, deadline.signal);
      ports.log.debug({ event: "smtp.connected", remote: connection.remote });
      return new SmtpDialogue(connection, deadline, ports, signal);
    } catch (error) {
      deadline.dispose();
      if (signal.aborted || !(error instanceof ServiceError) || error.code !== "TIMEOUT") throw error;
      throw new ServiceError("UNREACHABLE", error.message, { cause: error });
    }
  }

  /** Aborts when the step runs out of time or the whole is given up. */
  get signal(): AbortSignal {
    return this.#deadline.signal;
  }

  /** Who we say we are: RFC 5321 §4.1.3, the address literal of a client without a name of its own. */
  get clientName(): string {
    const host = this.#connection.local.host.replace(/%.*$/, "");
    return host.includes(":") ? `[IPv6:${host}]` : `[${host}]`;
  }

  /** Sends one line and waits for its reply. `shown` is what may be logged of it. */
  async request(step: SmtpStep, line: string, shown = line): Promise<SmtpReply> {
    await this.send(step, [line], shown);
    return this.reply(step);
  }

  /** Sends lines in one go. */
  async send(step: SmtpStep, lines: readonly string[], shown = lines.join(" | ")): Promise<void> {
    if (lines.some((line) => /[\0\r\n]/.test(line))) throw new TypeError("CR, LF or NUL in an SMTP command");
    this.#ports.log.debug({ event: "smtp.command", line: shown });
    await this.write(lines.map((line) => `${line}\r\n`).join(""), step);
  }

  /** Sends bytes within the time of a step. */
  async write(bytes: Uint8Array | string, step: keyof typeof SMTP_TIMEOUTS): Promise<void> {
    this.allow(step);
    await this.#connection.write(bytes, this.signal);
  }

  /** Grants the time of a step from now on. */
  allow(step: keyof typeof SMTP_TIMEOUTS): void {
    this.#deadline.restart(SMTP_TIMEOUTS[step] * this.#ports.timeoutScale);
  }

  /** Waits for the next reply. The time stands still after it, until the next step. */
  async reply(step: SmtpStep): Promise<SmtpReply> {
    this.allow(step);
    try {
      const reply = await readReply(this.#connection, this.signal);
      this.#ports.log.debug({ event: "smtp.reply", code: reply.code, lines: reply.lines });
      return reply;
    } finally {
      this.#deadline.suspend();
    }
  }

  /** Takes leave and closes. The outcome is known by then, so that nothing that goes wrong here matters. */
  async leave(farewell: readonly ("RSET" | "QUIT")[]): Promise<void> {
    try {
      for (const line of farewell) await this.request(line, line);
    } catch (error) {
      this.#ports.log.debug({ event: "smtp.farewell", error: String(error) });
    } finally {
      this.close();
    }
  }

  /** Drops the connection and releases everything. */
  close(): void {
    this.#signal.removeEventListener("abort", this.#onAbort);
    this.#deadline.dispose();
    this.#connection.close(this.#signal.aborted ? this.#signal.reason : undefined);
  }
}
