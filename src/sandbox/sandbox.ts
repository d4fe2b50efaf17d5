import { SystemRandom } from "../platform/crypto.ts";
import { filesBelow, fixtures } from "../platform/disk/files.ts";
import type { Events } from "../platform/events.ts";
import { SANDBOX_MAIL_STORE } from "../platform/limits.ts";
import type { Log } from "../platform/log.ts";
import type { Endpoint, Network } from "../platform/network/network.ts";
import type { ResolveRule } from "../platform/network/resolving-network.ts";
import type { Clock } from "../platform/time/clock.ts";
import { FtpMemoryRoot } from "./ftp/memory-root.ts";
import { FtpServer } from "./ftp/server.ts";
import { HttpOrigin } from "./http/server.ts";
import { MailStore } from "./mail-store.ts";
import { Pop3Server } from "./pop3/server.ts";
import { SmtpServer } from "./smtp/server.ts";

/** The account that has mail from the start. Any other is made at its first log-in, but for `nobody`, which never is. */
export const SANDBOX_ACCOUNT = { user: "user", password: "password" } as const;

/** The files of the FTP server at the start, by path in bytes, with where their content lies: those of the manual's examples. */
const FIRST_FILES: ReadonlyArray<readonly [path: string, fixture: string]> = [
  ["/pub/mydir/test1.txt", "/pub/mydir/test1.txt"],
  ["/test2.txt", "/test2.txt"],
  // The manual's `{non-ascii}` examples name it: B2E2CAD4 is GBK.
  ["/\xb2\xe2\xca\xd4.txt", "/testdir/chinese.txt"],
  ["/testdir/\xb2\xe2\xca\xd4.txt", "/testdir/chinese.txt"],
];

const FIRST_MAILS = ["/1-plain.eml", "/2-attachments.eml", "/3-encoded-names.eml", "/4-html.eml"];

export interface SandboxParts {
  readonly network: Network;
  readonly clock: Clock;
  readonly log: Log;
  readonly events?: Events;
}

/** The embedded internet: servers on loopback, and the rules that lead every name to them. */
export interface Sandbox {
  readonly http: HttpOrigin;
  readonly ftp: FtpServer;
  readonly smtp: SmtpServer;
  readonly pop3: Pop3Server;
  /** The mailboxes that SMTP fills and POP3 empties. */
  readonly mail: MailStore;
  /** Where the servers listen, by protocol. */
  readonly servers: Readonly<Record<string, Endpoint>>;
  /** For the modem's network. */
  readonly rules: readonly ResolveRule[];
  /** Brings back the content at the start, and forgets what came in. Ports stay. */
  reset(): Promise<void>;
  close(): Promise<void>;
}

/** Starts the servers on free ports. The signal only bounds the start. */
export async function startSandbox(parts: SandboxParts, signal: AbortSignal): Promise<Sandbox> {
  const local = { host: "127.0.0.1", port: 0 };
  const http = await HttpOrigin.listen({ ...parts, site: filesBelow(fixtures("www")) }, local, signal);
  const root = new FtpMemoryRoot(parts.clock);
  const files = await readFixtures("ftp", FIRST_FILES);
  const ftp = await FtpServer.listen({ ...parts, root, guests: "anyone" }, local, signal);
  const mail = new MailStore(SANDBOX_MAIL_STORE);
  const mails = await readFixtures(
    "mail",
    FIRST_MAILS.map((path) => [path, path]),
  );
  const fill = () => {
    for (const [path, content] of files) root.writeFile(path, content);
    for (const [, raw] of mails) mail.deliver([SANDBOX_ACCOUNT.user], raw);
  };
  fill();
  const ports = { ...parts, random: new SystemRandom() };
  const smtp = await SmtpServer.start(ports, local, mail, { accounts: [SANDBOX_ACCOUNT], guests: "anyone" }, signal);
  const accounts = new Map([[SANDBOX_ACCOUNT.user, SANDBOX_ACCOUNT.password]]);
  const pop3 = await Pop3Server.start({ ...parts, local, accounts, guests: "anyone", mailboxes: mail }, signal);
  return {
    http,
    ftp,
    smtp,
    pop3,
    mail,
    servers: { http: http.local, ftp: ftp.local, smtp: smtp.address, pop3: pop3.local },
    rules: [
      { name: "*", port: undefined, target: http.local },
      { name: "*", port: 21, target: ftp.local },
      { name: "*", port: 25, target: smtp.address },
      { name: "*", port: 587, target: smtp.address },
      { name: "*", port: 110, target: pop3.local },
    ],
    reset: async () => {
      for (const server of [http, ftp, smtp, pop3]) server.reset();
      root.clear();
      mail.clear();
      fill();
    },
    close: async () => {
      await Promise.all([http.close(), ftp.close(), smtp.close(), pop3.close()]);
    },
  };
}

/** Reads files of `fixtures/`, each with the path that it has in the sandbox. */
async function readFixtures(
  folder: string,
  paths: ReadonlyArray<readonly [path: string, fixture: string]>,
): Promise<ReadonlyArray<readonly [path: string, content: Buffer]>> {
  const readFixture = filesBelow(fixtures(folder));
  const contents: (readonly [string, Buffer])[] = [];
  for (const [path, fixture] of paths) {
    const content = await readFixture(fixture);
    if (content !== undefined) contents.push([path, content]);
  }
  return contents;
}
