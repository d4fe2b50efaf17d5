import type { Connection } from "../../platform/network/network.ts";
import type { Clock } from "../../platform/time/clock.ts";
import { Deadline } from "../../platform/time/deadline.ts";
import { SANDBOX_LIMITS } from "../limits.ts";
import { endGently } from "../server.ts";
import type { FtpDataPort } from "./data-port.ts";
import type { FtpFault } from "./faults.ts";
import { FtpFileError, type FtpFileWriter, type FtpPath } from "./root.ts";

/** A transfer that the client has asked for. */
export type FtpTransfer =
  | { readonly send: AsyncIterable<Uint8Array> }
  | { readonly receive: FtpFileWriter; readonly path: FtpPath };

/** Moves the data of one transfer. Gives the reply that ends it, and what resolves when the connection has drained. */
export async function moveFtpData(
  transfer: FtpTransfer,
  port: FtpDataPort,
  clock: Clock,
  fault: FtpFault | undefined,
  signal: AbortSignal,
): Promise<{ readonly reply: string; readonly whole: boolean; readonly draining?: Promise<void> }> {
  const deadline = new Deadline(clock, SANDBOX_LIMITS.ftp.dataIdle, signal);
  let connection: Connection | undefined;
  try {
    connection = await port.open(deadline.signal);
    const move = new Move(connection, deadline, fault?.kind === "cut" ? fault.after : Number.POSITIVE_INFINITY);
    const whole = "send" in transfer ? await move.send(transfer.send) : await move.receive(transfer.receive);
    const reply = lastReply(whole, fault);
    return "send" in transfer ? { reply, whole, draining: drain(connection, clock, signal) } : { reply, whole };
  } catch (error) {
    if (connection === undefined && "receive" in transfer) await transfer.receive.close().catch(() => undefined);
    connection?.close();
    if (error instanceof FtpFileError) return { reply: `${error.reply} ${error.message}.`, whole: false };
    const reply = connection === undefined ? "425 Cannot open the data connection." : "426 Data connection broken.";
    return { reply, whole: false };
  } finally {
    deadline.dispose();
  }
}

function lastReply(whole: boolean, fault: FtpFault | undefined): string {
  if (fault?.kind === "final") return fault.text;
  if (whole) return "226 Transfer complete.";
  return (fault?.kind === "cut" ? fault.reply : undefined) ?? "426 Data connection cut.";
}

/** The bytes' way over one data connection, up to where a fault cuts it. */
class Move {
  readonly #connection: Connection;
  readonly #deadline: Deadline;
  #left: number;

  constructor(connection: Connection, deadline: Deadline, left: number) {
    this.#connection = connection;
    this.#deadline = deadline;
    this.#left = left;
  }

  /** Sends all. Gives `false` when it was cut. */
  async send(source: AsyncIterable<Uint8Array>): Promise<boolean> {
    for await (const piece of source) {
      const part = piece.subarray(0, Math.min(piece.length, this.#left));
      this.#deadline.restart();
      await this.#connection.write(part, this.#deadline.signal);
      this.#left -= part.length;
      if (part.length < piece.length) break;
    }
    this.#connection.end();
    return this.#left === Number.POSITIVE_INFINITY;
  }

  /** Receives all. Gives `false` when it was cut. */
  async receive(writer: FtpFileWriter): Promise<boolean> {
    try {
      while (this.#left > 0) {
        this.#deadline.restart();
        const chunk = await this.#connection.read(this.#deadline.signal);
        if (chunk === undefined) break;
        const part = chunk.subarray(0, Math.min(chunk.length, this.#left));
        await writer.write(part);
        this.#left -= part.length;
      }
    } finally {
      await writer.close();
    }
    this.#connection.close();
    return this.#left === Number.POSITIVE_INFINITY;
  }
}

/** Some clients wait for the reply before they close a data connection, so it drains while the session goes on. */
async function drain(connection: Connection, clock: Clock, signal: AbortSignal): Promise<void> {
  try {
    await endGently(connection, clock, SANDBOX_LIMITS.ftp.dataIdle, signal);
  } catch {
    // The client broke the connection or left it open for too long: the transfer has had its reply.
  } finally {
    connection.close();
  }
}
