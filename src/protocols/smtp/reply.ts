import type { Connection } from "../../platform/network/network.ts";
import { ServiceError } from "../../platform/network/service-error.ts";
import { ReplyError } from "../reply-error.ts";
import { SMTP_LIMITS } from "./limits.ts";

/** What a reply can answer: a command, the connection itself (`GREETING`), or the final dot (`END`). */
export type SmtpStep = "GREETING" | "EHLO" | "HELO" | "AUTH" | "MAIL" | "RCPT" | "DATA" | "END" | "RSET" | "QUIT";

/** A reply of the server (RFC 5321 §4.2). */
export interface SmtpReply {
  readonly code: number;
  /** The text of each line, without code and separator. */
  readonly lines: readonly string[];
}

/** The server refused a step with a 4xx or 5xx reply. */
export class SmtpRefusal extends ReplyError<SmtpStep> {
  declare readonly reply: number;

  /** `text` may have several lines. */
  constructor(step: SmtpStep, code: number, text: string) {
    // RFC 3463 §2, RFC 2034 §4: the enhanced status code begins the text.
    super(step, { code, status: /^[245]\.[0-9]{1,3}\.[0-9]{1,3}(?= |$)/m.exec(text)?.[0], text });
  }
}

/** Reads one reply of one or more lines. Anything else is `REPLY`. */
export async function readReply(connection: Connection, signal: AbortSignal): Promise<SmtpReply> {
  const lines: string[] = [];
  let code: string | undefined;
  for (;;) {
    const line = (await connection.readLine(SMTP_LIMITS.replyLine, signal)).toString("latin1");
    // RFC 5321 §4.2: the text and the space before it may be missing.
    const match = /^([2-5][0-9]{2})(?:([ -])(.*))?$/s.exec(line);
    if (match === null) throw new ServiceError("REPLY", `not an SMTP reply: ${JSON.stringify(line.slice(0, 80))}`);
    code ??= match[1];
    // RFC 5321 §4.2.1: every line of a reply has the same code.
    if (match[1] !== code) throw new ServiceError("REPLY", `a reply with two codes, ${code} and ${match[1]}`);
    lines.push(match[3] ?? "");
    if (match[2] !== "-") return { code: Number(code), lines };
    if (lines.length === SMTP_LIMITS.replyLines) throw new ServiceError("REPLY", "a reply of too many lines");
  }
}

/** Why a reply does not let the dialogue go on, where `wanted` is the first digit of one that does. */
export function faultOf(reply: SmtpReply, step: SmtpStep, wanted: 2 | 3): ServiceError | undefined {
  const kind = Math.floor(reply.code / 100);
  if (kind === wanted) return undefined;
  if (kind >= 4) return new SmtpRefusal(step, reply.code, reply.lines.join("\n"));
  return new ServiceError("REPLY", `${step} was answered by ${reply.code}`);
}

/** Returns the reply if the dialogue may go on, else throws its fault. */
export function accept(reply: SmtpReply, step: SmtpStep, wanted: 2 | 3): SmtpReply {
  const fault = faultOf(reply, step, wanted);
  if (fault !== undefined) throw fault;
  return reply;
}
