import type { Efs } from "../../efs/efs.ts";
import type { Dialect } from "../../module/dialect.ts";
import type { Timing } from "../../module/timing.ts";
import type { Log } from "../../platform/log.ts";
import type { Network } from "../../platform/network/network.ts";
import type { Clock } from "../../platform/time/clock.ts";
import { isFtpArgument } from "../../protocols/ftp/control-connection.ts";
import { type FtpSession, openSession } from "../../protocols/ftp/session.ts";
import { ReplyError } from "../../protocols/reply-error.ts";
import { DataPackets } from "../data-packets.ts";
import type { PrintPackets, UnsolicitedOutput } from "../unsolicited-output.ts";
import { FTP_CODES, type FtpCode, type FtpOutcome, ftpCode } from "./code.ts";
import type { EfsFileRequest, FileRequest } from "./efs-files.ts";
import { type Connect, type EnterData, fetchToEfs, fetchToHost, sendFromEfs, sendFromHost } from "./transfers.ts";

export interface FtpServiceParts {
  readonly network: Network;
  readonly clock: Clock;
  readonly outlet: UnsolicitedOutput;
  readonly efs: Efs;
  readonly dialect: Dialect;
  readonly timing: Timing;
  readonly log: Log;
}

/** What the commands set one by one, for the transfers that begin later. Strings are byte strings. @spec manual 5.1-5.6 */
export interface FtpParameters {
  port: number;
  /** 0: the server connects to us for data (active); 1: we to it (passive). */
  mode: number;
  type: "A" | "I";
  server: string;
  user: string;
  password: string;
}

/**
 * The module's FTP client as the commands drive it: one operation at a time, each a session of its own. An operation that
 * cannot begin gives its code at once, and nothing has happened. The signal is the module's own: when it aborts, at any
 * time, everything is dropped, nothing more is printed, and whoever waits gets its reason.
 *
 * @spec manual 5, decisions 5
 */
export class FtpService {
  readonly parameters: FtpParameters = { port: 21, mode: 0, type: "I", server: "", user: "", password: "" };
  readonly #parts: FtpServiceParts;
  #busy = false;

  constructor(parts: FtpServiceParts) {
    this.#parts = parts;
  }

  /** Whether an operation runs. */
  get busy(): boolean {
    return this.#busy;
  }

  /** Fetches a file into the EFS; the outcome comes as a URC. */
  getFile(request: EfsFileRequest, signal: AbortSignal): FtpCode | undefined {
    const { efs } = this.#parts;
    const work = (connect: Connect) => fetchToEfs(connect, efs, request, signal);
    return this.#detach("+CFTPGETFILE", this.#begin(request.path, signal, work));
  }

  /** Sends a file of the EFS; the outcome comes as a URC. */
  putFile(request: EfsFileRequest, signal: AbortSignal): FtpCode | undefined {
    const { efs } = this.#parts;
    const work = (connect: Connect) => sendFromEfs(connect, efs, request, signal);
    return this.#detach("+CFTPPUTFILE", this.#begin(request.path, signal, work));
  }

  /** Fetches a file and prints it in packets. */
  get(request: FileRequest, print: PrintPackets, signal: AbortSignal): FtpCode | Promise<FtpOutcome> {
    const packets = this.#packets("+CFTPGET", this.#parts.dialect.packetSeparator, print);
    return this.#begin(request.path, signal, (connect) =>
      fetchToHost(async () => (await connect()).retrieve(request.path, request), packets, signal),
    );
  }

  /** Fetches the listing of a directory, of the log-in directory where the path is empty, and prints it in packets. */
  list(path: string, print: PrintPackets, signal: AbortSignal): FtpCode | Promise<FtpOutcome> {
    // Known from later firmware only, which prints no space (field.md 4).
    const packets = this.#packets("+CFTPLIST", ",", print);
    return this.#begin(path, signal, (connect) =>
      fetchToHost(async () => (await connect()).list(path === "" ? undefined : path), packets, signal),
    );
  }

  /** Sends what the host enters. The server is ready to take it when `enter` is called. */
  put(request: FileRequest, enter: EnterData, signal: AbortSignal): FtpCode | Promise<FtpOutcome> {
    return this.#begin(request.path, signal, (connect) => sendFromHost(connect, enter, request));
  }

  makeDirectory(path: string, signal: AbortSignal): FtpCode | Promise<FtpOutcome> {
    return this.#begin(path, signal, async (connect) => (await connect()).makeDirectory(path));
  }

  removeDirectory(path: string, signal: AbortSignal): FtpCode | Promise<FtpOutcome> {
    return this.#begin(path, signal, async (connect) => (await connect()).removeDirectory(path));
  }

  remove(path: string, signal: AbortSignal): FtpCode | Promise<FtpOutcome> {
    return this.#begin(path, signal, async (connect) => (await connect()).remove(path));
  }

  #begin(path: string, signal: AbortSignal, work: (connect: Connect) => Promise<void>): FtpCode | Promise<FtpOutcome> {
    if (this.#busy) return FTP_CODES.busy;
    if (this.parameters.server === "") return FTP_CODES.state;
    const { user, password } = this.parameters;
    if (![path, user, password].every(isFtpArgument)) return FTP_CODES.parameter;
    this.#busy = true;
    return this.#operate(signal, work).finally(() => {
      this.#busy = false;
    });
  }

  async #operate(signal: AbortSignal, work: (connect: Connect) => Promise<void>): Promise<FtpOutcome> {
    const { log, dialect } = this.#parts;
    let session: FtpSession | undefined;
    const connect = this.#connector(signal);
    try {
      await work(async () => {
        session = await connect();
        return session;
      });
      const answered = (await session?.quit()) ?? true;
      return answered ? 0 : FTP_CODES.logout;
    } catch (error) {
      // Only a server that has refused politely is left politely.
      if (error instanceof ReplyError) await session?.quit();
      session?.close();
      signal.throwIfAborted();
      const code = ftpCode(error, dialect);
      log.debug({ event: "ftp failed", code, error: String(error) });
      return code;
    }
  }

  /** What is set now counts, whatever is set before we connect. */
  #connector(signal: AbortSignal): Connect {
    const { network, clock, timing } = this.#parts;
    const { server, mode, ...rest } = this.parameters;
    const settings = { ...rest, host: server, passive: mode === 1 };
    return () => openSession({ network, clock, timeoutScale: timing.timeoutScale }, settings, signal);
  }

  #detach(name: string, outcome: FtpCode | Promise<FtpOutcome>): FtpCode | undefined {
    if (typeof outcome === "number") return outcome;
    outcome.then(
      (code) => this.#parts.outlet.urc(`${name}: ${code}`),
      () => undefined, // The module resets.
    );
    return undefined;
  }

  #packets(name: string, packetSeparator: Dialect["packetSeparator"], print: PrintPackets): DataPackets {
    const { clock, dialect, timing } = this.#parts;
    const gap = timing.packetGap;
    return new DataPackets({ name, print, clock, dialect: { ...dialect, packetSeparator }, gap, escaped: false });
  }
}
