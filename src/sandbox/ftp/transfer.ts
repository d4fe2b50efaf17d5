import type { Connection } from "../../platform/network/network.ts";
import type { Clock } from "../../platform/time/clock.ts";
import { Deadline } from "../../platform/time/deadline.ts";
import { SANDBOX_LIMITS } from "../limits.ts";
import { endGently } from "../server.ts";
import type { FtpDataPort } from "./data-port.ts";
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
  signal: AbortSignal,
): Promise<{ readonly reply: string; readonly whole: boolean; readonly draining?: Promise<void> }> {
  const deadline = new Deadline(clock, SANDBOX_LIMITS.ftp.dataIdle, signal);
  let connection: Connection | undefined;
  try {
    connection = await port.open(deadline.signal);
    if ("receive" in transfer) await receive(connection, deadline, transfer.receive);
    else await send(connection, deadline, transfer.send);
    return { reply: "226 Transfer complete.", whole: true, draining: drain(connection, clock, signal) };
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

async function send(connection: Connection, deadline: Deadline, source: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const piece of source) {
    deadline.restart();
    await connection.write(piece, deadline.signal);
  }
}

async function receive(connection: Connection, deadline: Deadline, writer: FtpFileWriter): Promise<void> {
  try {
    for (;;) {
      deadline.restart();
      const chunk = await connection.read(deadline.signal);
      if (chunk === undefined) break;
      await writer.write(chunk);
    }
  } finally {
    await writer.close();
  }
}

/**
 * Ends the connection. Some clients wait for the reply before they close a data connection, so it drains while the session
 * goes on; others miss the end of TLS where the server has none of its own (RFC 5246 §7.2.1).
 */
async function drain(connection: Connection, clock: Clock, signal: AbortSignal): Promise<void> {
  try {
    await endGently(connection, clock, SANDBOX_LIMITS.ftp.dataIdle, signal);
  } catch {
    // The client broke the connection or left it open for too long: the transfer has had its reply.
  } finally {
    connection.close();
  }
}
