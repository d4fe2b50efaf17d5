import { DotStuffer } from "../../codec/dot-stuffing.ts";
import { ServiceError } from "../../platform/network/service-error.ts";
import type { SmtpDialogue } from "./dialogue.ts";
import type { SmtpReply } from "./reply.ts";

/** A message of CR LF lines. */
export interface SmtpMessage {
  /** In bytes, before dot-stuffing. */
  readonly size: number;
  /** Whether a byte above 0x7F is in it. */
  readonly needs8Bit: boolean;
  read(signal: AbortSignal): AsyncIterable<Buffer>;
}

/**
 * Sends the message and its final dot, and gives the reply. A server that answers or leaves before it has the whole is
 * heard at once; the connection is then dropped, for the rest of the message must not be taken for commands.
 */
export async function transmit(dialogue: SmtpDialogue, message: SmtpMessage): Promise<SmtpReply> {
  let complete = false;
  const reply = dialogue.reply("END");
  const sent = pump(dialogue, message, () => {
    complete = true;
  });
  try {
    await Promise.race([sent, reply]);
    if (complete) return await reply;
    throw new ServiceError("REPLY", "an answer before the end of the message");
  } catch (error) {
    dialogue.close();
    // A server that refuses and breaks the connection should be heard: its reply came before the break.
    const refusal = await reply.catch(() => undefined);
    if (refusal !== undefined && refusal.code >= 400) return refusal;
    throw error;
  } finally {
    // The message's reader is closed when this is over.
    if (!complete) await Promise.allSettled([sent]);
  }
}

/** `onEnd` is told when nothing but the final dot is left to send. */
async function pump(dialogue: SmtpDialogue, message: SmtpMessage, onEnd: () => void): Promise<void> {
  const stuffer = new DotStuffer();
  for await (const chunk of message.read(dialogue.signal)) await dialogue.write(stuffer.push(chunk), "BLOCK");
  onEnd();
  await dialogue.write(stuffer.end(), "END");
}
