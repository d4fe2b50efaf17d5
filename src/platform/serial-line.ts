/** Bounds of a serial line. */
export const SERIAL_LIMITS = {
  /** Bytes that are buffered in each direction between host and module; whoever sends more is held back. */
  hostBuffer: 64 * 1024,
  /** The memory of a shorter piece is not given back: to take new memory costs less. */
  lent: 4096,
  /** Milliseconds between two looks at the lines of a UART, while somebody listens; modems ignore shorter pulses (S25). */
  linePoll: 50,
} as const;

/** The modem lines as the module (DCE) sees and drives them (ITU-T V.24), on a medium that has them. */
export interface ModemLines {
  /** What the host drives: circuit 108 (DTR), and 105 (RTS) where the medium shows it. */
  readonly inputs: { readonly dtr: boolean; readonly rts?: boolean };
  /** What the module drives now. */
  readonly outputs: Required<ModemOutputs>;
  /** Drives what the module drives: circuits 109 (DCD), 125 (RI), 107 (DSR) and 106 (CTS). The others stay as they are. */
  set(lines: ModemOutputs): void;
  /** Reports circuit 108 (DTR) of the host whenever it changes. */
  onDtr(listener: (on: boolean) => void): void;
  /** Reports circuit 105 (RTS) of the host whenever it changes, where the medium shows it. */
  onRts?(listener: (on: boolean) => void): void;
}

/** Circuits that the module drives. A medium ignores those that it has no wire for. */
export interface ModemOutputs {
  readonly dcd?: boolean;
  readonly ri?: boolean;
  readonly dsr?: boolean;
  readonly cts?: boolean;
}

/** Rate and framing of the characters on a line. */
export interface LineSettings {
  /** In bit/s. */
  readonly rate: number;
  readonly dataBits: 5 | 6 | 7 | 8;
  readonly parity: "none" | "odd" | "even" | "mark" | "space";
  readonly stopBits: 1 | 1.5 | 2;
}

/** Rate, framing and break of a medium that has them. */
export interface LinePort {
  /** What the line is set to, as far as the medium shows it. */
  settings(): Promise<Partial<LineSettings>>;
  /**
   * Sets the module's end, after everything written before has left. Resolves when that is done; what the medium refuses
   * stays as it is. Absent where the host's end decides.
   */
  set?(settings: Partial<LineSettings>): Promise<void>;
  /** Reports what the host sets, on a medium that tells it (RFC 2217). */
  onSettings?(listener: (settings: Partial<LineSettings>) => void): void;
  /** Sends a break of `ms` milliseconds. */
  sendBreak?(ms: number): Promise<void>;
  /** Reports a break of the host, on a medium that tells it. */
  onBreak?(listener: () => void): void;
}

/** Takes the host's bytes. No function is called while another one of the same receiver runs. */
export interface Receiver {
  /**
   * Takes bytes from the host; the receiver owns them. A promise holds the host back: the next call comes only after it
   * has settled.
   */
  data(chunk: Buffer): Promise<void> | undefined;
  /** The medium is gone for good (end of stdin, a UART unplugged). Not called after `close()`. */
  lost(reason: Error): void;
  /** A host has opened the line, on a medium that shows it; on a pty it is seen at the host's first byte. */
  opened?(): void;
  /**
   * The host has closed the line, or ended its sending direction: what it has not finished entering will not be finished.
   * Everything that it had sent was given to {@link data} before. A pty that nobody has had open for one second counts as
   * closed.
   */
  closed?(): void;
  /**
   * The medium will deliver no more (end of stdin). {@link lost} follows when the promise has settled, so that what still
   * runs can finish and print.
   */
  ended?(): Promise<void>;
}

/**
 * The serial line of one module: a byte duplex with backpressure to whatever host is, or is not, on the other side. One
 * contract suite holds for all implementations.
 */
export interface SerialLine {
  /** What a host opens: "/dev/pts/4", "127.0.0.1:7000", "stdio". */
  readonly address: string;
  /** The device itself, on a medium whose address may be a link to it. */
  readonly device?: string;
  /** Present where the medium carries modem lines. */
  readonly lines: ModemLines | undefined;
  /** Present where the medium has a rate. */
  readonly port?: LinePort | undefined;
  /** Starts to deliver the host's bytes. Called once. */
  start(receiver: Receiver): void;
  /**
   * Takes bytes for the host, in order; they must not change afterwards, unless the line {@link returnsMemory}. Gives
   * `undefined` while less than `SERIAL_LIMITS.hostBuffer` bytes wait, else a promise that resolves when that is so again (or
   * when the line closes). Never throws: what cannot reach any host is lost, as on a wire.
   */
  write(bytes: Uint8Array): Promise<void> | undefined;
  /** How many bytes wait here for the host; 0 when it keeps up. */
  readonly backlog: number;
  /**
   * Whether bytes that were written in pieces of `SERIAL_LIMITS.lent` or more may change as soon as the backlog counts them
   * no more: their memory can be used again.
   */
  readonly returnsMemory?: boolean;
  /**
   * Resolves when everything that the host had sent before the call has been given to the receiver, as far as that can be
   * known. May be called from within `data()`, which has returned before more is given.
   */
  settle(): Promise<void>;
  /** Closes the line and frees everything. What waits for the host gets one last chance, without waiting. */
  close(): Promise<void>;
}

/** A serial line in raw use, under a protocol that knows its own end: XMODEM. */
export interface RawLine {
  /**
   * Gives what has arrived and was not consumed yet. When there is nothing, waits for it for at most `ms` milliseconds,
   * and then gives `undefined`. Rejects as soon as the module resets.
   */
  peek(ms: number): Promise<Buffer | undefined>;
  /** Removes the first `count` bytes of what {@link peek} gave. What is never consumed belongs to the next command line. */
  consume(count: number): void;
  /** Discards what has arrived. */
  discard(): void;
  /** Sends; resolves when there is room for more. The bytes must not change afterwards. */
  write(bytes: Uint8Array): Promise<void>;
}
