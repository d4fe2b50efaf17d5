import { ServiceError } from "../../platform/network/service-error.ts";

export type Pop3Verb = "CONNECT" | "USER" | "PASS" | "STAT" | "LIST" | "TOP" | "RETR" | "DELE" | "QUIT";

/** A server's `-ERR`. The session lives on, where there is one: the server has understood and said no. */
export class Pop3Refusal extends ServiceError {
  /** What was refused; `CONNECT` is the greeting. */
  readonly verb: Pop3Verb;
  /** The response code, as `IN-USE` or `AUTH`, without its brackets, in upper case. */
  readonly responseCode: string | undefined;

  constructor(verb: Pop3Verb, text: string) {
    super("REPLY", `${verb} was refused: ${text}`);
    this.verb = verb;
    // RFC 2449 §8: a response code stands in brackets before the text.
    this.responseCode = /^\[([^\]\s]+)\]/.exec(text)?.[1]?.toUpperCase();
  }
}

/** The text after `+OK`. A `-ERR` throws a {@link Pop3Refusal}, anything else is `REPLY`. */
export function acceptedText(verb: Pop3Verb, line: Buffer): string {
  const reply = /^(\+OK|-ERR)(?:\s+(.*)|)$/is.exec(line.toString("latin1"));
  if (reply === null) throw new ServiceError("REPLY", `not a POP3 reply to ${verb}`);
  const text = reply[2] ?? "";
  if (reply[1]?.startsWith("-")) throw new Pop3Refusal(verb, text);
  return text;
}

/** The two numbers that a reply or a line of a listing begins with. Without them it is `REPLY`. */
export function twoNumbers(text: string): readonly [number, number] {
  const numbers = /^(\d{1,15})\s+(\d{1,15})(?:\s|$)/.exec(text);
  if (numbers === null) throw new ServiceError("REPLY", "two numbers are missing in a POP3 reply");
  return [Number(numbers[1]), Number(numbers[2])];
}
