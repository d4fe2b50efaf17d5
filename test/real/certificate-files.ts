import { join } from "node:path";
import { output } from "./program.ts";

/** Paths of a private key and its certificate, as PEM. */
export interface CertificateFiles {
  readonly key: string;
  readonly certificate: string;
}

/** Makes a self-signed certificate, which is its own authority. */
export async function makeCertificate(directory: string, name: string): Promise<CertificateFiles> {
  const files = { key: join(directory, `${name}.key`), certificate: join(directory, `${name}.pem`) };
  const kind = ["-x509", "-newkey", "rsa:2048", "-nodes", "-sha256", "-days", "2", "-subj", `/CN=${name}`];
  await output("openssl", ["req", ...kind, "-keyout", files.key, "-out", files.certificate]);
  return files;
}
