import type { DataEntry, EntryOutcome } from "./data-entry.ts";
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
  /**
   * Prints a prompt and gives the host's bytes to `entry` until it has ended, or until the host has been silent for too
   * long. What came between the command line and the prompt is thrown away (decisions 1.12). A `line` is framed as an
   * information response; an `inline` prompt stands at the start of a line that the host's data continue.
   */
  prompt(text: string, entry: DataEntry, style?: "line" | "inline"): Promise<EntryOutcome>;
}
