import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { composeMail, type Mail } from "../../src/mime/compose/message.ts";
import { SeededRandom } from "../../src/platform/crypto.ts";
import { SystemClock } from "../../src/platform/time/clock.ts";
import { openSmtpSession } from "../../src/protocols/smtp/session.ts";
import { MailStore } from "../../src/sandbox/mail-store.ts";
import type { SmtpExtension } from "../../src/sandbox/smtp/behaviour.ts";
import { SmtpServer } from "../../src/sandbox/smtp/server.ts";
import { expectSameMail } from "../support/expect-same-mail.ts";
import { hasPython, MailOracle } from "../support/mail-oracle.ts";
import { memoryAttachment, plainMail } from "../support/mails.ts";
import { serverParts } from "../support/server-parts.ts";
import { smtpPorts } from "../support/smtp-client.ts";

const bounded = () => AbortSignal.timeout(10_000);
const account = { user: "us\u00e9r", password: "p\u00e4ss" };
const extensionSets: readonly (readonly SmtpExtension[])[] = [
  ["SIZE", "8BITMIME", "PIPELINING", "ENHANCEDSTATUSCODES"],
  [],
  ["8BITMIME"],
  ["PIPELINING", "SIZE"],
];

const bytes = fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array));
const text = fc.string({ unit: "binary", maxLength: 120 }).map((string) => Buffer.from(string));
const printable = fc.string({ maxLength: 120 }).map((string) => Buffer.from(string));
const anyText = fc.oneof(printable, text, bytes);
const body = fc
  .array(
    fc.oneof(
      fc.constantFrom(".", "\r\n", "\r", "\n", "\r\n.\r\n", "..", "From ", " ", "=", "x".repeat(1100)),
      fc.string(),
    ),
  )
  .map((pieces) => Buffer.from(pieces.join("")));
const label = fc.stringMatching(/^[a-z0-9]{1,12}$/);
const address = fc.tuple(label, label).map(([local, domain]) => `${local}@${domain}.example`);
const mailbox = fc.record({ address, name: fc.oneof(fc.constant(Buffer.alloc(0)), anyText) });
const attachment = fc
  .record({
    name: fc.oneof(
      fc.string({ minLength: 1, maxLength: 60 }),
      fc.string({ unit: "binary", minLength: 1, maxLength: 90 }),
    ),
    bytes: fc.uint8Array({ maxLength: 400 }).map((array) => Buffer.from(array)),
    piece: fc.integer({ min: 1, max: 200 }),
  })
  .map(({ name, bytes, piece }) => memoryAttachment(name, bytes, piece));
const mails = fc.record({
  subject: anyText,
  from: mailbox,
  to: fc.array(mailbox, { maxLength: 5 }),
  cc: fc.array(mailbox, { minLength: 1, maxLength: 5 }),
  body: fc.oneof(body, anyText),
  attachments: fc.array(attachment, { maxLength: 3 }),
  now: fc.integer({ min: Date.UTC(1980, 0, 6), max: Date.UTC(2080, 0) }),
  zone: fc.integer({ min: -47, max: 56 }),
});

describe.skipIf(!hasPython)("a mail from our composer through our client to our server", () => {
  const servers: SmtpServer[] = [];
  let oracle: MailOracle;

  beforeAll(async () => {
    oracle = new MailOracle();
    const parts = serverParts({ clock: new SystemClock() });
    for (const extensions of extensionSets) {
      const settings = { accounts: [account], requireAuth: true, extensions };
      servers.push(await SmtpServer.start(parts, new MailStore(100_000_000), settings, bounded()));
    }
  });

  afterAll(async () => {
    for (const server of servers) await server.close();
    oracle.close();
  });

  async function sendAndParse(server: SmtpServer, mail: Mail, seed: number) {
    const before = server.mails.at(-1)?.id ?? 0;
    const session = await openSmtpSession(smtpPorts(), server.endpoint, account, bounded());
    const composed = composeMail(mail, new SeededRandom(seed), session.eightBitMime);
    const recipients = [...mail.to, ...mail.cc].map((mailbox) => mailbox.address);
    await session.send({ from: mail.from.address, recipients }, composed);
    await session.quit();
    const received = await server.next(before, bounded());
    expect(received.raw).toHaveLength(composed.size);
    expect(received).toMatchObject({ from: mail.from.address, recipients, user: account.user });
    return oracle.parse(received.raw);
  }

  test("says to Python's email package exactly what it was made of", async () => {
    const extensions = fc.nat(extensionSets.length - 1);
    await fc.assert(
      fc.asyncProperty(mails, extensions, fc.nat(), async (mail, at, seed) => {
        const server = servers[at];
        if (server === undefined) throw new Error("no such server");
        await expectSameMail(await sendAndParse(server, mail, seed), mail);
      }),
      { numRuns: 150 },
    );
  });

  test("with 10 MB attached arrives whole", async () => {
    const [server] = servers;
    if (server === undefined) throw new Error("no server");
    const big = Buffer.alloc(10 * 1024 * 1024 - 1, "0123456789abcdefghijklmnopqrstuvw");
    const mail = plainMail({ attachments: [memoryAttachment("big.bin", big, 65_536)] });
    await expectSameMail(await sendAndParse(server, mail, 1), mail);
  });
});
