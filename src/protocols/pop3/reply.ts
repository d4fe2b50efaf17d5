import { ServiceError } from "../../platform/network/service-error.ts";
import { ReplyError } from "../reply-error.ts";

export type Pop3Verb = "CONNECT" | "USER" | "PASS" | "STAT" | "LIST" | "TOP" | "RETR" | "DELE" | "QUIT";

/** The server answered `-ERR`. Its `verb` is `CONNECT` for the greeting; its `status` is the response code, as `IN-USE`. */
export class Pop3Refusal extends ReplyError<Pop3Verb> {
  constructor(verb: Pop3Verb, text: string) {
    // RFC 2449 §8: a response code stands in brackets before the text.
    super(verb, { status: /^\[([^\]\s]+)\]/.exec(text)?.[1]?.toUpperCase(), text });
  }
}

/** The text after `+OK`. A `-ERR` throws a {@link Pop3Refusal}, anything else is `REPLY`. */
export function acceptedText(verb: Pop3Verb, line: string): string {
  const reply = /^(\+OK|-ERR)(?:\s+(.*)|)$/is.exec(line);
  if (reply === null) throw new ServiceError("REPLY", `not a POP3 reply to ${verb}`);
  const text = reply[2] ?? "";
  if (reply[1]?.startsWith("-")) throw new Pop3Refusal(verb, text);
  return text;
}

/** The two numbers that a reply or a line of a listing begins with, behind blanks at most. Without them it is `REPLY`. */
export function twoNumbers(text: string): readonly [number, number] {
  const numbers = /^\s*(\d{1,15})\s+(\d{1,15})(?:\s|$)/.exec(text);
  if (numbers === null) throw new ServiceError("REPLY", "two numbers are missing in a POP3 reply");
  return [Number(numbers[1]), Number(numbers[2])];
}
