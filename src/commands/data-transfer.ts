import type { AtLine } from "../at/at-line.ts";
import type { DataEntry } from "../at/entry/data-entry.ts";
import { DataPackets } from "../services/data-packets.ts";
import type { Download, Upload } from "../services/transfer.ts";
import type { ModemContext } from "./modem-context.ts";

/** A prompt, and the data entry that hands what the host enters to `write`. */
export interface DataPrompt {
  readonly text: string;
  readonly style?: "line" | "inline";
  entry(write: (data: Buffer) => Promise<void>): DataEntry;
}

/**
 * Prompts the host for data and passes them into an upload. Gives the outcome of the upload, or `undefined` when the data
 * are not complete: the host was silent, gave up, or has gone. The upload is aborted then.
 */
export async function receive<Outcome>(
  line: AtLine,
  { text, style, entry }: DataPrompt,
  upload: Upload<Outcome>,
): Promise<Outcome | undefined> {
  let complete = false;
  try {
    const outcome = await line.prompt(
      text,
      entry((data) => upload.write(data)),
      style,
    );
    complete = outcome === "ended";
  } finally {
    if (!complete) await upload.abort();
  }
  return complete ? upload.finish() : undefined;
}

/** How the packets of a command are named and cut, where the dialect does not say it. */
export interface PacketStyle {
  readonly name: string;
  readonly separator?: ", " | ",";
  /** Filled whatever pieces the data come in. */
  readonly filled?: true;
}

/** Prints a download on the line in `DATA` packets, as they are, and gives its outcome. */
export function send<Outcome>(
  { line, clock, dialect, timing }: ModemContext,
  style: PacketStyle,
  download: Download<Outcome>,
): Promise<Outcome> {
  const packets = new DataPackets({
    name: style.name,
    print: (batch) => line.packets(batch),
    clock,
    dialect: {
      packetSize: dialect.packetSize,
      packetSeparator: style.separator ?? dialect.packetSeparator,
      packetsFilled: style.filled ?? dialect.packetsFilled,
    },
    gap: timing.packetGap,
    escaped: false,
  });
  return packets.print(download, line.signal);
}
