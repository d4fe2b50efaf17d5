/** How far a {@link DataEntry} has come with a chunk. */
export interface EntryProgress {
  /** How many bytes of the chunk belong to the data, their end mark included; the rest is the next command line's. */
  readonly consumed: number;
  readonly ended: boolean;
  /** The host has ended the entry by giving it up (ESC). */
  readonly escaped?: boolean;
  /** Present when the receiver of the data holds the host back. Never rejects. */
  readonly ready: Promise<void> | undefined;
}

/** What takes the host's bytes while a data prompt is up. It owns the chunks it gets. */
export interface DataEntry {
  /** Nothing is awaited: the entry ends with its prompt. */
  readonly complete?: boolean;
  /** The data are those of a file: no byte may be lost, whatever its value. */
  readonly binary?: boolean;
  /** The number of bytes ends the data: no byte of them is an end mark. */
  readonly counted?: boolean;
  /**
   * Hosts do not wait for the prompt: it comes at once, and what they send before it belongs to the data, but for the line
   * feed of the command line's CR LF (module.md 0.1).
   */
  readonly early?: boolean;
  /** `echo` is there while ATE1 is in force; it does not keep the bytes. `print` prints whatever ATE says. */
  push(
    chunk: Buffer,
    echo: ((bytes: Uint8Array) => void) | undefined,
    print: (bytes: Uint8Array) => void,
  ): EntryProgress;
}

/**
 * How a data entry came to its end. Only data that have `ended` are whole: the host has given them up (`escaped`), has sent
 * nothing for too long (`silent`), or has gone (`cut`).
 */
export type EntryOutcome = "ended" | "escaped" | "silent" | "cut";
