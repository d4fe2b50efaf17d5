/** Where a kernel stands between the bytes it reads and the bytes it writes. Source and target may be one buffer to decode in place. */
export interface EtxCursor {
  readonly source: Uint8Array;
  /** Bytes of the source that are done. */
  read: number;
  readonly target: Uint8Array;
  /** Bytes of the target that are filled. */
  written: number;
}

/** The two inner loops of the ETX code. They keep no state: what a stop means is for the caller to see at `source[read]`. */
export interface EtxKernel {
  /** Stops where the source ends or where the next byte, or the next whole escape pair, does not fit the target. */
  encode(cursor: EtxCursor): void;
  /** Stops where the source ends, before a SUB that ends the data, or before an ETX whose literal byte is still to come. */
  decode(cursor: EtxCursor): void;
}
