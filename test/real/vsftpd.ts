import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../support/free-port.ts";
import { answering } from "./answering.ts";
import { locate } from "./program.ts";

/** A vsftpd on loopback, with a configuration of its own; nothing of the system's is read or changed. */
export interface Vsftpd {
  readonly port: number;
  /** The directory that an anonymous client may write to, at `/pub`. */
  readonly directory: string;
  close(): Promise<void>;
}

/** Whether vsftpd can be run here: it wants to be root. */
export const vsftpdPresent = locate("vsftpd") !== undefined && process.getuid?.() === 0;

/** Starts it. Anonymous clients come in with the password `secret@vmodem` only, and may do everything below `/pub`. */
export async function startVsftpd(): Promise<Vsftpd> {
  const base = await mkdtemp(join(tmpdir(), "vsftpd-"));
  const directory = join(base, "root", "pub");
  await mkdir(directory, { recursive: true });
  await mkdir(join(base, "empty"));
  await chmod(base, 0o755);
  await chmod(directory, 0o777);
  const port = await freePort();
  const settings = {
    listen: "YES",
    listen_address: "127.0.0.1",
    listen_port: port,
    background: "NO",
    anonymous_enable: "YES",
    local_enable: "NO",
    write_enable: "YES",
    anon_upload_enable: "YES",
    anon_mkdir_write_enable: "YES",
    anon_other_write_enable: "YES",
    anon_umask: "022",
    anon_root: join(base, "root"),
    secure_email_list_enable: "YES",
    email_password_file: join(base, "passwords"),
    connect_from_port_20: "YES",
    secure_chroot_dir: join(base, "empty"),
    seccomp_sandbox: "NO",
    isolate: "NO",
    isolate_network: "NO",
    xferlog_enable: "NO",
    // Its home must exist, though anon_root is what clients see.
    ftp_username: "daemon",
    nopriv_user: "nobody",
  };
  await writeFile(join(base, "passwords"), "secret@vmodem\n");
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`);
  await writeFile(join(base, "vsftpd.conf"), lines.join(""));

  const child = spawn(locate("vsftpd") ?? "vsftpd", [join(base, "vsftpd.conf")], { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (said += chunk));
  const close = async () => {
    await stop(child);
    await rm(base, { recursive: true, force: true });
  };
  try {
    await answering(port, child);
  } catch {
    await close();
    throw new Error(`vsftpd does not start: ${said}`);
  }
  return { port, directory, close };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, "exit");
  child.kill();
  await exit;
}
