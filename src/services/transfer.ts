/**
 * Data on their way from the host: begun by a service, then written, then finished or aborted. The host is in the middle
 * of its data, so a failure is kept for {@link finish}, and the rest of the data is dropped (decisions 7).
 */
export interface Upload<Outcome> {
  /** Takes bytes, which must not change afterwards, and resolves when there is room for more. One call at a time. */
  write(bytes: Buffer): Promise<void>;
  /** The data are complete. Gives the outcome; rejects only with the module's abort reason, or as the service says. */
  finish(): Promise<Outcome>;
  /** Drops the data: what was written does not count. */
  abort(): Promise<void>;
}

/** Data on their way to the host: begun by a service, then read to their end, then finished or aborted. */
export interface Download<Outcome> {
  /** Gives the next bytes, at least one; `undefined` at the end, be it a good one or a failure, which {@link finish} tells. */
  read(): Promise<Buffer | undefined>;
  /** Gives the outcome. Rejects only with the module's abort reason, or as the service says. */
  finish(): Promise<Outcome>;
  /** Drops the rest. */
  abort(): Promise<void>;
}
