import type { Efs } from "../../efs/efs.ts";
import type { Endpoint } from "../../platform/network/network.ts";
import { type FtpChange, isFtpArgument } from "../../protocols/ftp/control-connection.ts";
import { type FtpSecurity, type FtpSession, openSession } from "../../protocols/ftp/session.ts";
import type { Upload } from "../../protocols/ftp/upload.ts";
import type { EfsFileRequest, FileRequest } from "../ftp/efs-files.ts";
import { fetchToEfs, sendFromEfs } from "../ftp/efs-transfers.ts";
import type { Credentials } from "../tls/credentials.ts";
import type { TlsSessionParts } from "../tls/session.ts";
import { FTPS_CODES, type FtpsCode, ftpsCode } from "./codes.ts";
import { RemoteData } from "./remote-data.ts";

export interface FtpsServiceParts extends TlsSessionParts {
  readonly efs: Efs;
  readonly credentials: Credentials;
}

/** The commands that change something on the server without a transfer. */
export type FtpsChange = FtpChange;

/** A log-in as AT+CFTPSLOGIN gives it. Strings are byte strings. */
export interface FtpsLogin extends Endpoint {
  readonly user: string;
  readonly password: string;
  /** How the session becomes secure; plain FTP without it. */
  readonly begin: FtpSecurity["begin"] | undefined;
}

/** What AT+CFTPSSTATE shows. */
const STATES = { idle: 0, started: 1, loggedIn: 3 } as const;

/**
 * The FTPS client as AT+CFTPS drives it: one session, from log-in to log-out, one operation at a time.
 *
 * @spec module.md 2.2
 */
export class FtpsService {
  readonly #parts: FtpsServiceParts;
  #isStarted = false;
  #isBusy = false;
  #session: FtpSession | undefined;
  /** The file that AT+CFTPSPUT sends, in parts. */
  #upload: Upload | undefined;
  /** The representation type of transfers. */
  type: "A" | "I" = "I";

  constructor(parts: FtpsServiceParts) {
    this.#parts = parts;
  }

  get state(): number {
    if (this.#session !== undefined) return STATES.loggedIn;
    return this.#isStarted ? STATES.started : STATES.idle;
  }

  get isStarted(): boolean {
    return this.#isStarted;
  }

  get isLoggedIn(): boolean {
    return this.#session !== undefined;
  }

  start(): void {
    this.#isStarted = true;
  }

  /** Drops the session too. */
  stop(): void {
    this.abort();
    this.#isStarted = false;
  }

  /** Connects and logs in. Where the server refuses to be secure, the password is never sent. */
  async login(login: FtpsLogin): Promise<FtpsCode> {
    const { credentials, network, clock, timeoutScale, signal } = this.#parts;
    const { host, port, user, password, begin } = login;
    if (!this.#isStarted || this.#session !== undefined) return FTPS_CODES.unknown;
    if (![user, password].every(isFtpArgument)) return FTPS_CODES.parameter;
    return this.#operate(async () => {
      const security = begin && { begin, tls: await credentials.secureOptions(host, signal) };
      const type = () => this.type;
      const settings = {
        host,
        port,
        user,
        password,
        passive: true,
        get type() {
          return type();
        },
        ...(security === undefined ? {} : { security }),
      };
      this.#session = await openSession({ network, clock, timeoutScale }, settings, signal);
    });
  }

  /** Says goodbye to the server. */
  async logout(): Promise<FtpsCode> {
    const session = this.#session;
    if (session === undefined) return FTPS_CODES.unknown;
    this.#session = undefined;
    this.#upload = undefined;
    return (await session.quit()) ? FTPS_CODES.ok : FTPS_CODES.timeout;
  }

  /** Drops what runs, and the session with it: no dialogue that a server may get wrong. */
  abort(): void {
    this.#session?.close();
    this.#session = undefined;
    this.#upload = undefined;
  }

  /** Makes or removes a directory, removes a file, or changes the directory. */
  change(verb: FtpsChange, path: string): Promise<FtpsCode> {
    return this.#withSession(path, (session) => session.change(verb, path));
  }

