import type { RigEvent } from "../../rig/events.ts";

/** What a console sees: an event of a rig; of a port only what the module sends. */
export type Sight = RigEvent | { readonly type: "module"; readonly bytes: string };

/** The rig or port that a console is attached to. */
export interface Attachment {
  /** What the prompt shows: `m1`, `ttyUSB2`. */
  readonly name: string;
  /** What the console says when it begins. */
  readonly greeting: string;
  /** Whether its sights tell of data entry; otherwise only the module's prompts do. */
  readonly tellsEntries: boolean;
  /** What `:` commands get in front: the rig that they go to. */
  readonly ctl: readonly string[];
  /** Everything from now on, in order. Throws {@link Lost} when the rig or the port is gone. */
  sights(signal: AbortSignal): AsyncIterable<Sight>;
  /** Sends bytes, and gives why they were refused. */
  send(bytes: Buffer, signal: AbortSignal): Promise<string | undefined>;
  close(): Promise<void>;
}

/** The rig or the port is gone. */
export class Lost extends Error {
  override readonly name = "Lost";
}
