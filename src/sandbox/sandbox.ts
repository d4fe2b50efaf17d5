import { SystemRandom } from "../platform/crypto.ts";
import { filesBelow, fixtures } from "../platform/disk/files.ts";
import { noEvents } from "../platform/events.ts";
import { silentLog } from "../platform/log.ts";
import type { Endpoint } from "../platform/network/network.ts";
import type { ResolveRule } from "../platform/network/resolving-network.ts";
import { TcpNetwork } from "../platform/network/tcp-network.ts";
import { SystemClock } from "../platform/time/clock.ts";
import { testCertificate } from "./certificate.ts";
import { EchoServer } from "./echo/server.ts";
import { FtpServer } from "./ftp/server.ts";
import { HttpServer } from "./http/server.ts";
import { SANDBOX_LIMITS } from "./limits.ts";
import { MailStore } from "./mail-store.ts";
import { Pop3Server } from "./pop3/server.ts";
import type { ServerParts } from "./server.ts";
import { SmtpServer } from "./smtp/server.ts";

const SANDBOX_ACCOUNT = { user: "user", password: "password" } as const;

/** The files of the FTP server at the start, by path in bytes, and where their content lies: those of the manual's examples. */
const FIRST_FILES: ReadonlyArray<readonly [path: string, fixture: string]> = [
  ["/pub/mydir/test1.txt", "/pub/mydir/test1.txt"],
  ["/test2.txt", "/test2.txt"],
  // The manual's `{non-ascii}` examples name it: B2E2CAD4 is GBK.
  ["/\xb2\xe2\xca\xd4.txt", "/testdir/chinese.txt"],
  ["/testdir/\xb2\xe2\xca\xd4.txt", "/testdir/chinese.txt"],
];

const FIRST_MAILS = ["/1-plain.eml", "/2-attachments.eml", "/3-encoded-names.eml", "/4-html.eml"];

/** Each part replaces one of the machine's own. */
export type SandboxOptions = Partial<ServerParts>;

interface Servers {
  readonly http: HttpServer;
  readonly ftp: FtpServer;
  readonly smtp: SmtpServer;
  readonly pop3: Pop3Server;
  readonly echo: EchoServer;
  readonly discard: EchoServer;
}

/**
 * The embedded internet: servers on loopback, and the rules that lead every name to them. What SMTP takes, POP3 offers.
 *
 * ```ts
 * await using sandbox = await startSandbox();
 * const network = new ResolvingNetwork(new TcpNetwork(), sandbox.rules);
 * sandbox.smtp.mails; sandbox.http.requests; sandbox.ftp.files; sandbox.pop3.mailboxes;
 * ```
 */
export class Sandbox implements AsyncDisposable {
  readonly http: HttpServer;
  readonly ftp: FtpServer;
  readonly smtp: SmtpServer;
  readonly pop3: Pop3Server;
  readonly echo: EchoServer;
  readonly discard: EchoServer;

  constructor({ http, ftp, smtp, pop3, echo, discard }: Servers) {
    this.http = http;
    this.ftp = ftp;
    this.smtp = smtp;
    this.pop3 = pop3;
    this.echo = echo;
    this.discard = discard;
  }

  /** Where the servers listen, by protocol. */
  get servers(): Readonly<Record<string, Endpoint>> & Readonly<Record<keyof Servers | "ftps", Endpoint>> {
    const { http, ftp, smtp, pop3, echo, discard } = this;
    return {
      http: http.endpoint,
      ftp: ftp.endpoint,
      ftps: ftp.secureEndpoint,
      smtp: smtp.endpoint,
      pop3: pop3.endpoint,
      echo: echo.endpoint,
      discard: discard.endpoint,
    };
  }

  /** The account that has mail from the start. Any other is made at its first log-in, except `nobody`, which never is. */
  get account(): { readonly user: string; readonly password: string } {
    return SANDBOX_ACCOUNT;
  }

