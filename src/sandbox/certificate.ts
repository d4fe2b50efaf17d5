import { filesBelow, fixtures } from "../platform/disk/files.ts";

/** A private key and its certificate, as PEM. */
export interface ServerCertificate {
  readonly key: string;
  readonly certificate: string;
}

/** The certificate that the servers show: self-signed, so that it is its own authority. For tests only. */
export async function testCertificate(): Promise<ServerCertificate> {
  const read = filesBelow(fixtures("tls"));
  const [key, certificate] = await Promise.all([read("/key.pem"), read("/certificate.pem")]);
  if (key === undefined || certificate === undefined) throw new Error("the test certificate is missing");
  return { key: key.toString("latin1"), certificate: certificate.toString("latin1") };
}
