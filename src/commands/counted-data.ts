import { CountedEntry } from "../at/entry/counted-entry.ts";
import type { ModemContext } from "./modem-context.ts";

/** Prompts for so many bytes of data, which hosts send without waiting for the prompt; `undefined` where not all come. */
export async function enterCounted({ line }: Pick<ModemContext, "line">, length: number): Promise<Buffer | undefined> {
  const pieces: Buffer[] = [];
  const receive = async (data: Buffer) => void pieces.push(data);
  const entry = new CountedEntry(length, receive, { early: true, echoed: true });
  const outcome = await line.prompt(">", entry, "inline");
  return outcome === "ended" ? Buffer.concat(pieces) : undefined;
}
