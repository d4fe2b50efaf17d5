/** A serial line while bytes go over it raw, under a protocol that knows its own end: XMODEM. */
export interface RawLine {
  /**
   * Gives what has come from the other side and was not consumed yet; waits for it, if there is nothing, for at most `ms`
   * milliseconds, and then gives `undefined`. Rejects as soon as the module resets.
   */
  peek(ms: number): Promise<Buffer | undefined>;
  /** Takes the first `count` bytes of what {@link peek} gave. What is never consumed is the next command line's. */
  consume(count: number): void;
  /** Throws away what has come. */
  discard(): void;
  /** Sends; resolves when there is room for more. The bytes must not change afterwards. */
  write(bytes: Uint8Array): Promise<void>;
}