  /**
   * For the modem's network: SMTP, POP3, FTP (with TLS at 990), echo and discard at their ports, HTTP at all others.
   * Datagrams are echoed or thrown away: none leaves the machine.
   */
  get rules(): readonly ResolveRule[] {
    const { http, ftp, ftps, smtp, pop3, echo, discard } = this.servers;
    return [
      rule("tcp", undefined, http),
      rule("tcp", 21, ftp),
      rule("tcp", 990, ftps),
      rule("tcp", 25, smtp),
      rule("tcp", 587, smtp),
      rule("tcp", 110, pop3),
      rule("tcp", 7, echo),
      rule("tcp", 9, discard),
      rule("udp", undefined, this.discard.datagrams.endpoint),
      rule("udp", 7, this.echo.datagrams.endpoint),
    ];
  }

  /**
   * Brings back the mails, files and accounts of the start; requests, pages and clients go, the ports stay. That is
   * done when the call returns; the promise resolves when the sessions of the clients have ended.
   */
  async reset(): Promise<void> {
    await Promise.all(this.#all.map((server) => server.reset()));
  }

  /** Closes the servers and drops their clients. Nothing is left open when it resolves. */
  async close(): Promise<void> {
    await Promise.all(this.#all.map((server) => server.close()));
  }

  get #all() {
    return [this.http, this.ftp, this.smtp, this.pop3, this.echo, this.discard];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

function rule(transport: "tcp" | "udp", port: number | undefined, target: Endpoint): ResolveRule {
  return { name: "*", port, transport, target };
}

/** Starts the servers on free ports of loopback. The signal bounds only the start. */
export async function startSandbox(
  options: SandboxOptions = {},
  signal: AbortSignal = new AbortController().signal,
): Promise<Sandbox> {
  const parts: ServerParts = {
    network: options.network ?? new TcpNetwork(),
    clock: options.clock ?? new SystemClock(),
    log: options.log ?? silentLog,
    random: options.random ?? new SystemRandom(),
    events: options.events ?? noEvents,
    certificate: options.certificate ?? (await testCertificate()),
  };
  const store = new MailStore(SANDBOX_LIMITS.mailStore, await firstMails());
  const files = await firstFiles();
  const passwords = new Map([[SANDBOX_ACCOUNT.user, SANDBOX_ACCOUNT.password]]);
  const started: Array<{ close(): Promise<void> }> = [];
  const keep = <Server extends { close(): Promise<void> }>(server: Server): Server => {
    started.push(server);
    return server;
  };
  try {
    return new Sandbox({
      http: keep(await HttpServer.start(parts, { site: filesBelow(fixtures("www")) }, signal)),
      ftp: keep(await FtpServer.start(parts, { files, guests: "anyone" }, signal)),
      smtp: keep(await SmtpServer.start(parts, store, { accounts: [SANDBOX_ACCOUNT], guests: "anyone" }, signal)),
      pop3: keep(await Pop3Server.start(parts, store, { accounts: passwords, guests: "anyone" }, signal)),
      echo: keep(await EchoServer.start(parts, "echo", signal)),
      discard: keep(await EchoServer.start(parts, "discard", signal)),
    });
  } catch (error) {
    await Promise.all(started.map((server) => server.close()));
    throw error;
  }
}

async function firstFiles(): Promise<ReadonlyArray<readonly [path: string, content: Buffer]>> {
  const readFixture = filesBelow(fixtures("ftp"));
  const files = await Promise.all(
    FIRST_FILES.map(async ([path, fixture]) => [path, await readFixture(fixture)] as const),
  );
  return files.flatMap(([path, content]) => (content === undefined ? [] : [[path, content] as const]));
}

async function firstMails(): Promise<ReadonlyArray<readonly [user: string, raw: Buffer]>> {
  const mails = await Promise.all(FIRST_MAILS.map(filesBelow(fixtures("mail"))));
  return mails.filter((raw) => raw !== undefined).map((raw) => [SANDBOX_ACCOUNT.user, raw] as const);
}
