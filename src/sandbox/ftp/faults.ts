/**
 * How the embedded FTP server misbehaves at a command, for whoever wants to see how a client takes it. Plain data.
 *
 * - `reply` says this instead of doing anything: `550 No.`, or garbage
 * - `close` drops the control connection · `silence` answers nothing, ever
 * - `cut` (RETR, STOR, APPE, LIST, NLST, MLSD) drops the data connection after so many bytes, and says `reply`, 426 without
 * - `final` does the transfer, but ends it with this reply instead of 226
 */
export type FtpFault =
  | { readonly kind: "reply"; readonly text: string }
  | { readonly kind: "close" }
  | { readonly kind: "silence" }
  | { readonly kind: "cut"; readonly after: number; readonly reply?: string }
  | { readonly kind: "final"; readonly text: string };

/** The faults that are set, by verb. `GREETING` stands for the moment after a client has connected. */
export class FtpFaults {
  readonly #faults = new Map<string, FtpFault>();

  /** Sets the fault of a verb until it is cleared. */
  set(verb: string, fault: FtpFault): void {
    this.#faults.set(verb.toUpperCase(), fault);
  }

  /** Clears the fault of one verb, or all. */
  clear(verb?: string): void {
    if (verb === undefined) this.#faults.clear();
    else this.#faults.delete(verb.toUpperCase());
  }

  at(verb: string): FtpFault | undefined {
    return this.#faults.get(verb);
  }
}
