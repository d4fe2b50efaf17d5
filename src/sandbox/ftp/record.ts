import { SANDBOX_LIMITS } from "../limits.ts";
import type { FtpCommandLine } from "./command-line.ts";

/** What one client did. */
export interface FtpSessionRecord {
  /** The client's address. */
  readonly client: string;
  /** The last commands as they came, the password masked; each a byte string. */
  readonly commands: readonly string[];
  /** Whether the session goes on. */
  readonly open: boolean;
}

/** Writes one session's record. */
export class FtpRecorder implements FtpSessionRecord {
  readonly client: string;
  readonly commands: string[] = [];
  open = true;

  constructor(client: string) {
    this.client = client;
  }

  /** Records a command, and gives it as it may be shown. */
  note({ verb, argument }: FtpCommandLine): string {
    const shown = verb === "PASS" ? "****" : argument;
    const line = shown === "" ? verb : `${verb} ${shown}`;
    this.commands.push(line);
    if (this.commands.length > SANDBOX_LIMITS.ftp.commands) this.commands.shift();
    return line;
  }
}
