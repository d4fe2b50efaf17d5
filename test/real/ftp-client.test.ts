import { randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TcpNetwork } from "../../src/platform/network/tcp-network.ts";
import { SystemClock } from "../../src/platform/time/clock.ts";
import { type FtpSession, type FtpSettings, openSession } from "../../src/protocols/ftp/session.ts";
import { startVsftpd, type Vsftpd, vsftpdPresent } from "./vsftpd.ts";

const ports = { network: new TcpNetwork(), clock: new SystemClock(), timeoutScale: 0.2 };
const live = new AbortController().signal;

describe.skipIf(!vsftpdPresent)("our FTP client and vsftpd", () => {
  let server: Vsftpd;

  beforeAll(async () => {
    server = await startVsftpd();
  });
  afterAll(() => server?.close());

  async function inSession<T>(settings: Partial<FtpSettings>, use: (session: FtpSession) => Promise<T>): Promise<T> {
    const account = { user: "anonymous", password: "secret@vmodem" };
    const whole = { host: "127.0.0.1", port: server.port, passive: true, type: "I", ...account, ...settings } as const;
    const session = await openSession(ports, whole, live);
    try {
      return await use(session);
    } finally {
      await session.quit();
    }
  }

  async function fetch(session: FtpSession, path: string, offset = 0): Promise<Buffer> {
    const file = await session.retrieve(path, { offset });
    const chunks: Buffer[] = [];
    for (let chunk = await file.read(); chunk !== undefined; chunk = await file.read()) chunks.push(chunk);
    await file.finish();
    return Buffer.concat(chunks);
  }

  async function send(session: FtpSession, path: string, content: Uint8Array, offset = 0): Promise<void> {
    const file = await session.store(path, { offset });
    await file.write(content);
    await file.finish();
  }

  const sizes = [0, 1, 1023, 1024, 1025, 65_535, 1_048_576];
  const modes = [
    { mode: "passive", passive: true },
    { mode: "active", passive: false },
  ] as const;

  describe.each(modes)("in $mode mode", ({ mode, passive }) => {
    test.each(sizes)("%d bytes go there and come back", async (size) => {
      const content = randomBytes(size);
      const name = `${mode}-${size}`;
      await inSession({ passive }, (session) => send(session, `/pub/${name}`, content));
      expect((await readFile(join(server.directory, name))).equals(content)).toBe(true);
      expect((await inSession({ passive }, (session) => fetch(session, `/pub/${name}`))).equals(content)).toBe(true);
    });

    test("type A leaves the bytes alone", async () => {
      const content = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
      await inSession({ passive, type: "A" }, async (session) => {
        await send(session, `/pub/ascii-${mode}`, content);
        expect((await fetch(session, `/pub/ascii-${mode}`)).equals(content)).toBe(true);
      });
    });

    test("a transfer goes on where it is told", async () => {
      const path = join(server.directory, `rest-${mode}`);
      await writeFile(path, "0123456789", { mode: 0o666 });
      await inSession({ passive }, async (session) => {
        expect(String(await fetch(session, `/pub/rest-${mode}`, 4))).toBe("456789");
        await send(session, `/pub/again-${mode}`, Buffer.from("0123456789"));
        await send(session, `/pub/again-${mode}`, Buffer.from("abcdef"), 4);
      });
      expect(await readFile(join(server.directory, `again-${mode}`), "latin1")).toBe("0123abcdef");
    });

    test("a missing file is refused, and the session goes on", async () => {
      await inSession({ passive }, async (session) => {
        await expect(session.retrieve("/pub/missing")).rejects.toMatchObject({ code: "REPLY", reply: 550 });
        await expect(session.store("/nowhere/x")).rejects.toMatchObject({ code: "REPLY", reply: 553 });
        await send(session, `/pub/after-${mode}`, Buffer.from("x"));
      });
    });

    test("directories and listings work", async () => {
      await inSession({ passive }, async (session) => {
        await session.change("MKD", `/pub/dir-${mode}`);
        await send(session, `/pub/dir-${mode}/\xb2\xe2\xca\xd4.txt`, Buffer.from("x"));
        const listing = await session.list(`/pub/dir-${mode}`);
        let text = "";
        for (let chunk = await listing.read(); chunk !== undefined; chunk = await listing.read()) {
          text += chunk.toString("latin1");
        }
        await listing.finish();
        expect(text).toMatch(/ 1 .* \xb2\xe2\xca\xd4\.txt\r\n$/);
        await session.change("DELE", `/pub/dir-${mode}/\xb2\xe2\xca\xd4.txt`);
        await session.change("RMD", `/pub/dir-${mode}`);
      });
    });
  });

  test.each([
    { user: "anonymous", password: "wrong" },
    { user: "root", password: "secret" },
  ])("a refused log-in of $user is LOGIN", async (account) => {
    await expect(inSession(account, async () => undefined)).rejects.toMatchObject({ code: "REPLY", reply: 530 });
  });
});
