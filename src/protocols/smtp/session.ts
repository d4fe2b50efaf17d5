import type { Endpoint } from "../../platform/network/network.ts";
import { authenticate, type SmtpCredentials } from "./auth.ts";
import { SmtpDialogue, type SmtpPorts } from "./dialogue.ts";
import { introduce, type SmtpExtensions } from "./extensions.ts";
import { accept, faultOf, SmtpRefusal, type SmtpStep } from "./reply.ts";
import { type SmtpMessage, transmit } from "./transmit.ts";

/** The addresses of MAIL FROM and RCPT TO, which are independent of the message. */
export interface SmtpEnvelope {
  readonly from: string;
  readonly recipients: readonly string[];
}

/**
 * Connects, waits for the greeting, sends EHLO or HELO, and authenticates where credentials are given. The signal ends
 * the session at any later point, too: the connection is dropped, and what waits is rejected with the signal's reason.
 *
 * @rfc 5321 §3.1, §3.2; 4954
 */
export async function openSmtpSession(
  ports: SmtpPorts,
  server: Endpoint,
  credentials: SmtpCredentials | undefined,
  signal: AbortSignal,
): Promise<SmtpSession> {
  const dialogue = await SmtpDialogue.connect(ports, server, signal);
  try {
    accept(await dialogue.reply("GREETING"), "GREETING", 2);
    const extensions = await introduce(dialogue);
    if (credentials !== undefined) await authenticate(dialogue, extensions.mechanisms, credentials);
    return new SmtpSession(dialogue, extensions);
  } catch (error) {
    await abandon(dialogue, error, ["QUIT"]);
    throw error;
  }
}

/** An open session with a server that is ready to accept a message. */
export class SmtpSession {
  readonly #dialogue: SmtpDialogue;
  readonly #extensions: SmtpExtensions;

  constructor(dialogue: SmtpDialogue, extensions: SmtpExtensions) {
    this.#dialogue = dialogue;
    this.#extensions = extensions;
  }

  /** Whether the server accepts bytes above 0x7F in the text of a message. */
  get eightBitMime(): boolean {
    return this.#extensions.eightBitMime;
  }

  /** Sends one message to all of its recipients or to none. When it throws, the session is over. */
  async send(envelope: SmtpEnvelope, message: SmtpMessage): Promise<void> {
    try {
      for (const group of this.#groups(envelope, message)) await this.#run(group);
      accept(await transmit(this.#dialogue, message), "END", 2);
    } catch (error) {
      await abandon(this.#dialogue, error, ["RSET", "QUIT"]);
      throw error;
    }
  }

  /** Sends QUIT and closes. It never fails: whether the message was accepted is known before. */
  async quit(): Promise<void> {
    await this.#dialogue.leave(["QUIT"]);
  }

  /** The commands of one message, each group sent in one write. */
  #groups({ from, recipients }: SmtpEnvelope, message: SmtpMessage): Command[][] {
    const mail: Command = { step: "MAIL", line: `MAIL FROM:<${address("MAIL", from)}>${this.#parameters(message)}` };
    const rcpts = recipients.map((to): Command => ({ step: "RCPT", line: `RCPT TO:<${address("RCPT", to)}>` }));
    const data: Command = { step: "DATA", line: "DATA" };
    if (!this.#extensions.pipelining) return [mail, ...rcpts, data].map((command) => [command]);
    // RFC 2920 §3.1 lets DATA end the group. But after DATA with one recipient accepted and another refused the client
    // could only deliver something, and the message must go to all or to none. So DATA joins for one recipient only.
    return recipients.length === 1 ? [[mail, ...rcpts, data]] : [[mail, ...rcpts], [data]];
  }

  #parameters(message: SmtpMessage): string {
    const { size, eightBitMime } = this.#extensions;
    // RFC 1870 §6.1: a message that the server does not accept is not offered.
    if (size !== undefined && size.limit > 0 && message.size > size.limit) {
      throw new SmtpRefusal("MAIL", 552, `${message.size} bytes, the server accepts ${size.limit}`);
    }
    const body = message.needs8Bit && eightBitMime ? " BODY=8BITMIME" : "";
    return `${size === undefined ? "" : ` SIZE=${message.size}`}${body}`;
  }

  /** Sends a group and reads all of its replies. The first refusal counts: those after it may only follow from it. */
  async #run(group: readonly Command[]): Promise<void> {
    const [first] = group;
    if (first === undefined) return;
    await this.#dialogue.send(
      first.step,
      group.map((command) => command.line),
    );
    let refusal: SmtpRefusal | undefined;
    for (const { step } of group) {
      const reply = await this.#dialogue.reply(step).catch((error) => Promise.reject(refusal ?? error));
      const fault = faultOf(reply, step, step === "DATA" ? 3 : 2);
      if (fault instanceof SmtpRefusal && fault.reply !== 421) refusal ??= fault;
      else if (fault !== undefined) throw refusal ?? fault;
      else if (step === "DATA" && refusal !== undefined) await this.#endNothing().catch(() => Promise.reject(refusal));
    }
    if (refusal !== undefined) throw refusal;
  }

  /** RFC 2920 §3.1: a server may accept DATA without a recipient; the client then sends the dot alone, which is refused. */
  async #endNothing(): Promise<void> {
    await this.#dialogue.write(".\r\n", "END");
    await this.#dialogue.reply("END");
  }
}

interface Command {
  readonly step: SmtpStep;
  readonly line: string;
}

/**
 * Whether SMTP can carry this text as an address between `<` and `>`: printable ASCII, in which angle brackets and blanks
 * stand only inside a quoted string that is closed. The syntax beyond that is left to the server.
 *
 * @rfc 5321 §4.1.2
 */
export function isSmtpAddress(text: string): boolean {
  return /^(?:[!#-;=?-~]|"(?:[ !#-[\]-~]|\\[ -~])*")*$/.test(text);
}

/** Returns the address. One that SMTP cannot carry is refused as if by the server. */
function address(step: "MAIL" | "RCPT", text: string): string {
  if (!isSmtpAddress(text)) throw new SmtpRefusal(step, 553, "not an SMTP address");
  return text;
}

/** Ends a session that failed: by QUIT after a refusal, at once where the server has gone or does not speak SMTP. */
async function abandon(dialogue: SmtpDialogue, error: unknown, commands: readonly ("RSET" | "QUIT")[]): Promise<void> {
  // RFC 5321 §3.8: after 421 the server closes.
  if (error instanceof SmtpRefusal && error.reply !== 421) await dialogue.leave(commands);
  else dialogue.close();
}
