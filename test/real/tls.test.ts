import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { framed, OK } from "../support/framing.ts";
import { ftpModem } from "../support/ftp-modem.ts";
import { PacketHost, payloadOf } from "../support/packet-host.ts";
import { type CertificateFiles, makeCertificate } from "./certificate-files.ts";
import { type Nginx, nginxPresent, startNginx } from "./nginx.ts";
import { present } from "./program.ts";
import { startVsftpd, type Vsftpd, vsftpdPresent } from "./vsftpd.ts";

const PROMPT = "\r\n>";
const FILE = Buffer.from(`line\r\n${"x".repeat(9000)}\x00\x1a\x03\xff`, "latin1");
const LARGE = randomBytes(300_000);

let directory: string;
let server: CertificateFiles;
let stranger: CertificateFiles;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "tls-real-"));
  server = await makeCertificate(directory, "server.example");
  stranger = await makeCertificate(directory, "stranger.example");
});
afterAll(() => rm(directory, { recursive: true, force: true }));

type Parts = Awaited<ReturnType<typeof at>>;

/** A modem whose every name leads to a port of this machine. */
async function at(port: number) {
  const parts = await ftpModem({ server: { host: "127.0.0.1", port } });
  const reader = new PacketHost(() => parts.host.take());
  const lines = async (command: string, ...answer: readonly string[]) => {
    parts.dte.send(`AT${command}\r`);
    for (const expected of answer) expect(await reader.line()).toBe(expected);
  };
  return { ...parts, reader, lines };
}

/** Loads a certificate as an authority. */
async function trust({ dte }: Parts, { certificate }: CertificateFiles): Promise<void> {
  const content = await readFile(certificate, "latin1");
  await dte.command(`AT+CCERTDOWN="ca.pem",${content.length}\r`, PROMPT);
  await dte.command(content, OK);
  await dte.command('AT+CSSLCA=0,"ca.pem"\r', OK);
}

describe.skipIf(!nginxPresent || !present("openssl"))("the modem and nginx", () => {
  const REQUEST = "GET /file HTTP/1.1\r\nHost: www.example.com\r\nConnection: close\r\n\r\n";
  let nginx: Nginx;
  beforeAll(async () => {
    nginx = await startNginx(server, { file: FILE });
  });
  afterAll(() => nginx?.close());

  test.each(["no authority", "the server's own"])("CHTTPS gets a file, with %s loaded", async (authority) => {
    const parts = await at(nginx.port);
    const { dte, lines, reader } = parts;
    if (authority !== "no authority") await trust(parts, server);
    await dte.command("AT+CHTTPSSTART\r", OK);
    await lines('+CHTTPSOPSE="www.example.com",443', "OK", "+CHTTPSOPSE: 0");
    await dte.command(`AT+CHTTPSSEND=${REQUEST.length}\r`, PROMPT);
    await dte.command(REQUEST, OK);
    await lines("+CHTTPSSEND", "OK", "+CHTTPSSEND: 0", "+CHTTPS: RECV EVENT", "+CHTTPSNOTIFY: PEER CLOSED");
    await lines("+CHTTPSRECV", "OK");
    const { packets, last } = await reader.packets();
    const response = payloadOf(packets);
    expect(last).toBe("+CHTTPSRECV: 0");
    expect(response.toString("latin1")).toMatch(/^HTTP\/1\.1 200 OK\r\nServer: nginx/);
    expect(response.subarray(-FILE.length).equals(FILE)).toBe(true);
  });

  test("a server of another authority than the loaded one is refused", async () => {
    const parts = await at(nginx.port);
    const { dte, lines } = parts;
    await trust(parts, stranger);
    await dte.command("AT+CHTTPSSTART\r", OK);
    await lines('+CHTTPSOPSE="www.example.com",443', "ERROR");
    await dte.command("AT+CCHSTART\r", OK + framed("+CCHSTART: 0"));
    await lines('+CCHOPEN=0,"www.example.com",443', "OK", "+CCHOPEN: 0,1");
  });

  test("CCH carries a request and its response", async () => {
    const { dte, lines, reader } = await at(nginx.port);
    await dte.command("AT+CCHSET=0,1;+CCHSTART\r", OK + framed("+CCHSTART: 0"));
    await lines('+CCHOPEN=0,"www.example.com",443,2', "OK", "+CCHOPEN: 0,0");
    await dte.command(`AT+CCHSEND=0,${REQUEST.length}\r`, PROMPT);
    dte.send(REQUEST);
    for (const line of ["OK", "+CCHEVENT: 0,RECV EVENT", "+CCH_PEER_CLOSED: 0"]) expect(await reader.line()).toBe(line);
    await lines("+CCHRECV=0", "OK");
    const { packets, last } = await reader.packets();
    expect(last).toBe("+CCHRECV:0, 0");
    expect(payloadOf(packets).subarray(-FILE.length).equals(FILE)).toBe(true);
  });
});

