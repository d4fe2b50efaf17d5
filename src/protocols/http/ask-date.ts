import type { Connection } from "../../platform/network/network.ts";
import { ServiceError } from "../../platform/network/service-error.ts";
import { HeaderTooLong, HTTP_LIMITS } from "./limits.ts";

/** The server that is asked for the time, and how. */
export interface DateRequest {
  /** The name and port of the server, as the Host field has them. */
  readonly authority: string;
  readonly version: "1.0" | "1.1";
  /** Whether the connection leads to a proxy: the request names the server then (RFC 9112 §3.2.2). */
  readonly byProxy: boolean;
}

/** What a server has said. */
export interface DateAnswer {
  readonly status: number;
  /** The value of the Date field; absent where the server has no clock. */
  readonly date?: string | undefined;
}

const STATUS_LINE = /^HTTP\/\d[\d.]* +(\d{3})(?: |$)/i;

/**
 * Asks a server for a header, in which it says what time it has (RFC 9110 §6.6.1). A reply that is not HTTP is `REPLY`.
 * The header of an interim response is skipped.
 */
export async function askDate(
  connection: Connection,
  { authority, version, byProxy }: DateRequest,
  signal: AbortSignal,
): Promise<DateAnswer> {
  const target = byProxy ? `http://${authority}/` : "/";
  const request = `HEAD ${target} HTTP/${version}\r\nHost: ${authority}\r\nConnection: close\r\n\r\n`;
  await connection.write(request, signal);
  let room: number = HTTP_LIMITS.header;
  const nextLine = async () => {
    const line = await connection.readLine(HTTP_LIMITS.header, signal);
    room -= line.length + 1;
    if (room < 0) throw new HeaderTooLong();
    return line.toString("latin1");
  };
  for (;;) {
    const answer = await readHeader(nextLine);
    if (answer.status >= 200) return answer;
  }
}

async function readHeader(nextLine: () => Promise<string>): Promise<DateAnswer> {
  const statusLine = await nextLine();
  const status = STATUS_LINE.exec(statusLine)?.[1];
  if (status === undefined) throw new ServiceError("REPLY", `not the status line of a response: ${statusLine}`);
  let date: string | undefined;
  for (let line = await nextLine(); line !== ""; line = await nextLine()) {
    date ??= /^date:[ \t]*(.*?)[ \t]*$/i.exec(line)?.[1];
  }
  return { status: Number(status), date };
}
