import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readHeader } from "../../src/mime/read/header.ts";
import { MailParser } from "../../src/mime/read/mail.ts";
import { silentLog } from "../../src/platform/log.ts";
import { TcpNetwork } from "../../src/platform/network/tcp-network.ts";
import { SystemClock } from "../../src/platform/time/clock.ts";
import { Pop3Session } from "../../src/protocols/pop3/session.ts";
import { Dovecot, hasDovecot } from "./dovecot.ts";

const never = new AbortController().signal;
const mails = ["1-plain.eml", "2-attachments.eml", "3-encoded-names.eml"].map((name) =>
  readFileSync(join(import.meta.dirname, "../../fixtures/mail", name)),
);
/** As they come over the line. */
const onTheWire = mails.map((mail) => mail.toString("latin1").replaceAll("\n", "\r\n"));

describe.skipIf(!hasDovecot)("Debian's dovecot", () => {
  let dovecot: Dovecot;

  beforeEach(async () => {
    dovecot = await Dovecot.start(mails);
  });

  afterEach(() => dovecot.stop());

  function open(user = "john", password = "s3cret!"): Promise<Pop3Session> {
    const ports = { network: new TcpNetwork(), clock: new SystemClock(), log: silentLog, timeoutScale: 1 };
    return Pop3Session.open(ports, { server: { host: "127.0.0.1", port: dovecot.port }, user, password }, never);
  }

  test("refuses a wrong password at PASS", async () => {
    await expect(open("john", "wrong")).rejects.toMatchObject({ code: "REPLY", verb: "PASS", status: "AUTH" });
    await expect(open("nobody")).rejects.toMatchObject({ code: "REPLY", verb: "PASS" });
  });

  test("tells and lists what it has, headers alone too", async () => {
    const session = await open();
    const sizes = onTheWire.map((mail) => mail.length);
    expect(await session.stat(never)).toEqual({ count: 3, size: sizes.reduce((sum, size) => sum + size) });
    const listed = [];
    for await (const listing of session.list(never)) listed.push(listing);
    expect(listed).toEqual(sizes.map((size, index) => ({ id: index + 1, size })));
    expect(await session.listing(2, never)).toEqual({ id: 2, size: sizes[1] });
    await expect(session.listing(4, never)).rejects.toMatchObject({ verb: "LIST" });
    expect(await readHeader(session.header(1, never), ["From", "Date", "Subject"])).toEqual({
      From: "Ann Lee <ann@example.com>",
      Date: "Mon, 17 Aug 2009 14:09:27 +0800",
      Subject: "Meter reading",
    });
    await session.quit(never);
    expect(await dovecot.count()).toBe(3);
  });

  test("sends mails byte for byte, and their attachments come out", async () => {
    const session = await open();
    for (const [index, mail] of onTheWire.entries()) {
      let received = "";
      for await (const chunk of session.retrieve(index + 1, never)) received += chunk.toString("latin1");
      expect(received).toBe(mail);
    }
    const parser = new MailParser();
    const files: string[] = [];
    for await (const chunk of session.retrieve(3, never)) {
      for (const event of parser.push(chunk)) if (event.type === "file") files.push(event.name);
    }
    parser.end();
    expect(files).toEqual(["测试.txt", "报告 第一部分.dat", "boot.ini"]);
    await session.quit(never);
  });

  test("deletes at log-out, not when the session is dropped", async () => {
    const dropped = await open();
    await dropped.delete(1, never);
    dropped.close();
    const session = await reopened();
    expect(await session.stat(never)).toMatchObject({ count: 3 });
    await session.delete(2, never);
    expect(await session.stat(never)).toMatchObject({ count: 2 });
    await session.quit(never);
    expect(await dovecot.count()).toBe(2);
  });

  /** The server takes a moment to see that a session was dropped and to unlock. */
  async function reopened(): Promise<Pop3Session> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await open();
      } catch (error) {
        if (attempt === 50) throw error;
      }
    }
  }
});
