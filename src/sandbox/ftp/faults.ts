interface Scoped {
  /** Only for commands whose argument contains it, in any case of letters: a path, for example. */
  readonly argument?: string;
}

/**
 * What the embedded FTP server does wrong at a command. The verb `GREETING` stands for the moment after a client has
 * connected.
 *
 * - `reply` sends this and does nothing: `550 No.`, or garbage
 * - `close` drops the control connection · `silence` never answers
 * - `cut` (RETR, STOR, APPE, LIST, NLST, MLSD) drops the data connection after so many bytes, and sends `reply`, or 426
 * - `final` does the transfer, but ends it with this reply instead of 226
 */
export type FtpFault = Scoped &
  (
    | { readonly kind: "reply"; readonly text: string }
    | { readonly kind: "close" }
    | { readonly kind: "silence" }
    | { readonly kind: "cut"; readonly after: number; readonly reply?: string }
    | { readonly kind: "final"; readonly text: string }
  );
