import { SANDBOX_FTP_COMMANDS, SANDBOX_FTP_HISTORY } from "../../platform/limits.ts";
import type { FtpCommandLine } from "./command-line.ts";

/** What one client did, for whoever looks on. */
export interface FtpSessionRecord {
  /** The client's address. */
  readonly client: string;
  /** The last commands as they came, the password masked; each a byte string. */
  readonly commands: readonly string[];
  /** Whether the session still lasts. */
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

  /** Takes a command down, and gives it as it may be shown. */
  note({ verb, argument }: FtpCommandLine): string {
    const shown = verb === "PASS" ? "****" : argument;
    const line = shown === "" ? verb : `${verb} ${shown}`;
    this.commands.push(line);
    if (this.commands.length > SANDBOX_FTP_COMMANDS) this.commands.shift();
    return line;
  }
}

/** The sessions that last, and the most recent of those that are over. */
export class FtpHistory {
  readonly #recorders: FtpRecorder[] = [];

  get sessions(): readonly FtpSessionRecord[] {
    return [...this.#recorders];
  }

  clear(): void {
    this.#recorders.length = 0;
  }

  begin(client: string): FtpRecorder {
    const recorder = new FtpRecorder(client);
    this.#recorders.push(recorder);
    if (this.#recorders.length > SANDBOX_FTP_HISTORY) this.#recorders.shift();
    return recorder;
  }
}
