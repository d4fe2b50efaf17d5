import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../support/free-port.ts";
import type { CertificateFiles } from "./certificate-files.ts";
import { locate, startServer } from "./program.ts";

/** A vsftpd on loopback, with a configuration of its own; nothing of the system's is read or changed. */
export interface Vsftpd {
  readonly port: number;
  /** The directory that an anonymous client may write to, at `/pub`. */
  readonly directory: string;
  close(): Promise<void>;
}

/** Whether vsftpd can be run here: it wants to be root. */
export const vsftpdPresent = locate("vsftpd") !== undefined && process.getuid?.() === 0;

/** How clients have to be secure. */
interface Tls extends CertificateFiles {
  readonly way: "explicit" | "implicit";
}

/**
 * Starts it. Anonymous clients come in with the password `secret@vmodem` only, and may do everything below `/pub`. With `tls`
 * none comes in without, nor are data sent in the clear.
 */
export async function startVsftpd(tls?: Tls): Promise<Vsftpd> {
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
    ...(tls === undefined ? {} : tlsSettings(tls)),
  };
  await writeFile(join(base, "passwords"), "secret@vmodem\n");
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`);
  await writeFile(join(base, "vsftpd.conf"), lines.join(""));

  const server = await startServer("vsftpd", [join(base, "vsftpd.conf")], port);
  const close = async () => {
    await server.close();
    await rm(base, { recursive: true, force: true });
  };
  return { port, directory, close };
}

function tlsSettings({ way, key, certificate }: Tls): Readonly<Record<string, string>> {
  return {
    ssl_enable: "YES",
    implicit_ssl: way === "implicit" ? "YES" : "NO",
    allow_anon_ssl: "YES",
    force_anon_logins_ssl: "YES",
    force_anon_data_ssl: "YES",
    // The default of vsftpd: a data connection must resume the session of the control connection.
    require_ssl_reuse: "YES",
    ssl_ciphers: "HIGH",
    rsa_cert_file: certificate,
    rsa_private_key_file: key,
  };
}
