import { ServiceError } from "../platform/network/service-error.ts";

/** The parts of a server's reply that decide what its error means. */
export interface FailedReply {
  /** The numeric reply code (FTP, SMTP). POP3 has none. */
  readonly code?: number;
  /** The machine-readable status inside the text, where the client parses one: `5.5.4` (RFC 2034), `IN-USE` (RFC 2449 §8). */
  readonly status?: string | undefined;
  /** The text for a person: one character for each byte. */
  readonly text: string;
}

/**
 * The one error for a well-formed reply that does not let the operation go on: a refusal (4xx, 5xx, `-ERR`), or a reply
 * that is not expected at this step. Callers look at `verb`, `reply` and `status`, never at the text or the message.
 * Both sides still agree on the state of the dialogue, so the connection can be used further.
 */
export class ReplyError<Verb extends string = string> extends ServiceError {
  /** The command that was answered, or the name of a step that has no command (`GREETING`). */
  readonly verb: Verb;
  readonly status: string | undefined;
  readonly text: string;

  constructor(verb: Verb, { code, status, text }: FailedReply) {
    super("REPLY", `${verb} was answered by ${code === undefined ? "" : `${code} `}${text}`, {
      ...(code === undefined ? {} : { reply: code }),
    });
    this.verb = verb;
    this.status = status;
    this.text = text;
  }

  /** The first digit of the reply code (RFC 959 §4.2, RFC 5321 §4.2.1): 4 is a transient refusal, 5 a permanent one. */
  get digit(): number | undefined {
    return this.reply === undefined ? undefined : Math.floor(this.reply / 100);
  }
}
