import type { Efs } from "../../efs/efs.ts";
import type { Endpoint } from "../../platform/network/network.ts";
import { type FtpChange, isFtpArgument } from "../../protocols/ftp/control-connection.ts";
import { type FtpSecurity, openSession } from "../../protocols/ftp/session.ts";
import type { EfsFileRequest, FileRequest } from "../ftp/efs-files.ts";
import { fetchToEfs, sendFromEfs } from "../ftp/efs-transfers.ts";
import type { Credentials } from "../tls/credentials.ts";
import type { TlsSessionParts } from "../tls/session.ts";
import type { UnsolicitedOutput } from "../unsolicited-output.ts";
import { CachedData } from "./cached-data.ts";
import { FTPS_CODES, type FtpsCode, ftpsCode } from "./codes.ts";
import { OneSession } from "./one-session.ts";
import { FTPS_OPERATIONS, FTPS_STATES, type FtpsOperation } from "./operations.ts";
import type { RemoteData } from "./remote-data.ts";

export interface FtpsServiceParts extends TlsSessionParts {
  readonly efs: Efs;
  readonly outlet: UnsolicitedOutput;
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

/** The command that prints a download. */
type DownloadName = "+CFTPSGET" | "+CFTPSLIST";

/**
 * Replies to LIST of a named directory that mean that it is empty. 550 is not among them: hosts expect code 9 for a
 * directory that does not exist.
 */
const EMPTY_DIRECTORY: readonly number[] = [450];

/**
 * The FTPS client as AT+CFTPS drives it: one session, from log-in to log-out, one operation at a time.
 *
 * @spec module.md 2.2
 */
export class FtpsService {
  readonly #parts: FtpsServiceParts;
  readonly #session: OneSession;
  #isStarted = false;
  /** What AT+CFTPSCACHERD reads. */
  #cached: { readonly name: DownloadName; readonly data: CachedData } | undefined;
  /** The representation type of transfers. */
  type: "A" | "I" = "I";
  /** Whether data connections go to the server's own address, whatever it names (AT+CFTPSSINGLEIP). */
  singleAddress = false;
  /** Seconds that the server may take, for sessions that begin later (AT+CFTPSTO). */
  patience = 120;

  constructor(parts: FtpsServiceParts) {
    const { log, signal, outlet } = parts;
    this.#parts = parts;
    this.#session = new OneSession({ log, signal, lost: () => outlet.urc("+CFTPSNOTIFY: PEER CLOSED") });
  }

  /** The state of the session and the operation that runs, as AT+CFTPSSTATE shows them. */
  get state(): readonly [state: number, operation: number] {
    const { running } = this.#session;
    if (running === "login") return [FTPS_STATES.loggingIn, FTPS_OPERATIONS.none];
    if (running === "logout") return [FTPS_STATES.loggingOut, FTPS_OPERATIONS.none];
    const operation = FTPS_OPERATIONS[running ?? "none"];
    if (this.isLoggedIn) return [FTPS_STATES.loggedIn, operation];
    return [this.#isStarted ? FTPS_STATES.started : FTPS_STATES.idle, operation];
  }

  get isStarted(): boolean {
    return this.#isStarted;
  }

  get isLoggedIn(): boolean {
    return this.#session.current !== undefined;
  }

  /** Whether a file is being put together. */
  get isPutting(): boolean {
    return this.#session.upload !== undefined;
  }

  start(): void {
    this.#isStarted = true;
  }

  /** Drops the session too. */
  async stop(): Promise<void> {
    this.#isStarted = false;
    await this.abort();
  }

  /** Connects and logs in. Where the server refuses to be secure, the password is never sent. */
  async login({ host, port, user, password, begin }: FtpsLogin): Promise<FtpsCode> {
    const { credentials, network, clock, timeoutScale } = this.#parts;
    if (!this.#isStarted || this.isLoggedIn) return FTPS_CODES.unknown;
    if (![user, password].every(isFtpArgument)) return FTPS_CODES.parameter;
    const service = this;
    return this.#session.open(async (signal) => {
      // Servers know a data connection by the TLS session of the control connection, which it must resume.
      const security = begin && { begin, tls: { ...(await credentials.secureOptions(host, signal)), session: {} } };
      const settings = {
        ...{ host, port, user, password, passive: true, patience: this.patience * 1000 },
        get type() {
          return service.type;
        },
        get followsReply() {
          return !service.singleAddress;
        },
        ...(security === undefined ? {} : { security }),
      };
      return openSession({ network, clock, timeoutScale }, settings, signal);
    });
  }

