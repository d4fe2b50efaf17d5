import { type FtpChange, isFtpArgument } from "../../protocols/ftp/control-connection.ts";
import { FTP_CODES, type FtpCode, type FtpOutcome } from "./code.ts";
import type { EfsFileRequest, FileRequest } from "./efs-files.ts";
import { fetchToEfs, sendFromEfs } from "./efs-transfers.ts";
import { FtpDownload, FtpUpload } from "./host-transfers.ts";
import { FtpOperation, type FtpServiceParts } from "./operation.ts";

/** The commands that change the server's files without a transfer. */
export type ServerChange = Exclude<FtpChange, "CWD">;

/** What the commands set one by one, for the transfers that begin later. Strings are byte strings. @spec manual 5.1-5.6 */
export interface FtpParameters {
  port: number;
  /** 0: the server connects to us for data (active); 1: we connect to it (passive). */
  mode: number;
  type: "A" | "I";
  server: string;
  user: string;
  password: string;
}

/**
 * The module's FTP client as the commands drive it: one operation at a time, each a session of its own. An operation that
 * cannot begin gives its code at once, without any effect. The signal is the module's own: when it aborts, at any time,
 * everything is dropped, nothing more is printed, and pending promises reject with its reason.
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
    const operation = this.#beginFile(request.path, signal);
    if (typeof operation === "number") return operation;
    const outcome = operation.run(() => fetchToEfs(operation, this.#parts.efs, request, signal));
    return this.#report("+CFTPGETFILE", outcome);
  }

  /** Sends a file of the EFS; the outcome comes as a URC. */
  putFile(request: EfsFileRequest, signal: AbortSignal): FtpCode | undefined {
    const operation = this.#beginFile(request.path, signal);
    if (typeof operation === "number") return operation;
    const outcome = operation.run(() => sendFromEfs(operation, this.#parts.efs, request, signal));
    return this.#report("+CFTPPUTFILE", outcome);
  }

  /** Begins to fetch a file for the host. */
  get(request: FileRequest, signal: AbortSignal): FtpDownload | FtpCode {
    const operation = this.#beginFile(request.path, signal);
    if (typeof operation === "number") return operation;
    return new FtpDownload(operation, (session) => session.retrieve(request.path, request));
  }

  /** Begins to fetch the listing of a directory, or of the log-in directory where the path is empty. */
  list(path: string, signal: AbortSignal): FtpDownload | FtpCode {
    const operation = this.#begin(path, signal);
    if (typeof operation === "number") return operation;
    return new FtpDownload(operation, (session) => session.list(path === "" ? undefined : path));
  }

  /** Begins to send what the host will enter: the server is ready for it when this resolves. */
  async put(request: FileRequest, signal: AbortSignal): Promise<FtpUpload | FtpCode> {
    const operation = this.#beginFile(request.path, signal);
    return typeof operation === "number" ? operation : FtpUpload.begin(operation, request);
  }

  /** Makes or removes a directory, or removes a file, on the server. */
  change(verb: ServerChange, path: string, signal: AbortSignal): FtpCode | Promise<FtpOutcome> {
    const operation = this.#begin(path, signal);
    if (typeof operation === "number") return operation;
    return operation.run(async () => (await operation.connect()).change(verb, path));
  }

  /** Begins an operation on a file, which has a name. */
  #beginFile(path: string, signal: AbortSignal): FtpOperation | FtpCode {
    return path.endsWith("/") ? FTP_CODES.parameter : this.#begin(path, signal);
  }

  /** Begins an operation with the parameters of now, whatever is set before it connects. */
  #begin(path: string, signal: AbortSignal): FtpOperation | FtpCode {
    const { server, mode, ...rest } = this.parameters;
    if (this.#busy) return FTP_CODES.busy;
    if (server === "") return FTP_CODES.state;
    if (![path, rest.user, rest.password].every(isFtpArgument)) return FTP_CODES.parameter;
    this.#busy = true;
    const released = () => {
      this.#busy = false;
    };
    return new FtpOperation(this.#parts, { ...rest, host: server, passive: mode === 1 }, signal, released);
  }

  #report(name: string, outcome: Promise<FtpOutcome>): undefined {
    this.#parts.work.track(outcome).then(
      (code) => this.#parts.outlet.urc(`${name}: ${code}`),
      () => undefined, // The module resets.
    );
    return undefined;
  }
}