describe.skipIf(!vsftpdPresent || !present("openssl"))("the modem and vsftpd", () => {
  describe.each([
    ["AUTH SSL", 1, "explicit"],
    ["AUTH TLS", 2, "explicit"],
    ["implicit TLS", 3, "implicit"],
  ] as const)("with %s", (_, type, way) => {
    let vsftpd: Vsftpd;
    beforeAll(async () => {
      vsftpd = await startVsftpd({ ...server, way });
    });
    afterAll(() => vsftpd?.close());

    const login = `+CFTPSLOGIN="ftp.example",21,"anonymous","secret@vmodem",${type}`;

    async function started() {
      const parts = await at(vsftpd.port);
      await parts.dte.command("AT+CFTPSSTART\r", OK + framed("+CFTPSSTART: 0"));
      return parts;
    }

    test.each([0, 1])("put, get, list and size work, with AT+CFTPSSINGLEIP=%i", async (single) => {
      const parts = await started();
      const { dte, lines, reader, files } = parts;
      await trust(parts, server);
      await dte.command(`AT+CFTPSSINGLEIP=${single}\r`, OK);
      await lines(login, "OK", "+CFTPSLOGIN: 0");
      await dte.command(`AT+CFTPSPUT="/pub/part-${single}",4\r`, PROMPT);
      await dte.command("\x1a\x03\r\n", OK);
      await dte.command("AT+CFTPSPUT=2\r", PROMPT);
      await dte.command("ab", OK);
      await lines("+CFTPSPUT", "OK", "+CFTPSPUT: 0");
      expect(await readFile(join(vsftpd.directory, `part-${single}`), "latin1")).toBe("\x1a\x03\r\nab");
      await lines(`+CFTPSGET="/pub/part-${single}",2`, "OK");
      const got = await reader.packets();
      expect([payloadOf(got.packets).toString("latin1"), got.last]).toEqual(["\r\nab", "+CFTPSGET: 0"]);
      await lines(`+CFTPSSIZE="/pub/part-${single}"`, "+CFTPSSIZE: 0, 6", "OK");
      await files.write(`C/large-${single}`, LARGE);
      await lines(`+CFTPSPUTFILE="/pub/large-${single}"`, "OK", "+CFTPSPUTFILE: 0");
      expect((await readFile(join(vsftpd.directory, `large-${single}`))).equals(LARGE)).toBe(true);
      await lines(`+CFTPSGETFILE="/pub/large-${single}",1`, "OK", "+CFTPSGETFILE: 0");
      expect((await files.read(`C/Picture/large-${single}`)).equals(LARGE)).toBe(true);
      await lines('+CFTPSLIST="/pub"', "OK");
      const listed = await reader.packets();
      expect([payloadOf(listed.packets).toString(), listed.last]).toEqual([
        expect.stringContaining(`large-${single}`),
        "+CFTPSLIST: 0",
      ]);
      await lines('+CFTPSCWD="/pub"', "OK");
      await lines("+CFTPSPWD", '+CFTPSPWD: "/pub"', "OK");
      await lines(`+CFTPSDELE="large-${single}"`, "OK");
      await lines('+CFTPSGET="/pub/none"', "OK", "+CFTPSGET: 9");
      await lines("+CFTPSLOGOUT", "OK", "+CFTPSLOGOUT: 0");
    });

    test("a server of another authority than the loaded one is refused, and a wrong password", async () => {
      const parts = await started();
      await trust(parts, stranger);
      await parts.lines(login, "OK", "+CFTPSLOGIN: 1");
      await trust(parts, server);
      await parts.lines(login.replace("secret@", "wrong@"), "OK", "+CFTPSLOGIN: 9");
      await parts.lines(login, "OK", "+CFTPSLOGIN: 0");
    });
  });
});
