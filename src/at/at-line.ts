import type { RawLine } from "../platform/serial-line.ts";
import type { DataEntry, EntryOutcome } from "./entry/data-entry.ts";
import type { Packet } from "./packet.ts";
import type { Result } from "./result-code.ts";

/** What a handler may say to the host that gave its command line. */
export interface AtLine {
  /** Aborts when the module resets. */
  readonly signal: AbortSignal;
  /** Prints one information response; its lines are joined by CR LF. */
  info(text: string): void;
  /**
   * Prints the final result code before the handler returns (which it then does with `NONE`); the line stays held until
   * it does, and from here on URCs may come in between. A holding command's.
   */
  final(result: Result): void;
  /** Does something once the final result code of this line is printed. A synchronous command's. */
  afterwards(action: () => void): void;
  /** Prints bytes as they are; resolves when there is room for more. They must not change afterwards. A holding command's. */
  payload(bytes: Uint8Array): Promise<void>;
  /** Prints lines, each with raw bytes right behind it, as {@link payload} does. Nothing splits any of them. */
  packets(packets: readonly Packet[]): Promise<void>;
  /**
   * Prints all that `next` gives, until it gives `undefined`, as one information response: bytes as they are, and nothing
   * in between. It is asked again when there is room for more. A holding command's.
   */
  response(next: () => Promise<Uint8Array | undefined>): Promise<void>;
  /**
   * Prints a prompt and gives the host's bytes to `entry` until it has ended, or until the host has been silent for too
   * long. What came between the command line and the prompt is thrown away (decisions 1.12). A `line` is framed as an
   * information response; an `inline` prompt stands at the start of a line that the host's data continue.
   */
  prompt(text: string, entry: DataEntry, style?: "line" | "inline"): Promise<EntryOutcome>;
  /**
   * Gives the line to `work`, raw in both directions, until it settles: nothing is echoed, nothing unsolicited comes in
   * between, and time-outs are the work's own. What the host sends beyond it is the next command line's. A holding command's.
   */
  exchange<T>(work: (wire: RawLine) => Promise<T>): Promise<T>;
}
