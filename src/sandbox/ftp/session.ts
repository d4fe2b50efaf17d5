import type { Events } from "../../platform/events.ts";
import type { Log } from "../../platform/log.ts";
import type { Connection, Network, SecureOptions } from "../../platform/network/network.ts";
import { ServiceError } from "../../platform/network/service-error.ts";
import type { Clock } from "../../platform/time/clock.ts";
import { Deadline } from "../../platform/time/deadline.ts";
import { SANDBOX_LIMITS } from "../limits.ts";
import { accessCommands } from "./access-commands.ts";
import type { FtpAccounts, FtpCommands, FtpContext, FtpOutcome } from "./command.ts";
import { type FtpCommandLine, parseFtpCommand } from "./command-line.ts";
import { FtpDataPort, withoutMapping } from "./data-port.ts";
import { fileCommands } from "./file-commands.ts";
import { shownPath } from "./files.ts";
import type { FtpRecorder } from "./record.ts";
import { FtpFileError, type FtpPath, type FtpRoot } from "./root.ts";
import { securityCommands } from "./security-commands.ts";
import { type FtpTransfer, moveFtpData } from "./transfer.ts";
import { transferCommands } from "./transfer-commands.ts";

const COMMANDS: FtpCommands = { ...accessCommands, ...securityCommands, ...fileCommands, ...transferCommands };

/** What a session needs besides its connection. */
export interface FtpSurroundings {
  readonly network: Network;
  readonly clock: Clock;
  readonly root: FtpRoot;
  readonly accounts: FtpAccounts;
  readonly log: Log;
  readonly events: Events;
  /** How clients begin TLS; without it they cannot. */
  readonly tls: SecureOptions | undefined;
}

/** One client's session, from the greeting to the end. */
export class FtpServerSession {
  readonly #control: Connection;
  readonly #surroundings: FtpSurroundings;
  readonly #recorder: FtpRecorder;
  readonly #context: FtpContext;
  readonly #signal: AbortSignal;
  readonly #idle: Deadline;
  readonly #draining = new Set<Promise<void>>();
  /** The command that is being read. It stays here when a transfer ends before it has come. */
  #incoming: Promise<FtpCommandLine> | undefined;