  /** Says goodbye to the server. */
  async logout(): Promise<FtpsCode> {
    if (!this.isLoggedIn) return FTPS_CODES.unknown;
    let isAnswered = false;
    const code = await this.#session.run("logout", "", async (session) => {
      isAnswered = await session.quit();
      this.#session.drop();
    });
    return code === FTPS_CODES.ok && !isAnswered ? FTPS_CODES.timeout : code;
  }

  /** Drops what runs, and the session with it; none of it is reported. Resolves when nothing runs any more. */
  async abort(): Promise<void> {
    this.#cached?.data.drop();
    this.#cached = undefined;
    await this.#session.abort();
  }

  /** Prints the code of an operation when it has ended, unless {@link abort} has ended it. */
  report(name: string, operation: Promise<FtpsCode>): void {
    const { life } = this.#session;
    const reporting = operation.then((code) => {
      if (!life.aborted) this.#parts.outlet.urc(`${name}: ${code}`);
    });
    // The module resets.
    void this.#parts.work.track(reporting.catch(() => undefined));
  }

  /** Makes or removes a directory, removes a file, or changes the directory. */
  change(verb: FtpsChange, path: string): Promise<FtpsCode> {
    return this.#session.run(verb, path, (session) => session.change(verb, path));
  }

  /** The server's current directory; a code where it does not say. */
  async directory(): Promise<string | FtpsCode> {
    let directory = "";
    const code = await this.#session.run("PWD", "", async (session) => {
      // RFC 959 appendix II: the path stands in quotes, a quote in it is doubled.
      directory = /"((?:[^"]|"")*)"/.exec(await session.ask("PWD"))?.[1]?.replaceAll('""', '"') ?? "";
    });
    return code === FTPS_CODES.ok ? directory : code;
  }

  /** The size of a file, and the code. */
  async size(path: string): Promise<{ readonly code: FtpsCode; readonly size: number }> {
    let size = 0;
    const code = await this.#session.run("SIZE", path, async (session) => {
      size = Number(/\d+/.exec(await session.ask("SIZE", path))?.[0] ?? 0);
    });
    return { code, size };
  }

  /** Fetches a file into the EFS. */
  getFile(request: EfsFileRequest): Promise<FtpsCode> {
    return this.#move("getFile", request, fetchToEfs);
  }

  /** Sends a file of the EFS. */
  putFile(request: EfsFileRequest): Promise<FtpsCode> {
    return this.#move("putFile", request, sendFromEfs);
  }

  /** Begins to fetch a file for the host. */
  get(request: FileRequest): RemoteData | FtpsCode {
    return this.#session.download("get", request.path, (session) => session.retrieve(request.path, request));
  }

  /** Begins to fetch a listing: of the current directory where the path is empty. */
  list(path: string): RemoteData | FtpsCode {
    return this.#session.download("LIST", path, (session) =>
      path === "" ? session.list() : session.list(path, EMPTY_DIRECTORY),
    );
  }

  /** Fetches all of a download for {@link takeCached}, and prints when there is something, and the code at the end. */
  cache(name: DownloadName, remote: RemoteData): void {
    const { outlet, work, signal } = this.#parts;
    const { life } = this.#session;
    const say = (text: string) => {
      if (!life.aborted) outlet.urc(text);
    };
    const arrived = () => say("+CFTPS: RECV EVENT");
    const data = new CachedData(remote, { arrived, ended: (code) => say(`${name}: ${code}`) });
    this.#cached = { name, data };
    // The module resets.
    void work.track(data.fetch(signal).catch(() => undefined));
  }

  /** Bytes that were fetched and not read. */
  get cachedBytes(): number {
    return this.#cached?.data.waiting ?? 0;
  }

  /** Up to `count` of them, and the command that has asked for them. */
  takeCached(count: number): { readonly name: DownloadName; readonly bytes: Buffer } {
    const { name = "+CFTPSGET", data } = this.#cached ?? {};
    return { name, bytes: data?.take(count) ?? Buffer.alloc(0) };
  }

  /** Begins to send a file, of which {@link append} gives the parts. */
  beginPut(request: FileRequest): Promise<FtpsCode> {
    return this.#session.run("put", request.path, async (session) => {
      this.#session.upload = await session.store(request.path, request);
    });
  }

  append(bytes: Buffer): Promise<FtpsCode> {
    return this.#session.run("put", "", async () => this.#session.upload?.write(bytes));
  }

  /** The file is complete. */
  finishPut(): Promise<FtpsCode> {
    return this.#session.run("put", "", async () => {
      const { upload } = this.#session;
      this.#session.upload = undefined;
      await upload?.finish();
    });
  }

  /** Moves a file between server and EFS. */
  #move(name: FtpsOperation, request: EfsFileRequest, move: typeof fetchToEfs): Promise<FtpsCode> {
    const { efs, signal } = this.#parts;
    return this.#session.run(name, request.path, async (session) => {
      let hasBegun = false;
      const connect = async () => {
        hasBegun = true;
        return session;
      };
      try {
        await move({ connect }, efs, request, signal);
      } catch (error) {
        // A file that the EFS does not take any more leaves the dialogue with the server in the middle of a transfer.
        if (hasBegun && ftpsCode(error) === FTPS_CODES.transfer) this.#session.drop();
        throw error;
      }
    });
  }
}
