import type { Connection, Endpoint, Listener, SecureOptions } from "../../platform/network/network.ts";
import { History, type Numbered } from "../history.ts";
import { SANDBOX_LIMITS } from "../limits.ts";
import { type ListenOptions, SandboxServer, type ServerParts } from "../server.ts";
import type { FtpAccounts } from "./command.ts";
import { FtpFiles } from "./files.ts";
import { FtpMemoryRoot } from "./memory-root.ts";
import { FtpRecorder, type FtpSessionRecord } from "./record.ts";
import { FtpServerSession } from "./session.ts";

export interface FtpServerOptions extends ListenOptions {
  /** Passwords by user. */
  readonly users?: Readonly<Record<string, string>>;
  /** Who else may log in, with any password; `anonymous` without it. */
  readonly guests?: FtpAccounts["guests"];
  /** The files of the start; paths are byte strings. */
  readonly files?: ReadonlyArray<readonly [path: string, content: Uint8Array]>;
  /** The bytes of all files together. */
  readonly capacity?: number;
}

/**
 * The FTP server of the sandbox, with a tree of files in memory. Where it has a certificate, clients can begin TLS.
 *
 * @rfc 959, 2389, 2428, 3659, 4217
 */
export class FtpServer extends SandboxServer {
  /** The files that the server offers and takes. */
  readonly files: FtpFiles;
  /** The same files by paths in bytes, as clients name them. */
  readonly root: FtpMemoryRoot;
  /** Where the server listens for clients that begin with TLS at once; {@link endpoint} too where it has no certificate. */
  readonly secureEndpoint: Endpoint;
  /**
   * TLS 1.3 sends tickets after its handshake. A client that only uploads may close without having read them, which resets
   * the connection and loses the end of the file.
   */
  readonly #tls: SecureOptions | undefined;
  readonly #options: FtpServerOptions;
  readonly #history = new History<FtpSessionRecord>({
    capacity: SANDBOX_LIMITS.ftp.sessions,
    costOf: () => 1,
    isWhole: ({ open }) => !open,
  });

  private constructor(parts: ServerParts, listener: Listener, secure: Listener | undefined, options: FtpServerOptions) {
    super(parts, listener, options, { name: "ftp", refusal: "421 Too many sessions.\r\n" });
    this.#tls = parts.certificate && { side: "server", ...parts.certificate, maxVersion: "TLSv1.2" };
    this.secureEndpoint = secure?.local ?? listener.local;
    if (secure !== undefined && this.#tls !== undefined) this.listenSecurely(secure, this.#tls);
    this.#options = options;
    this.root = new FtpMemoryRoot(parts.clock, options.capacity);
    this.files = new FtpFiles(this.root);
    this.restore();
  }

  /** Listens, and serves from then on. The signal bounds only the start. */
  static async start(parts: ServerParts, options: FtpServerOptions, signal: AbortSignal): Promise<FtpServer> {
    const listener = await SandboxServer.listen(parts, options, signal);
    try {
      const host = listener.local.host;
      const secure = parts.certificate && (await SandboxServer.listen(parts, { local: { host, port: 0 } }, signal));
      return new FtpServer(parts, listener, secure, options);
    } catch (error) {
      listener.close();
      throw error;
    }
  }

  /** The sessions so far, in the order in which they began; the last 50. */
  get sessions(): readonly Numbered<FtpSessionRecord>[] {
    return this.#history.entries;
  }

  /** Gives the first session whose id is above `after` (0: the first of those that are kept), once it has ended. */
  next(after: number, signal: AbortSignal): Promise<Numbered<FtpSessionRecord>> {
    return this.#history.next(after, signal);
  }

  /** Forgets the sessions. The files stay. */
  clear(): void {
    this.#history.clear();
  }

  protected async serve(connection: Connection, signal: AbortSignal, isSecure: boolean): Promise<void> {
    const surroundings = {
      ...this.parts,
      root: this.root,
      tls: this.#tls,
      accounts: { users: this.#options.users ?? {}, guests: this.#options.guests ?? "anonymous" },
    };
    const recorder = this.#history.add(new FtpRecorder(connection.remote.host));
    try {
      await new FtpServerSession(connection, surroundings, recorder, signal, isSecure).run();
    } finally {
      recorder.open = false;
      this.#history.changed();
    }
  }

  protected restore(): void {
    this.#history.reset();
    this.root.clear();
    for (const [path, content] of this.#options.files ?? []) this.root.writeFile(path, content);
  }
}