  /** `isSecure`: the client has begun with TLS. */
  constructor(
    control: Connection,
    surroundings: FtpSurroundings,
    recorder: FtpRecorder,
    signal: AbortSignal,
    isSecure: boolean,
  ) {
    const localAddress = withoutMapping(control.local.host);
    this.#control = control;
    this.#surroundings = surroundings;
    this.#recorder = recorder;
    this.#signal = signal;
    this.#idle = new Deadline(surroundings.clock, SANDBOX_LIMITS.ftp.idle, signal);
    this.#context = {
      root: surroundings.root,
      accounts: surroundings.accounts,
      data: new FtpDataPort(surroundings.network, localAddress, control.remote.host),
      localAddress,
      signal: this.#idle.signal,
      now: () => surroundings.clock.now(),
      user: undefined,
      loggedIn: false,
      directory: [],
      type: "A",
      restart: 0,
      renameFrom: undefined,
      tls: surroundings.tls,
      isSecure,
      hasBufferSize: false,
      epsvOnly: false,
    };
    // Clients of the port for TLS expect private data without asking for them.
    if (isSecure) this.#context.data.protection = surroundings.tls;
  }

  /** Serves until the client or the server ends it, and ends our direction of the control connection. */
  async run(): Promise<void> {
    try {
      await this.#reply("220 FTP server ready.");
      await this.#serve();
    } catch (error) {
      // RFC 959 §5.4: 421 may come at any time.
      if (error instanceof ServiceError && error.code === "TIMEOUT")
        await this.#lastWords("421 Too long without a command.");
      if (error instanceof ServiceError && error.code === "REPLY") await this.#lastWords("500 The line is too long.");
    } finally {
      this.#context.data.close();
      this.#idle.dispose();
      this.#control.end();
      await Promise.all(this.#draining);
    }
  }

  async #serve(): Promise<void> {
    for (;;) {
      this.#idle.restart();
      const command = await this.#next();
      this.#incoming = undefined;
      this.#idle.suspend();
      this.#note(command);
      const outcome = await this.#execute(command);
      if (typeof outcome === "string") await this.#reply(outcome);
      else if ("goodbye" in outcome) {
        await this.#reply(outcome.goodbye);
        return;
      } else if ("secure" in outcome) {
        await this.#reply(outcome.reply);
        await this.#secure(outcome.secure);
      } else if (!(await this.#transfer(outcome))) return;
    }
  }

  /** Begins TLS; the client has to log in afterwards. @rfc 4217 §4 */
  async #secure(tls: SecureOptions): Promise<void> {
    const deadline = new Deadline(this.#surroundings.clock, SANDBOX_LIMITS.firstByte, this.#signal);
    try {
      await this.#control.secure(tls, deadline.signal);
    } finally {
      deadline.dispose();
    }
    Object.assign(this.#context, { isSecure: true, user: undefined, loggedIn: false });
  }

  /** Gives the next command. While one is being read already, that one. */
  #next(): Promise<FtpCommandLine> {
    this.#incoming ??= this.#control.readLine(SANDBOX_LIMITS.ftp.command, this.#idle.signal).then(parseFtpCommand);
    this.#incoming.catch(() => undefined);
    return this.#incoming;
  }

  async #execute({ verb, argument }: FtpCommandLine): Promise<FtpOutcome> {
    const command = Object.hasOwn(COMMANDS, verb) ? COMMANDS[verb] : undefined;
    if (command === undefined) return "502 Command not implemented.";
    if (command.anyone !== true && !this.#context.loggedIn) return "530 Log in first.";
    if (/[\0\r]/.test(argument)) return "501 No CR and no NUL.";
    try {
      return await command.run(this.#context, argument);
    } catch (error) {
      if (error instanceof FtpFileError) return `${error.reply} ${error.message}.`;
      return "451 Local error.";
    }
  }

  /** Runs a transfer while still listening to the client. Gives `false` when the client has gone. */
  async #transfer(transfer: FtpTransfer): Promise<boolean> {
    await this.#reply("150 Data connection follows.");
    const abort = new AbortController();
    const stop = () => abort.abort(this.#signal.reason);
    this.#signal.addEventListener("abort", stop);
    try {
      const moved = moveFtpData(transfer, this.#context.data, this.#surroundings.clock, abort.signal);
      const aborted = await this.#watch(moved, abort);
      const { reply, draining, whole } = await moved;
      if (whole && "receive" in transfer) await this.#tellUpload(transfer.path);
      if (draining !== undefined) this.#track(draining);
      if (aborted === "gone") return false;
      await this.#reply(reply);
      // RFC 959 §4.1.3: an aborted transfer is answered twice, for itself and for the ABOR.
      if (aborted === "ABOR") await this.#reply("226 Aborted.");
      return true;
    } finally {
      this.#signal.removeEventListener("abort", stop);
    }
  }

  /** Obeys ABOR and STAT until the data have been moved. Any other command waits in `#incoming`. */
  async #watch(moved: Promise<unknown>, abort: AbortController): Promise<"ABOR" | "gone" | undefined> {
    for (;;) {
      const command = await Promise.race([moved.then(() => undefined), this.#next().catch(() => "gone" as const)]);
      if (command === undefined) return undefined;
      if (command === "gone") {
        abort.abort();
        return "gone";
      }
      if (command.verb !== "ABOR" && !(command.verb === "STAT" && command.argument === "")) return undefined;
      this.#incoming = undefined;
      this.#note(command);
      if (command.verb === "ABOR") {
        abort.abort();
        return "ABOR";
      }
      await this.#reply("211 A transfer runs.");
    }
  }

  #note(command: FtpCommandLine): void {
    this.#surroundings.log.debug({ event: "sandbox-ftp-command", line: this.#recorder.note(command) });
  }

  #track(draining: Promise<void>): void {
    this.#draining.add(draining);
    void draining.finally(() => this.#draining.delete(draining));
  }

  async #reply(text: string): Promise<void> {
    this.#surroundings.log.debug({ event: "sandbox-ftp-reply", text });
    await this.#control.write(Buffer.from(`${text}\r\n`, "latin1"), this.#signal);
  }

  async #lastWords(text: string): Promise<void> {
    await this.#reply(text).catch(() => undefined);
  }

  async #tellUpload(path: FtpPath): Promise<void> {
    const { events, root } = this.#surroundings;
    const entry = events.active ? await root.stat(path) : undefined;
    if (entry !== undefined) events.emit({ type: "upload", path: shownPath(path), size: entry.size });
  }
}
