import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { composeMail, type Mail } from "../../src/mime/compose/message.ts";
import { SystemRandom } from "../../src/platform/crypto.ts";
import type { SmtpCredentials } from "../../src/protocols/smtp/auth.ts";
import { openSmtpSession } from "../../src/protocols/smtp/session.ts";
import { expectSameMail } from "../support/expect-same-mail.ts";
import { lines, MailHost } from "../support/mail-host.ts";
import { MailOracle } from "../support/mail-oracle.ts";
import { memoryAttachment, plainMail } from "../support/mails.ts";
import { smtpPorts } from "../support/smtp-client.ts";
import { hasPostfix, Postfix } from "./postfix.ts";

const credentials = { user: "joe", password: "s3cret w\u00f6rd" };
const named = (address: string, name = "") => ({ address, name: Buffer.from(name) });
const bounded = () => AbortSignal.timeout(30_000);

describe.skipIf(!hasPostfix)("Debian's postfix", () => {
  let postfix: Postfix;
  let oracle: MailOracle;

  beforeAll(async () => {
    oracle = new MailOracle();
    postfix = await Postfix.start(credentials.user, credentials.password);
  });

  afterAll(() => {
    oracle?.close();
    postfix?.stop();
  });

  async function send(mail: Mail, port: number, who?: SmtpCredentials, bcc: readonly string[] = []): Promise<void> {
    const session = await openSmtpSession(smtpPorts(), { host: "127.0.0.1", port }, who, bounded());
    const composed = composeMail(mail, new SystemRandom(), session.eightBitMime);
    const recipients = [...[...mail.to, ...mail.cc].map((mailbox) => mailbox.address), ...bcc];
    await session.send({ from: mail.from.address, recipients }, composed);
    await session.quit();
  }

  /** Waits for the mail with this subject in a mailbox. */
  async function delivered(person: string, subject: string): Promise<Buffer> {
    const until = bounded();
    for (;;) {
      const mail = postfix.mails(person).find((raw) => raw.includes(`\r\nSubject: ${subject}\r\n`));
      if (mail !== undefined) return mail;
      if (until.aborted) throw new Error(`no mail for ${person}: ${postfix.log()}`);
      await pause(50);
    }
  }

  const mails: Array<[string, Partial<Mail>]> = [
    ["plain", {}],
    ["empty", { body: Buffer.alloc(0) }],
    ["dots", { body: Buffer.from(".\r\n..\n.x\r\r\n.\r\n") }],
    [
      "eight bits",
      { body: Buffer.from("21 \u00b0C, \u6d4b\u8bd5\r\n"), from: named("joe@real.test", "J\u00f6, \u6d4b") },
    ],
    ["latin", { body: Buffer.from([0x32, 0x31, 0xb0, 0x0a]) }],
    ["long lines", { body: Buffer.from(`${"word ".repeat(900)}\n${"\u00e9".repeat(700)}`) }],
    [
      "files",
      {
        attachments: [
          memoryAttachment("pic.jpg", Buffer.alloc(5000, 0xff)),
          memoryAttachment("\u6d4b\u8bd5.txt", Buffer.from("a")),
        ],
      },
    ],
    [
      "ten megabytes",
      { attachments: [memoryAttachment("big.bin", Buffer.alloc(10 * 1024 * 1024, "abcdefg"), 65_536)] },
    ],
  ];

  test.each(mails)("delivers a mail unchanged: %s", async (subject, changes) => {
    const people = { to: [named("to@real.test", "T. O.")], cc: [named("cc@real.test")], from: named("joe@real.test") };
    const mail = plainMail({ subject: Buffer.from(subject), ...people, ...changes });
    await send(mail, postfix.port, undefined, ["bcc@real.test"]);
    for (const person of ["to", "cc", "bcc"]) {
      await expectSameMail(await oracle.parse(await delivered(person, subject)), mail);
    }
  });

  test.each(["CRAM-MD5", "PLAIN", "LOGIN"])(
    "takes mail after AUTH %s, and refuses a wrong password",
    async (mechanism) => {
      const port = postfix.authPorts.get(mechanism) ?? 0;
      const mail = plainMail({ subject: Buffer.from(`by ${mechanism}`), to: [named("to@real.test")] });
      await send(mail, port, credentials);
      await expectSameMail(await oracle.parse(await delivered("to", `by ${mechanism}`)), mail);
      const wrong = { ...credentials, password: "wrong" };
      await expect(send(mail, port, wrong)).rejects.toMatchObject({ code: "REPLY", verb: "AUTH", reply: 535 });
    },
  );

  test("delivers to nobody when one recipient is refused", async () => {
    const to = [named("to@real.test"), named("nobody@real.test")];
    const mail = plainMail({ subject: Buffer.from("half"), to });
    await expect(send(mail, postfix.port)).rejects.toMatchObject({ code: "REPLY", verb: "RCPT", reply: 550 });
    const after = plainMail({ subject: Buffer.from("after half"), to: [named("to@real.test")] });
    await send(after, postfix.port);
    await delivered("to", "after half");
    expect(postfix.mails("to").some((raw) => raw.includes("Subject: half\r\n"))).toBe(false);
  });

  test("a lone recipient refused in a pipelined group is told as that", async () => {
    const mail = plainMail({ to: [named("nobody@real.test")] });
    await expect(send(mail, postfix.port)).rejects.toMatchObject({ verb: "RCPT", reply: 550 });
  });

  test("a mail without credentials is refused where they are needed", async () => {
    const mail = plainMail({ to: [named("to@real.test")] });
    await expect(send(mail, postfix.authPorts.get("PLAIN") ?? 0)).rejects.toMatchObject({ verb: "RCPT", reply: 554 });
  });

  test("credentials for a server that offers no AUTH are an error", async () => {
    await expect(send(plainMail(), postfix.port, credentials)).rejects.toMatchObject({
      code: "REPLY",
      reply: undefined,
    });
  });

  describe("by AT+SMTPSEND", () => {
    const SUCCESS = lines("+SMTP: OK", "OK", "+SMTP: SUCCESS");
    const picture = Buffer.from(Array.from({ length: 70_000 }, (_, at) => (at * 31 + (at >> 8)) % 256));

    async function draft(subject: string, port: number): Promise<MailHost> {
      const host = await MailHost.start();
      await host.draft(
        { host: "127.0.0.1", port },
        { from: '"joe@real.test","J\xc3\xb6, Sender"', to: '"to@real.test","T. O."' },
      );
      await host.ok(`AT+SMTPSUB="${subject}"`);
      await host.ok('AT+CCLK="10/02/05,20:00:00+32"');
      return host;
    }

    test("a mail with every kind of recipient and attachments is delivered as it was entered", async () => {
      const host = await draft("by AT", postfix.port);
      host.file("C/Picture/pic.jpg", picture);
      host.file("C/\u6d4b\u8bd5.txt", "");
      await host.ok('AT+SMTPRCPT=1,0,"cc@real.test","C"');
      await host.ok('AT+SMTPRCPT=2,0,"bcc@real.test","B"');
      await host.enterBody("21 \xb0C\r\n.\r\n..\r.x\nFrom me");
      await host.ok('AT+SMTPFILE=1,"C:/Picture/pic.jpg"');
      await host.ok('AT+SMTPFILE=2,{non-ascii}"E6B58BE8AF952E747874"');
      await host.ok("AT+SMTPSEND", SUCCESS);
      const mail = plainMail({
        subject: Buffer.from("by AT"),
        from: named("joe@real.test", "J\u00f6, Sender"),
        to: [named("to@real.test", "T. O.")],
        cc: [named("cc@real.test", "C")],
        body: Buffer.from("21 \xb0C\r\n.\r\n..\r.x\nFrom me", "latin1"),
        attachments: [memoryAttachment("pic.jpg", picture), memoryAttachment("\u6d4b\u8bd5.txt", Buffer.alloc(0))],
      });
      for (const person of ["to", "cc", "bcc"]) {
        await expectSameMail(await oracle.parse(await delivered(person, "by AT")), mail);
      }
    });

    test("10 MB from the card, to a CC alone", async () => {
      const host = await draft("by AT, large", postfix.port);
      const big = Buffer.alloc(10 * 1024 * 1024, picture);
      host.file("D/big.bin", big);
      await host.ok("AT+SMTPRCPT=0");
      await host.ok('AT+SMTPRCPT=1,0,"cc@real.test"');
      await host.ok('AT+SMTPBODY=""');
      await host.ok('AT+SMTPFILE=1,"D:/big.bin"');
      await host.ok("AT+SMTPSEND", SUCCESS);
      const mail = plainMail({
        subject: Buffer.from("by AT, large"),
        from: named("joe@real.test", "J\u00f6, Sender"),
        to: [],
        cc: [named("cc@real.test")],
        body: Buffer.alloc(0),
        attachments: [memoryAttachment("big.bin", big, 65_536)],
      });
      await expectSameMail(await oracle.parse(await delivered("cc", "by AT, large")), mail);
    });

    test.each(["CRAM-MD5", "PLAIN", "LOGIN"])(
      "AUTH %s with the right password, a wrong one and none",
      async (mechanism) => {
        const host = await draft(`AT by ${mechanism}`, postfix.authPorts.get(mechanism) ?? 0);
        const password = Buffer.from(credentials.password).toString("latin1");
        await host.ok('AT+SMTPAUTH=1,"joe","wrong"');
        await host.ok("AT+SMTPSEND", lines("+SMTP: AUTH ERROR", "ERROR"));
        await host.ok("AT+SMTPAUTH");
        // This postfix refuses strangers at RCPT, by 554.
        await host.ok("AT+SMTPSEND", lines("+SMTP: OK", "OK", "+SMTP: SERVER ERROR"));
        await host.ok(`AT+SMTPAUTH=1,"joe","${password}"`);
        await host.ok("AT+SMTPSEND", SUCCESS);
        await delivered("to", `AT by ${mechanism}`);
      },
    );

    test("a recipient whom nobody knows is SERVER ERROR, and nobody gets the mail", async () => {
      const host = await draft("by AT, half", postfix.port);
      await host.ok('AT+SMTPRCPT=0,1,"nobody@real.test"');
      await host.ok("AT+SMTPSEND", lines("+SMTP: OK", "OK", "+SMTP: SERVER ERROR"));
      expect(postfix.mails("to").some((raw) => raw.includes("Subject: by AT, half\r\n"))).toBe(false);
    });
  });
});
