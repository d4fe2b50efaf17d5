/** The modem lines as the module drives and sees them (ITU-T V.24), on a medium that has them. */
export interface ModemLines {
  /** Drives what the module (DCE) drives: circuit 109 (DCD), 125 (RI). */
  set(lines: { readonly dcd?: boolean; readonly ri?: boolean }): void;
  /** Reports circuit 108 (DTR) of the host whenever it changes. */
  onDtr(listener: (on: boolean) => void): void;
}

/** Who takes the host's bytes. */
export interface Receiver {
  /**
   * Takes bytes from the host; the receiver owns them. A promise holds the host back: the next call comes only after it
   * has settled.
   */
  data(chunk: Buffer): Promise<void> | undefined;
  /** The medium is gone for good (end of stdin, a UART unplugged). Not called after `close()`. */
  lost(reason: Error): void;
}

/**
 * The serial line of one module: a byte duplex with backpressure to whatever host is, or is not, on the other side. One
 * contract suite holds all implementations.
 */
export interface SerialLine {
  /** What a host opens: "/dev/pts/4", "127.0.0.1:7000", "stdio". */
  readonly address: string;
  /** Present where the medium carries modem lines. */
  readonly lines: ModemLines | undefined;
  /** Starts to deliver the host's bytes. Called once. */
  start(receiver: Receiver): void;
  /**
   * Takes bytes for the host, in order; they must not change afterwards. Gives `undefined` while less than `HOST_BUFFER`
   * bytes wait, else a promise that resolves when that is so again (or when the transport closes). Never throws: what
   * cannot reach any host is lost, as on a wire.
   */
  write(bytes: Uint8Array): Promise<void> | undefined;
  /** How many bytes wait here for the host; 0 when it keeps up. */
  readonly backlog: number;
  /** Resolves when all that the host had sent before the call has been given to the receiver, as far as one can know. */
  settle(): Promise<void>;
  /** Ends it and frees everything. What waits for the host gets one last chance, without waiting. */
  close(): Promise<void>;
}

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
