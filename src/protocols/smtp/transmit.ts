import { DotStuffer } from "../../codec/dot-stuffing.ts";
import { ServiceError } from "../../platform/network/service-error.ts";
import type { SmtpDialogue } from "./dialogue.ts";
import type { SmtpReply } from "./reply.ts";

/** A message whose lines end with CR LF. */
export interface SmtpMessage {
  /** In bytes, before dot-stuffing. */
  readonly size: number;
  /** Whether a byte above 0x7F is in it. */
  readonly needs8Bit: boolean;
  read(signal: AbortSignal): AsyncIterable<Buffer>;
}

/**
 * Sends the message and its final dot, and returns the reply. A reply that comes before the end of the message, and a
 * connection that ends before it, count at once; the connection is then dropped, because the server would take the rest
 * of the message for commands.
 */
export async function transmit(dialogue: SmtpDialogue, message: SmtpMessage): Promise<SmtpReply> {
  let complete = false;
  const reply = dialogue.nextReply();
  const sent = pump(dialogue, message, () => {
    complete = true;
  });
  try {
    await Promise.race([sent, reply]);
    if (complete) return await dialogue.within("END", reply);
    throw new ServiceError("REPLY", "a reply before the end of the message");
  } catch (error) {
    const refusal = await refusalBefore(error, dialogue, reply);
    dialogue.close();
    if (refusal !== undefined) return refusal;
    throw error;
  } finally {
    // The message's reader is closed when this has settled.
    if (!complete) await Promise.allSettled([sent]);
  }
}

/**
 * The refusal that arrived before a failure, if one did: a server may refuse in the middle of the message and break the
 * connection. Where the connection is not broken the reader has to be ended first.
 */
async function refusalBefore(
  error: unknown,
  dialogue: SmtpDialogue,
  reply: Promise<SmtpReply>,
): Promise<SmtpReply | undefined> {
  const broken = error instanceof ServiceError && (error.code === "RESET" || error.code === "CLOSED");
  if (!broken) dialogue.close();
  const arrived = await dialogue.within("QUIT", reply).catch(() => undefined);
  return arrived !== undefined && arrived.code >= 400 ? arrived : undefined;
}

/** Calls `onEnd` when nothing but the final dot is left to send. */
async function pump(dialogue: SmtpDialogue, message: SmtpMessage, onEnd: () => void): Promise<void> {
  const stuffer = new DotStuffer();
  for await (const chunk of message.read(dialogue.signal)) await dialogue.write(stuffer.push(chunk), "DATA");
  onEnd();
  await dialogue.write(stuffer.end(), "END");
}
