import type { Connection } from "../../platform/network/network.ts";
import { ServiceError } from "../../platform/network/service-error.ts";
import { FTP_LIMITS } from "./limits.ts";
import { ReplyTooLarge } from "./phase.ts";

/** A reply of the server. */
export interface Reply {
  /** Three digits. */
  readonly code: number;
  /** The text after the code, one string per line, each byte one character. */
  readonly lines: readonly string[];
}

const FIRST_LINE = /^([1-5]\d\d)(?:([ -])(.*))?$/s;

/**
 * Reads one reply of one line or many. A malformed reply is `REPLY`; one of too many lines or bytes is
 * {@link ReplyTooLarge}.
 *
 * @rfc 959 §4.2
 */
export async function readReply(connection: Connection, signal: AbortSignal): Promise<Reply> {
  const first = await readLine(connection, signal);
  const match = FIRST_LINE.exec(first);
  // A bare code without its space is seen from small servers and is not ambiguous.
  if (match?.[1] === undefined) throw new ServiceError("REPLY", "the server does not speak FTP");
  const code = Number(match[1]);
  const lines = [match[3] ?? ""];
  if (match[2] !== "-") return { code, lines };

  // RFC 959 §4.2: the last line begins with the same code and a space; lines between may begin with anything else.
  const last = `${match[1]} `;
  let size = first.length;
  for (;;) {
    const line = await readLine(connection, signal);
    size += line.length;
    if (lines.length >= FTP_LIMITS.replyLines || size > FTP_LIMITS.replySize) throw new ReplyTooLarge();
    if (line === match[1] || line.startsWith(last)) {
      lines.push(line.slice(last.length));
      return { code, lines };
    }
    lines.push(line);
  }
}

async function readLine(connection: Connection, signal: AbortSignal): Promise<string> {
  try {
    return (await connection.readLine(FTP_LIMITS.replyLine, signal)).toString("latin1");
  } catch (error) {
    // `REPLY` from a connection means that the line is too long.
    throw error instanceof ServiceError && error.code === "REPLY" ? new ReplyTooLarge() : error;
  }
}
