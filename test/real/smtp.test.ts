import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { composeMail, type Mail } from "../../src/mime/compose.ts";
import { SystemRandom } from "../../src/platform/random.ts";
import type { SmtpCredentials } from "../../src/protocols/smtp/smtp-auth.ts";
import { openSmtpSession } from "../../src/protocols/smtp/smtp-session.ts";
import { expectSameMail } from "../support/expect-same-mail.ts";
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
      await expect(send(mail, port, wrong)).rejects.toMatchObject({ code: "REPLY", step: "AUTH", reply: 535 });
    },
  );

  test("delivers to nobody when one recipient is refused", async () => {
    const to = [named("to@real.test"), named("nobody@real.test")];
    const mail = plainMail({ subject: Buffer.from("half"), to });
    await expect(send(mail, postfix.port)).rejects.toMatchObject({ code: "REPLY", step: "RCPT", reply: 550 });
    const after = plainMail({ subject: Buffer.from("after half"), to: [named("to@real.test")] });
    await send(after, postfix.port);
    await delivered("to", "after half");
    expect(postfix.mails("to").some((raw) => raw.includes("Subject: half\r\n"))).toBe(false);
  });

  test("a lone recipient refused in a pipelined group is told as that", async () => {
    const mail = plainMail({ to: [named("nobody@real.test")] });
    await expect(send(mail, postfix.port)).rejects.toMatchObject({ step: "RCPT", reply: 550 });
  });

  test("a mail without credentials is refused where they are needed", async () => {
    const mail = plainMail({ to: [named("to@real.test")] });
    await expect(send(mail, postfix.authPorts.get("PLAIN") ?? 0)).rejects.toMatchObject({ step: "RCPT", reply: 554 });
  });

  test("credentials for a server that offers no AUTH are an error", async () => {
    await expect(send(plainMail(), postfix.port, credentials)).rejects.toMatchObject({
      code: "REPLY",
      reply: undefined,
    });
  });
});
