import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { decodeSingleByte } from "../../../src/codec/charset/single-byte.ts";
import { quoted } from "../../../src/codec/quoted-string.ts";
import { type Sandbox, startSandbox } from "../../../src/sandbox/sandbox.ts";
import { expectSameMail } from "../../support/expect-same-mail.ts";
import { lines, MailHost } from "../../support/mail-host.ts";
import { hasPython, MailOracle } from "../../support/mail-oracle.ts";
import { memoryAttachment, plainMail } from "../../support/mails.ts";

const bounded = () => AbortSignal.timeout(10_000);
const STARTED = lines("+SMTP: OK", "OK");
const SUCCESS = lines("+SMTP: SUCCESS");

let sandbox: Sandbox;
let oracle: MailOracle | undefined;
beforeAll(async () => {
  sandbox = await startSandbox();
  oracle = hasPython ? new MailOracle() : undefined;
});
afterAll(async () => {
  oracle?.close();
  await sandbox.close();
});

/** The bytes of a text in UTF-8, one character each, as a host sends them. */
const utf8 = (text: string) => Buffer.from(text, "utf8").toString("latin1");
const bytes = (text: string) => Buffer.from(text, "latin1");
/** What a reader sees: the bytes as UTF-8 if they are UTF-8, else as windows-1252, which readers take ISO-8859-1 for. */
const shown = (text: string) => {
  const decoded = bytes(text).toString("utf8");
  return Buffer.from(decoded).equals(bytes(text)) ? decoded : decodeSingleByte(bytes(text), "windows-1252");
};

const CONTROLS = `${String.fromCharCode(...Array.from({ length: 0x20 }, (_, code) => code))}\x7f`;
const without = (text: string, characters: string) =>
  [...text].filter((character) => !characters.includes(character)).join("");

/** All that a host can type into a parameter: no control characters; a quote and a backslash in their hexadecimal form. */
const typed = (maxLength: number) =>
  fc
    .oneof(
      fc.string({ maxLength }),
      fc.string({ unit: "binary", maxLength: Math.floor(maxLength / 4) }).map(utf8),
      fc.array(fc.integer({ min: 0x20, max: 0xff }), { maxLength }).map((codes) => String.fromCharCode(...codes)),
      fc.constantFrom("=?utf-8?Q?x?=", "a\\0D\\0ABcc: x@y", '"\\5C"\\22', "  blanks  ", "<a@b>, c@d", "(x)", "."),
    )
    .map((text) => without(text, CONTROLS).slice(0, maxLength));

/** All that can be entered at the prompt: everything but what edits or ends it. */
const entered = fc
  .array(
    fc.oneof(
      fc.constantFrom("\r\n", "\r", "\n", ".", "..", "\r\n.\r\n", "\r\n.\r\nMAIL FROM:<x@y>\r\n", "x".repeat(1100)),
      fc.string(),
      fc.string({ unit: "binary" }).map(utf8),
      fc.array(fc.integer({ min: 0, max: 0xff })).map((codes) => String.fromCharCode(...codes)),
    ),
    { maxLength: 8 },
  )
  .map((pieces) => without(pieces.join(""), "\b\x1a\x1b\x7f").slice(0, 5120));

const label = fc.stringMatching(/^[a-z0-9]{1,12}$/);
const address = fc.tuple(label, label).map(([local, domain]) => `${local}@${domain}.example`);
const person = fc.record({ address, name: typed(64) });
const fileName = fc.stringMatching(
  /^[A-Za-z0-9_\u00e9\u6d4b\u8bd5][A-Za-z0-9 ._\u00e9\u6d4b'()%=-]{0,40}[A-Za-z0-9_\u6d4b]$/,
);
const mails = fc.record({
  subject: typed(512),
  from: person,
  to: fc.array(person, { minLength: 1, maxLength: 3 }),
  cc: fc.array(person, { maxLength: 2 }),
  bcc: fc.array(person, { maxLength: 1 }),
  body: entered,
  files: fc.uniqueArray(
    fc.record({ name: fileName, bytes: fc.uint8Array({ maxLength: 3000 }).map((array) => Buffer.from(array)) }),
    { maxLength: 3, selector: ({ name }) => name },
  ),
});

test("any mail through the AT commands is what its reader gets", async () => {
  const host = await MailHost.start();
  const { host: server, port } = sandbox.smtp.endpoint;
  await host.ok(`AT+SMTPSRV="${server}",${port}`);
  await host.ok('AT+SMTPAUTH=1,"user","password"');
  await host.ok('AT+CCLK="10/02/05,20:00:00+32"');
  await fc.assert(
    fc.asyncProperty(mails, async (mail) => {
      const before = sandbox.smtp.mails.at(-1)?.id ?? 0;
      await host.ok(`AT+SMTPFROM=${quoted(mail.from.address)},${quoted(mail.from.name)}`);
      for (const [kind, people] of [mail.to, mail.cc, mail.bcc].entries()) {
        for (const [index, to] of people.entries()) {
          await host.ok(`AT+SMTPRCPT=${kind},${index},${quoted(to.address)},${quoted(to.name)}`);
        }
      }
      await host.ok(`AT+SMTPSUB=${quoted(mail.subject)}`);
      const { body } = mail;
      await host.enterBody(body);
      await host.ok("AT+SMTPBODY?", lines(`+SMTPBODY: "${body}"`, "OK"));
      for (const [index, file] of mail.files.entries()) {
        host.file(`C/${file.name}`, file.bytes);
        await host.ok(`AT+SMTPFILE=${index + 1},"${utf8(file.name)}"`);
      }
      await host.ok("AT+SMTPSEND", STARTED + SUCCESS);

      const received = await sandbox.smtp.next(before, bounded());
      const people = [...mail.to, ...mail.cc, ...mail.bcc].map((to) => to.address);
      expect(received).toMatchObject({ from: mail.from.address, recipients: people, user: "user" });
      const { content } = received;
      const header = [
        "Subject",
        "Date",
        "From",
        "To",
        ...mail.cc.slice(0, 1).map(() => "Cc"),
        "Message-ID",
        "MIME-Version",
      ];
      const names = content.fields.map(({ name }) => name);
      expect(names.slice(0, header.length)).toEqual(header);
      expect(["Content-Type", "Content-Transfer-Encoding"]).toEqual(expect.arrayContaining(names.slice(header.length)));
      expect(content.fields[0]).toEqual({ name: "Subject", value: shown(mail.subject) });
      expect(content.text.replace(/\r\n$/, "")).toBe(
        shown(body)
          .replace(/\r\n|\r|\n/g, "\r\n")
          .replace(/\r\n$/, ""),
      );
      expect(content.attachments.map(({ name, bytes }) => ({ name, bytes }))).toEqual(mail.files);

      if (oracle === undefined) return;
      const composed = plainMail({
        subject: bytes(mail.subject),
        from: named(mail.from),
        to: mail.to.map(named),
        cc: mail.cc.map(named),
        body: bytes(body),
        attachments: mail.files.map((file) => memoryAttachment(file.name, file.bytes)),
      });
      await expectSameMail(await oracle.parse(received.raw), composed);
    }),
    { numRuns: 60 },
  );
}, 120_000);

function named(person: { readonly address: string; readonly name: string }) {
  return { address: person.address, name: bytes(person.name) };
}