  /** The server's current directory; a code where it does not say. */
  async directory(): Promise<string | FtpsCode> {
    let directory = "";
    const code = await this.#withSession("", async (session) => {
      // RFC 959 appendix II: the path stands in quotes, a quote in it is doubled.
      directory = /"((?:[^"]|"")*)"/.exec(await session.ask("PWD"))?.[1]?.replaceAll('""', '"') ?? "";
    });
    return code === FTPS_CODES.ok ? directory : code;
  }

  /** The size of a file; a negative code where the server does not say. */
  async size(path: string): Promise<{ readonly code: FtpsCode; readonly size: number }> {
    let size = 0;
    const code = await this.#withSession(path, async (session) => {
      size = Number(/\d+/.exec(await session.ask("SIZE", path))?.[0] ?? 0);
    });
    return { code, size };
  }

  /** Fetches a file into the EFS. */
  getFile(request: EfsFileRequest): Promise<FtpsCode> {
    const { efs, signal } = this.#parts;
    return this.#withSession(request.path, (session) => fetchToEfs(connected(session), efs, request, signal));
  }

  /** Sends a file of the EFS. */
  putFile(request: EfsFileRequest): Promise<FtpsCode> {
    const { efs, signal } = this.#parts;
    return this.#withSession(request.path, (session) => sendFromEfs(connected(session), efs, request, signal));
  }

  /** Begins to fetch a file for the host. */
  get(request: FileRequest): RemoteData | FtpsCode {
    return this.#download(request.path, (session) => session.retrieve(request.path, request));
  }

  /** Begins to fetch a listing: of the current directory where the path is empty. */
  list(path: string): RemoteData | FtpsCode {
    return this.#download(path, (session) => session.list(path === "" ? undefined : path));
  }

  /** Whether a file is being put together. */
  get isPutting(): boolean {
    return this.#upload !== undefined;
  }

  /** Begins to send a file, of which {@link append} gives the parts. */
  beginPut(request: FileRequest): Promise<FtpsCode> {
    return this.#withSession(request.path, async (session) => {
      this.#upload = await session.store(request.path, request);
    });
  }

  async append(bytes: Buffer): Promise<FtpsCode> {
    return this.#withSession("", async () => this.#upload?.write(bytes));
  }

  /** The file is complete. */
  finishPut(): Promise<FtpsCode> {
    const upload = this.#upload;
    this.#upload = undefined;
    return this.#withSession("", async () => upload?.finish());
  }

  #download(path: string, begin: (session: FtpSession) => ReturnType<FtpSession["list"]>): RemoteData | FtpsCode {
    const session = this.#session;
    if (this.#isBusy) return FTPS_CODES.busy;
    if (session === undefined || !isFtpArgument(path)) return FTPS_CODES.parameter;
    this.#isBusy = true;
    const explain = (error: unknown) => this.#explain(error);
    return new RemoteData({ begin: () => begin(session), explain, released: () => this.#release() });
  }

  #release(): void {
    this.#isBusy = false;
  }

  async #withSession(path: string, work: (session: FtpSession) => Promise<unknown>): Promise<FtpsCode> {
    const session = this.#session;
    if (session === undefined || !isFtpArgument(path)) return FTPS_CODES.parameter;
    return this.#operate(() => work(session));
  }

  async #operate(work: () => Promise<unknown>): Promise<FtpsCode> {
    if (this.#isBusy) return FTPS_CODES.busy;
    this.#isBusy = true;
    try {
      await work();
      return FTPS_CODES.ok;
    } catch (error) {
      return this.#explain(error);
    } finally {
      this.#release();
    }
  }

  /** The code of a failure. Only a refusal leaves the session usable. */
  #explain(error: unknown): FtpsCode {
    const { signal, log } = this.#parts;
    signal.throwIfAborted();
    const code = ftpsCode(error);
    log.debug({ event: "ftps-failed", code, error: String(error) });
    if (code !== FTPS_CODES.rejected && code !== FTPS_CODES.transfer) this.abort();
    return code;
  }
}

function connected(session: FtpSession): { connect(): Promise<FtpSession> } {
  return { connect: async () => session };
}
