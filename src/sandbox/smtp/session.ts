import type { Random } from "../../platform/crypto.ts";
import type { Log } from "../../platform/log.ts";
import type { Connection } from "../../platform/network/network.ts";
import type { Clock } from "../../platform/time/clock.ts";
import { Deadline } from "../../platform/time/deadline.ts";
import { SANDBOX_LIMITS } from "../limits.ts";
import { decodeBase64, runMechanism } from "./auth.ts";
import type { SmtpServerBehaviour } from "./behaviour.ts";
import { SmtpInput } from "./input.ts";
import type { MailRecord } from "./received-mail.ts";

/** What a session shares with the others of its server. */
export interface SmtpServerRoom {
  readonly behaviour: SmtpServerBehaviour;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Takes a message; `false` if there is no room for it. */
  accept(mail: MailRecord): boolean;
}

interface Transaction {
  readonly from: string;
  readonly parameters: readonly string[];
  readonly recipients: string[];
}

const OK = "250 2.0.0 OK";

/** One client's dialogue with the embedded server (RFC 5321 §4.1). */
export class SmtpServerSession {
  readonly #connection: Connection;
  readonly #room: SmtpServerRoom;
  readonly #idle: Deadline;
  readonly #input: SmtpInput;
  #introduced = false;
  #user: string | undefined;
  #mail: Transaction | undefined;

  constructor(connection: Connection, room: SmtpServerRoom, signal: AbortSignal) {
    this.#connection = connection;
    this.#room = room;
    this.#idle = new Deadline(room.clock, SANDBOX_LIMITS.smtp.idle, signal);
    this.#input = new SmtpInput(connection, this.#idle);
  }

  /** Serves until the client quits or closes. */
  async run(): Promise<void> {
    try {
      await this.#serve();
    } finally {
      this.#idle.dispose();
    }
  }

