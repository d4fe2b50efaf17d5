/** The bounds of the AT interface, each with its reason. Sizes in bytes, times in milliseconds. */
export const AT_LIMITS = {
  /** A command line after `AT`; a longer one is dropped whole with `ERROR` (decisions 1.4). */
  commandLine: 2048,
  /** Output that waits for the host before echo is dropped: what a slow medium has in flight, with room to spare. */
  echoBacklog: 4096,
  /** Output that is collected before it is handed on although more commands of the same burst follow. */
  burst: 16 * 1024,
  /** Unsolicited lines that wait for a free line (decisions 1.13). */
  waitingUrcs: 64 * 1024,
  /** A piece of input up to this size is copied behind the piece before it, so that the queue holds few pieces. */
  smallPiece: 1024,
  /** How long the host may be silent in data entry before the operation fails (decisions 7); scaled by `--timeout-scale`. */
  entrySilence: 120_000,
} as const;
