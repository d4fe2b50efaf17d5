import { SMTP_REPLY_LINE, SMTP_REPLY_LINES } from "../../platform/limits.ts";
import type { Connection } from "../../platform/network/network.ts";
import { ServiceError } from "../../platform/network/service-error.ts";

/** What a reply can answer: a command, the connection itself (`GREETING`), or the final dot (`END`). */
export type SmtpStep = "GREETING" | "EHLO" | "HELO" | "AUTH" | "MAIL" | "RCPT" | "DATA" | "END" | "RSET" | "QUIT";

/** A reply of the server (RFC 5321 §4.2). */
export interface SmtpReply {
  readonly code: number;
  /** The text of each line, without code and separator. */
  readonly lines: readonly string[];
}

/** The server refused a step with a 4xx or 5xx reply; `reply` holds its code. */
export class SmtpRefusal extends ServiceError {
  readonly step: SmtpStep;
  declare readonly reply: number;

  constructor(step: SmtpStep, reply: number, text: string) {
    super("REPLY", `${step} refused: ${reply} ${text}`, { reply });
    this.step = step;
  }
}

/** Reads one reply of one or many lines; anything that is none is `REPLY`. */
export async function readReply(connection: Connection, signal: AbortSignal): Promise<SmtpReply> {
  const lines: string[] = [];
  let code: string | undefined;
  for (;;) {
    const line = (await connection.readLine(SMTP_REPLY_LINE, signal)).toString("latin1");
    // RFC 5321 §4.2: the text and the space before it may be missing.
    const match = /^([2-5][0-9]{2})(?:([ -])(.*))?$/s.exec(line);
    if (match === null) throw new ServiceError("REPLY", `no SMTP reply: ${JSON.stringify(line.slice(0, 80))}`);
    code ??= match[1];
    // RFC 5321 §4.2.1: every line of a reply has the same code.
    if (match[1] !== code) throw new ServiceError("REPLY", `a reply of two codes, ${code} and ${match[1]}`);
    lines.push(match[3] ?? "");
    if (match[2] !== "-") return { code: Number(code), lines };
    if (lines.length === SMTP_REPLY_LINES) throw new ServiceError("REPLY", "a reply without end");
  }
}

/** Why a reply does not let the dialogue go on, where `wanted` is the first digit of one that does. */
export function faultOf(reply: SmtpReply, step: SmtpStep, wanted: 2 | 3): ServiceError | undefined {
  const kind = Math.floor(reply.code / 100);
  if (kind === wanted) return undefined;
  if (kind >= 4) return new SmtpRefusal(step, reply.code, reply.lines.at(-1) ?? "");
  return new ServiceError("REPLY", `${step} answered by ${reply.code}`);
}

/** Gives the reply back if the dialogue may go on, else throws its fault. */
export function accept(reply: SmtpReply, step: SmtpStep, wanted: 2 | 3): SmtpReply {
  const fault = faultOf(reply, step, wanted);
  if (fault !== undefined) throw fault;
  return reply;
}
