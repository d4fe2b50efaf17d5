import type { SecureOptions } from "../../platform/network/network.ts";
import type { FtpDataPort } from "./data-port.ts";
import type { FtpFileWriter, FtpPath, FtpRoot } from "./root.ts";

/** What the commands of one session share. */
export interface FtpContext {
  readonly root: FtpRoot;
  readonly accounts: FtpAccounts;
  readonly data: FtpDataPort;
  /** The control connection's own address, without IPv4 mapping. */
  readonly localAddress: string;
  readonly signal: AbortSignal;
  now(): number;
  /** The name given with USER; logged in once the password has been accepted. */
  user: string | undefined;
  loggedIn: boolean;
  directory: FtpPath;
  type: "A" | "I";
  /** Where the next RETR or STOR starts. */
  restart: number;
  /** What RNTO will move. */
  renameFrom: FtpPath | undefined;
  /** How clients begin TLS; without it they cannot. */
  readonly tls: SecureOptions | undefined;
  /** Whether the control connection is secure. */
  isSecure: boolean;
  /** Whether PBSZ has come since: PROT needs it (RFC 4217 §9). */
  hasBufferSize: boolean;
  /** The client has promised to use EPSV only. @rfc 2428 §4 */
  epsvOnly: boolean;
}

/** Who may log in. */
export interface FtpAccounts {
  /** Passwords by user; both byte strings. */
  readonly users: Readonly<Record<string, string>>;
  /** Who else may, with any password; `anonymous` goes by the name of `ftp` too. */
  readonly guests: "none" | "anonymous" | "anyone";
}

/** What a command does beside, or instead of, answering at once. */
export type FtpOutcome =
  | string
  | { readonly send: AsyncIterable<Uint8Array> }
  | { readonly receive: FtpFileWriter; readonly path: FtpPath }
  | { readonly goodbye: string }
  /** The client's handshake follows the reply. */
  | { readonly reply: string; readonly secure: SecureOptions };

/** One command. It gives the reply's lines joined by CR LF, or a transfer, whose replies the session gives. */
export interface FtpCommand {
  /** Whether it may come before the log-in. */
  readonly anyone?: true;
  run(context: FtpContext, argument: string): Promise<FtpOutcome> | FtpOutcome;
}

export type FtpCommands = Readonly<Record<string, FtpCommand>>;
