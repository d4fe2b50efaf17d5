/**
 * A caller's mistake: an option that is unknown, wrong or in conflict with another, or a place that is already in use. The
 * message is one line and names the option. The command line prints it and exits with code 2.
 */
export class UsageError extends Error {
  override readonly name = "UsageError";
  /** The option at fault as the caller wrote it, where it is a single one. */
  readonly option: string | undefined;

  constructor(message: string, details: { readonly option?: string; readonly cause?: unknown } = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.option = details.option;
  }
}
