import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../support/free-port.ts";
import type { CertificateFiles } from "./certificate-files.ts";
import { locate, startServer } from "./program.ts";

/** An nginx on loopback that speaks HTTPS, with a configuration of its own; nothing of the system's is read or changed. */
export interface Nginx {
  readonly port: number;
  close(): Promise<void>;
}

/** Whether nginx is here. */
export const nginxPresent = locate("nginx") !== undefined;

/** Starts it with these files, by name. */
export async function startNginx(tls: CertificateFiles, files: Readonly<Record<string, Buffer>>): Promise<Nginx> {
  const base = await mkdtemp(join(tmpdir(), "nginx-"));
  await mkdir(join(base, "www"));
  for (const [name, content] of Object.entries(files)) await writeFile(join(base, "www", name), content);
  const port = await freePort();
  await writeFile(join(base, "nginx.conf"), configuration(base, port, tls));
  const args = ["-p", base, "-c", join(base, "nginx.conf"), "-e", join(base, "error.log"), "-g", "daemon off;"];
  const server = await startServer("nginx", args, port);
  const close = async () => {
    await server.close();
    await rm(base, { recursive: true, force: true });
  };
  return { port, close };
}

function configuration(base: string, port: number, { key, certificate }: CertificateFiles): string {
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  return `
pid ${base}/pid;
error_log ${base}/error.log;
master_process off;
events { worker_connections 64; }
http {
  access_log off;
  ${temporary.map((name) => `${name}_temp_path ${base}/${name};`).join("\n  ")}
  server {
    listen 127.0.0.1:${port} ssl;
    ssl_certificate ${certificate};
    ssl_certificate_key ${key};
    root ${base}/www;
  }
}
`;
}