  async #serve(): Promise<void> {
    let last = await this.#reply(`220 ${this.#room.behaviour.name} ESMTP vmodem sandbox`);
    while (last !== "221" && last !== "421") {
      const line = await this.#input.line(SANDBOX_LIMITS.smtp.command);
      if (line === undefined) return;
      last = await this.#reply(line === "long" ? "500 5.5.2 Line too long" : await this.#execute(line));
    }
  }

  /** Sends a reply and gives its code. */
  async #reply(reply: string): Promise<string> {
    const text = this.#room.behaviour.offers("ENHANCEDSTATUSCODES")
      ? reply
      : reply.replace(/^(\d{3}) \d\.\d\.\d+/, "$1");
    this.#room.log.debug({ event: "sandbox-smtp-reply", text });
    await this.#connection.write(`${text}\r\n`, this.#idle.signal);
    return text.slice(0, 3);
  }

  async #execute(line: string): Promise<string> {
    const [, word = "", argument = ""] = /^([A-Za-z]+)(?: (.*))?$/s.exec(line) ?? [];
    const verb = word.toUpperCase();
    this.#room.log.debug({ event: "sandbox-smtp-command", line: verb === "AUTH" ? "AUTH ***" : line });
    return this.#answer(verb, argument);
  }

  #answer(verb: string, argument: string): string | Promise<string> {
    switch (verb) {
      case "EHLO":
      case "HELO":
        return this.#introduce(verb, argument);
      case "AUTH":
        return this.#authenticate(argument);
      case "MAIL":
        return this.#begin(argument);
      case "RCPT":
        return this.#addRecipient(argument);
      case "DATA":
        return argument === "" ? this.#receive() : "501 5.5.4 DATA has no argument";
      case "RSET":
        this.#mail = undefined;
        return OK;
      case "NOOP":
        return OK;
      case "VRFY":
        return "252 2.5.0 Send some mail, it will do its best";
      case "HELP":
        return "214 2.0.0 RFC 5321";
      case "EXPN":
        return "502 5.5.1 No lists here";
      case "QUIT":
        return "221 2.0.0 Bye";
      default:
        return "500 5.5.2 Command not recognized";
    }
  }

  #introduce(verb: "EHLO" | "HELO", client: string): string {
    const { behaviour } = this.#room;
    if (client === "") return `501 5.5.4 ${verb} needs a name`;
    if (verb === "EHLO" && !behaviour.esmtp) return "502 5.5.1 No EHLO here";
    this.#introduced = true;
    this.#mail = undefined;
    const lines = [behaviour.name, ...(verb === "EHLO" ? behaviour.extensionLines(SANDBOX_LIMITS.smtp.message) : [])];
    return lines.map((line, index) => `250${index < lines.length - 1 ? "-" : " "}${line}`).join("\r\n");
  }

  async #authenticate(argument: string): Promise<string> {
    const { behaviour, random } = this.#room;
    const [name = "", initial, ...rest] = argument.split(" ");
    const mechanism = behaviour.mechanisms.find((offered) => offered === name.toUpperCase());
    if (!this.#introduced || this.#user !== undefined || this.#mail !== undefined) return "503 5.5.1 AUTH out of place";
    if (mechanism === undefined || rest.length > 0) return "504 5.5.4 Mechanism not offered";
    const challenge = `<${random.hex(24)}@${behaviour.name}>`;
    const outcome = await runMechanism(mechanism, initial, challenge, behaviour.users, (text) => this.#ask(text));
    if (outcome === "broken") return "501 5.5.2 Authentication given up or malformed";
    if (outcome === "wrong") return "535 5.7.8 Credentials invalid";
    this.#user = outcome.user;
    return "235 2.7.0 Welcome";
  }

  async #ask(challenge: string): Promise<string | undefined> {
    await this.#reply(`334 ${Buffer.from(challenge, "utf8").toString("base64")}`);
    const response = await this.#input.line(SANDBOX_LIMITS.smtp.command);
    return response === undefined ? undefined : decodeBase64(response);
  }

  #begin(argument: string): string {
    const { behaviour } = this.#room;
    if (!this.#introduced || this.#mail !== undefined) return "503 5.5.1 MAIL out of place";
    if (behaviour.requireAuth && this.#user === undefined) return "530 5.7.0 Authentication required";
    const path = parsePath("FROM", argument);
    if (path === undefined) return "501 5.5.4 MAIL FROM:<address>";
    const fault = path.parameters.map((parameter) => this.#faultOf(parameter)).find((reply) => reply !== undefined);
    if (fault !== undefined) return fault;
    this.#mail = { from: path.address, parameters: path.parameters, recipients: [] };
    return "250 2.1.0 OK";
  }

  #faultOf(parameter: string): string | undefined {
    const { behaviour } = this.#room;
    const size = /^SIZE=(\d{1,20})$/.exec(parameter)?.[1];
    if (size !== undefined && behaviour.offers("SIZE")) {
      return Number(size) > SANDBOX_LIMITS.smtp.message ? "552 5.3.4 Message too big" : undefined;
    }
    if (/^BODY=(7BIT|8BITMIME)$/.test(parameter) && behaviour.offers("8BITMIME")) return undefined;
    return "555 5.5.4 Parameter not recognized";
  }

  #addRecipient(argument: string): string {
    if (this.#mail === undefined) return "503 5.5.1 RCPT out of place";
    const path = parsePath("TO", argument);
    if (path === undefined || path.address === "") return "501 5.5.4 RCPT TO:<address>";
    if (path.parameters.length > 0) return "555 5.5.4 Parameter not recognized";
    if (this.#mail.recipients.length >= SANDBOX_LIMITS.smtp.recipients) return "452 4.5.3 Too many recipients";
    this.#mail.recipients.push(path.address);
    return "250 2.1.5 OK";
  }

  async #receive(): Promise<string> {
    const mail = this.#mail;
    if (mail === undefined) return "503 5.5.1 DATA out of place";
    if (mail.recipients.length === 0) return "554 5.5.1 No valid recipients";
    await this.#reply("354 End with a dot alone on a line");
    const data = await this.#input.data(SANDBOX_LIMITS.smtp.message);
    this.#mail = undefined;
    // The client left in the middle of its message: RFC 5321 §4.1.1.4, nothing of it is delivered.
    if (data === undefined) return "421 4.4.2 Connection lost";
    if (data.fault !== undefined) return data.fault;
    const isTaken = this.#room.accept({ ...mail, user: this.#user, raw: data.raw });
    return isTaken ? "250 2.0.0 Accepted" : "452 4.3.1 The mail store is full";
  }
}

/** Reads the argument of MAIL or RCPT; RFC 5321 §3.3 allows no space after the colon. */
function parsePath(
  keyword: string,
  argument: string,
): { readonly address: string; readonly parameters: readonly string[] } | undefined {
  const match = /^([A-Z]+):<((?:[^<>"]|"(?:[^"\\]|\\.)*")*)>((?: +[^ ]+)*) *$/i.exec(argument);
  if (match === null || match[1]?.toUpperCase() !== keyword) return undefined;
  const parameters = (match[3] ?? "").toUpperCase().split(" ");
  return { address: match[2] ?? "", parameters: parameters.filter((parameter) => parameter !== "") };
}
