import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePorts } from "../support/free-port.ts";

const NOBODY = 65534;
const MECHANISMS = ["CRAM-MD5", "PLAIN", "LOGIN"] as const;

/** Whether Debian's postfix and the tool that makes its users are here, and we may start a mail system. */
export const hasPostfix =
  process.getuid?.() === 0 && ["postfix", "saslpasswd2"].every((name) => spawnSync("which", [name]).status === 0);

/**
 * A postfix of its own in a temporary directory: own configuration, queue, ports, users and mailboxes. The system's
 * configuration is not touched. It takes mail for a few people at real.test.
 */
export class Postfix {
  readonly port: number;
  /** The port that offers one mechanism only, and takes mail from its users only. */
  readonly authPorts: ReadonlyMap<string, number>;
  readonly #directory: string;

  private constructor(directory: string, port: number, authPorts: ReadonlyMap<string, number>) {
    this.#directory = directory;
    this.port = port;
    this.authPorts = authPorts;
  }

  static async start(user: string, password: string): Promise<Postfix> {
    const directory = mkdtempSync(join(tmpdir(), "vmodem-postfix-"));
    chmodSync(directory, 0o755);
    for (const name of ["config", "queue", "data", "mail", "config/sasl"]) mkdirSync(join(directory, name));
    chownSync(join(directory, "mail"), NOBODY, NOBODY);
    execFileSync("chown", ["postfix", join(directory, "data")]);

    const [port = 0, ...rest] = await freePorts(MECHANISMS.length + 1);
    const authPorts = new Map(MECHANISMS.map((name, index) => [name as string, rest[index] ?? 0]));
    const postfix = new Postfix(directory, port, authPorts);
    writeFileSync(join(directory, "config/main.cf"), mainCf(directory));
    writeFileSync(join(directory, "config/master.cf"), masterCf(port, authPorts));
    // Debian's postfix looks for the settings of its SASL library beside its own.
    for (const name of MECHANISMS)
      writeFileSync(join(directory, `config/sasl/${name}.conf`), saslConf(directory, name));
    const users = join(directory, "config/sasl/users");
    execFileSync("saslpasswd2", ["-f", users, "-u", "real.test", "-c", "-p", user], { input: password });
    chmodSync(users, 0o644);
    execFileSync("postfix", ["-c", join(directory, "config"), "start"], { stdio: "pipe" });
    return postfix;
  }

  /** The mails in a person's mailbox as they were delivered, with CR LF line ends. */
  mails(person: string): Buffer[] {
    const inbox = join(this.#directory, "mail", person, "new");
    let names: string[] = [];
    try {
      names = readdirSync(inbox);
    } catch {
      // It comes into being by its first mail.
    }
    return names.map((name) => {
      const stored = readFileSync(join(inbox, name), "latin1");
      return Buffer.from(stored.replaceAll("\n", "\r\n"), "latin1");
    });
  }

  log(): string {
    return readFileSync(join(this.#directory, "log"), "utf8");
  }

  stop(): void {
    spawnSync("postfix", ["-c", join(this.#directory, "config"), "stop"]);
    rmSync(this.#directory, { recursive: true, force: true });
  }
}

function mainCf(directory: string): string {
  return `compatibility_level = 3.6
queue_directory = ${directory}/queue
data_directory = ${directory}/data
maillog_file = ${directory}/log
maillog_file_prefixes = ${directory}
myhostname = real.test
mydestination =
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
smtpd_peername_lookup = no
smtpd_forbid_bare_newline = yes
smtpd_relay_restrictions = reject_unauth_destination
message_size_limit = 20480000
virtual_mailbox_domains = real.test
virtual_mailbox_base = ${directory}/mail
virtual_mailbox_maps = inline:{ {to@real.test = to/}, {cc@real.test = cc/}, {bcc@real.test = bcc/} }
virtual_mailbox_limit = 0
virtual_uid_maps = static:${NOBODY}
virtual_gid_maps = static:${NOBODY}
smtpd_sasl_local_domain = real.test
smtpd_sasl_security_options = noanonymous
`;
}

function masterCf(port: number, authPorts: ReadonlyMap<string, number>): string {
  const auth = [...authPorts].map(
    ([name, authPort]) => `127.0.0.1:${authPort} inet n - n - - smtpd
  -o smtpd_sasl_auth_enable=yes -o smtpd_sasl_path=${name}
  -o smtpd_recipient_restrictions=permit_sasl_authenticated,reject`,
  );
  return `127.0.0.1:${port} inet n - n - - smtpd
${auth.join("\n")}
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
`;
}

function saslConf(directory: string, mechanism: string): string {
  return `pwcheck_method: auxprop
auxprop_plugin: sasldb
sasldb_path: ${directory}/config/sasl/users
mech_list: ${mechanism}
`;
}
