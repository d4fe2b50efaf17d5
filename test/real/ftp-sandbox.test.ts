import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { SystemClock } from "../../src/platform/time/clock.ts";
import { testCertificate } from "../../src/sandbox/certificate.ts";
import type { FtpMemoryRoot } from "../../src/sandbox/ftp/memory-root.ts";
import { FtpServer } from "../../src/sandbox/ftp/server.ts";
import { serverParts } from "../support/server-parts.ts";
import { output, present } from "./program.ts";

const content = randomBytes(300_000);

describe.each(["127.0.0.1", "::1"])("the embedded FTP server on %s", (host) => {
  let root: FtpMemoryRoot;
  let server: FtpServer;
  let directory: string;
  let authority: string;

  beforeEach(async () => {
    const options = { files: [["/pub/a b.bin", content] as const], users: { me: "secret" }, local: { host, port: 0 } };
    const parts = serverParts({ clock: new SystemClock(), certificate: await testCertificate() });
    server = await FtpServer.start(parts, options, new AbortController().signal);
    root = server.root;
    authority = `${host.includes(":") ? `[${host}]` : host}:${server.endpoint.port}`;
    directory = await mkdtemp(join(tmpdir(), "ftp-sandbox-"));
    await writeFile(join(directory, "up"), content);
  });
  afterEach(async () => {
    await server.close();
    await rm(directory, { recursive: true });
  });

  describe.skipIf(!present("curl"))("and curl", () => {
    const curl = (...args: string[]) => output("curl", ["-sS", "--max-time", "20", "-u", "me:secret", ...args]);
    const modes: [string, string[]][] = [
      ["extended passive", []],
      ["extended active", ["-P", "-"]],
      // The old commands carry no IPv6 address.
      ...(host === "::1"
        ? []
        : ([
            ["passive", ["--disable-epsv"]],
            ["active", ["--disable-eprt", "-P", "-"]],
          ] as [string, string[]][])),
    ];

    test.each(modes)("%s mode: list, download, upload, resume both ways", async (_mode, args) => {
      expect(await curl(...args, `ftp://${authority}/pub/`)).toMatch(/^-rw-r--r--.* 300000 .* a b\.bin\r?\n$/);
      expect(await curl(...args, "-l", `ftp://${authority}/pub/`)).toMatch(/^a b\.bin\r?\n$/);

      const down = join(directory, "down");
      await curl(...args, "-o", down, `ftp://${authority}/pub/a%20b.bin`);
      expect((await readFile(down)).equals(content)).toBe(true);
      await writeFile(down, content.subarray(0, 100_001));
      await curl(...args, "-C", "-", "-o", down, `ftp://${authority}/pub/a%20b.bin`);
      expect((await readFile(down)).equals(content)).toBe(true);

      await curl(...args, "-T", join(directory, "up"), "--ftp-create-dirs", `ftp://${authority}/new/dir/up`);
      expect(root.readFile("/new/dir/up")?.equals(content)).toBe(true);
      root.writeFile("/part", content.subarray(0, 5));
      await curl(...args, "-C", "-", "-T", join(directory, "up"), `ftp://${authority}/part`);
      expect(root.readFile("/part")?.equals(content)).toBe(true);
    });

    test.each(["explicit", "implicit"])("TLS, %s: list, download, upload", async (way) => {
      const secureAuthority = authority.replace(/\d+$/, String(server.secureEndpoint.port));
      const url = way === "implicit" ? `ftps://${secureAuthority}` : `ftp://${authority}`;
      const secure = (...args: string[]) => curl("--ssl-reqd", "--insecure", ...args);
      expect(await secure(`${url}/pub/`)).toMatch(/^-rw-r--r--.* 300000 .* a b\.bin\r?\n$/);
      const down = join(directory, "down");
      await secure("-o", down, `${url}/pub/a%20b.bin`);
      expect((await readFile(down)).equals(content)).toBe(true);
      await secure("-T", join(directory, "up"), `${url}/up`);
      expect(root.readFile("/up")?.equals(content)).toBe(true);
      expect(server.sessions.at(-1)?.commands).toContain("PROT P");
    });

    test("a wrong password and a missing file are told apart", async () => {
      await expect(curl("-u", "me:wrong", `ftp://${authority}/`)).rejects.toMatchObject({ code: 67 });
      await expect(curl(`ftp://${authority}/pub/none`)).rejects.toMatchObject({ code: 78 });
    });
  });

  test.skipIf(!present("python3"))(
    "and Python's ftplib speak TLS, with private and clear data, in passive and active mode",
    async () => {
      const script = `
import ftplib, io, ssl
context = ssl.create_default_context()
context.check_hostname = False
context.verify_mode = ssl.CERT_NONE
ftp = ftplib.FTP_TLS(context=context)
ftp.connect(${JSON.stringify(host)}, ${server.endpoint.port}, 10)
ftp.login("me", "secret")
for level in (ftp.prot_p, ftp.prot_c):
    level()
    for passive in (True, False):
        ftp.set_pasv(passive)
        pieces = []
        ftp.retrbinary("RETR /pub/a b.bin", pieces.append)
        ftp.storbinary("STOR /copy", io.BytesIO(b"".join(pieces)))
        print(ftp.nlst("/pub"), ftp.size("/copy"))
ftp.quit()
`;
      expect(await output("python3", ["-c", script])).toBe("['a b.bin'] 300000\n".repeat(4));
      expect(root.readFile("/copy")?.equals(content)).toBe(true);
    },
  );

  describe.skipIf(!present("lftp"))("and lftp", () => {
    const lftp = (commands: string) =>
      output("lftp", [
        "--norc",
        "-c",
        // It begins TLS by itself.
        `set net:timeout 10; set net:max-retries 1; set ssl:verify-certificate no; set cmd:fail-exit yes; open -u me,secret ftp://${authority}; ${commands}`,
      ]);

    test.each(["on", "off"])("with passive mode %s everything works", async (passive) => {
      const listing = await lftp(
        `set ftp:passive-mode ${passive}; cls pub; put ${directory}/up -o q; mkdir d; mv q d/r; ls d`,
      );
      expect(listing).toMatch(/a b\.bin[\s\S]*300000 .* r\r?\n/);
      expect(root.readFile("/d/r")?.equals(content)).toBe(true);
      await lftp(`set ftp:passive-mode ${passive}; mirror pub ${directory}/mirror; rm d/r; rmdir d`);
      expect((await readFile(join(directory, "mirror", "a b.bin"))).equals(content)).toBe(true);
      expect(root.readFile("/d/r")).toBeUndefined();
    });
  });
});
