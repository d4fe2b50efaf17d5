import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { chmod, chown, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../support/free-port.ts";
import { answering } from "./answering.ts";
import { stop } from "./program.ts";

const NOBODY = 65534;

/** Whether Debian's dovecot with its POP3 part is here, and we may start it: it wants to be root. */
export const hasDovecot =
  process.getuid?.() === 0 && spawnSync("which", ["dovecot", "/usr/lib/dovecot/pop3"]).status === 0;

/** A dovecot on loopback in a temporary directory, with one account, `john` with the password `s3cret!`. */
export class Dovecot {
  readonly port: number;
  readonly #directory: string;
  readonly #child: ChildProcess;

  private constructor(port: number, directory: string, child: ChildProcess) {
    this.port = port;
    this.#directory = directory;
    this.#child = child;
  }

  /** Starts it with these mails, the first the oldest. */
  static async start(mails: readonly Buffer[]): Promise<Dovecot> {
    const directory = await mkdtemp(join(tmpdir(), "vmodem-dovecot-"));
    await chmod(directory, 0o755);
    for (const name of ["", "new", "cur", "tmp"]) {
      await mkdir(join(directory, "mail", name), { recursive: true });
      await chown(join(directory, "mail", name), NOBODY, NOBODY);
    }
    for (const [index, mail] of mails.entries()) {
      const path = join(directory, "mail/new", `${1_250_000_000 + index}.M1P1.test`);
      await writeFile(path, mail);
      await chown(path, NOBODY, NOBODY);
    }
    const port = await freePort();
    await writeFile(join(directory, "users"), "john:{PLAIN}s3cret!\n");
    await chmod(join(directory, "users"), 0o644);
    await writeFile(join(directory, "dovecot.conf"), settings(directory, port));
    const child = spawn("dovecot", ["-F", "-c", join(directory, "dovecot.conf")], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    const dovecot = new Dovecot(port, directory, child);
    let said = "";
    child.stderr.on("data", (chunk) => {
      said += chunk;
    });
    try {
      await answering(port, child);
    } catch {
      await dovecot.stop();
      throw new Error(`dovecot does not start: ${said}`);
    }
    return dovecot;
  }

  /** How many mails the mailbox holds on disk. */
  async count(): Promise<number> {
    const folders = await Promise.all(["new", "cur"].map((name) => readdir(join(this.#directory, "mail", name))));
    return folders.flat().length;
  }

  async stop(): Promise<void> {
    await stop(this.#child);
    await rm(this.#directory, { recursive: true, force: true });
  }
}

function settings(directory: string, port: number): string {
  return `base_dir = ${directory}/run
state_dir = ${directory}/state
log_path = ${directory}/log
protocols = pop3
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain
auth_failure_delay = 0
mail_location = maildir:${directory}/mail
mail_uid = ${NOBODY}
mail_gid = ${NOBODY}
first_valid_uid = 1
pop3_lock_session = yes
service pop3-login {
  chroot =
  inet_listener pop3 {
    port = ${port}
  }
  inet_listener pop3s {
    port = 0
  }
}
service anvil {
  chroot =
}
passdb {
  driver = passwd-file
  args = ${directory}/users
}
userdb {
  driver = static
  args = uid=${NOBODY} gid=${NOBODY} home=${directory}/mail
}
`;
}
