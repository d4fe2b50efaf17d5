import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Sandbox, startSandbox } from "../../../src/sandbox/sandbox.ts";
import type { ReceivedMail } from "../../../src/sandbox/smtp/received-mail.ts";
import { lines, MailHost } from "../../support/mail-host.ts";

const SUCCESS = lines("+SMTP: OK", "OK", "+SMTP: SUCCESS");

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());

/** Sends the usual draft with these changes. */
async function sent(changes: readonly string[], prepare: (host: MailHost) => void = () => undefined) {
  const host = await MailHost.start();
  prepare(host);
  await host.draft(sandbox.smtp.endpoint);
  for (const line of changes) await host.ok(line);
  const before = sandbox.smtp.mails.at(-1)?.id ?? 0;
  await host.ok("AT+SMTPSEND", SUCCESS);
  return sandbox.smtp.next(before, AbortSignal.timeout(10_000));
}

const field = (mail: ReceivedMail, name: string) => mail.content.fields.find((one) => one.name === name)?.value;

test("the date is the module's, in its zone", async () => {
  const mail = await sent(['AT+CCLK="12/07/02,16:01:11+32"']);
  expect(field(mail, "Date")).toBe("Mon, 02 Jul 2012 16:01:11 +0800");
});

test("BCC is told to the server and not to the others", async () => {
  const mail = await sent(['AT+SMTPRCPT=2,0,"secret@c.example","Secret"']);
  expect(mail.recipients).toEqual(["to@b.example", "secret@c.example"]);
  expect(mail.raw.includes("ecret")).toBe(false);
});

test.each([
  [1, "Cc"],
  [2, undefined],
])("a mail to kind %d alone is sent", async (kind, name) => {
  const mail = await sent(["AT+SMTPRCPT=0", `AT+SMTPRCPT=${kind},3,"only@c.example"`]);
  expect(mail.recipients).toEqual(["only@c.example"]);
  const shown = ["To", "Cc", "Bcc"].filter((header) => field(mail, header) !== undefined);
  expect(shown).toEqual(name === undefined ? [] : [name]);
});

describe("the charset of the body", () => {
  test.each([
    ["ASCII", [], "plain", "utf-8", "plain"],
    ["UTF-8", [], "21 \xc2\xb0C", "utf-8", "21 \u00b0C"],
    ["what is no UTF-8", [], "21 \xb0C", "iso-8859-1", "21 \u00b0C"],
    ["what AT+SMTPBCH says", ['AT+SMTPBCH="gb2312"'], "\xb2\xe2\xca\xd4", "gb2312", "\u6d4b\u8bd5"],
    ["an AT+SMTPBCH taken back", ['AT+SMTPBCH="gb2312"', "AT+SMTPBCH"], "\xb0", "iso-8859-1", "\u00b0"],
  ])("%s", async (_, changes, body, charset, text) => {
    const mail = await sent([...changes, `AT+SMTPBODY="${body}"`]);
    expect(field(mail, "Content-Type")).toBe(`text/plain; charset=${charset}`);
    expect(mail.content.text).toBe(`${text}\r\n`);
  });
});

test("a subject and a file name in hexadecimal are those of a Chinese host", async () => {
  const mail = await sent(
    ['AT+SMTPSUB={non-ascii}"E6B58BE8AF95E982AEE4BBB6"', 'AT+SMTPFILE=1,{non-ascii}"E6B58BE8AF95E99984E4BBB62E6A7067"'],
    (host) => host.file("C/\u6d4b\u8bd5\u9644\u4ef6.jpg", "jpg"),
  );
  expect(field(mail, "Subject")).toBe("\u6d4b\u8bd5\u90ae\u4ef6");
  expect(mail.content.attachments).toMatchObject([
    { name: "\u6d4b\u8bd5\u9644\u4ef6.jpg", mediaType: "image/jpeg", bytes: Buffer.from("jpg") },
  ]);
});

test("attachments come in the order of their indices", async () => {
  const mail = await sent(['AT+SMTPFILE=10,"ten"', 'AT+SMTPFILE=2,"two"', 'AT+SMTPFILE=1,"one"'], (host) =>
    ["one", "two", "ten"].map((name) => host.file(`C/${name}`, name)),
  );
  expect(mail.content.attachments.map(({ name }) => name)).toEqual(["one", "two", "ten"]);
});

/** What a host may try in order to smuggle a header field, a recipient or a command in. */
const SMUGGLED = "Bcc: evil@x";
const ATTEMPTS = [
  `a\\0D\\0A${SMUGGLED}`,
  `a\n${SMUGGLED}`,
  `a\x0b${SMUGGLED}`,
  `a\x85${SMUGGLED}`,
  `a\xe2\x80\xa8${SMUGGLED}`,
  `a=?utf-8?Q?=0D=0A${SMUGGLED}?=`,
  `a\\22 <evil@x>, \\22b`,
];

describe.each(ATTEMPTS)("%j", (attempt) => {
  test.each([
    ["the subject", `AT+SMTPSUB="${attempt}"`],
    ["the sender's name", `AT+SMTPFROM="from@a.example","${attempt}"`],
    ["a recipient's name", `AT+SMTPRCPT=0,0,"to@b.example","${attempt}"`],
    ["the body", `AT+SMTPBODY="${attempt}"`],
  ])("in %s adds nothing to the header and nobody to the recipients", async (_, line) => {
    const mail = await sent([line]);
    expect(mail.recipients).toEqual(["to@b.example"]);
    const header = mail.raw.toString("latin1", 0, mail.raw.indexOf("\r\n\r\n"));
    expect(header.split(/\r\n(?![ \t])/).map((one) => one.slice(0, one.indexOf(":")))).toEqual([
      "Subject",
      "Date",
      "From",
      "To",
      "Message-ID",
      "MIME-Version",
      "Content-Type",
      "Content-Transfer-Encoding",
    ]);
    expect(header.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
  });
});

test("an address with a quoted local part reaches the server as it was set", async () => {
  const before = sandbox.smtp.mails.length;
  const host = await MailHost.start();
  await host.draft(sandbox.smtp.endpoint, { from: '"\\22from <x>\\22@a.example"', to: '"\\22to > y\\22@b.example"' });
  await host.ok("AT+SMTPSEND", lines("+SMTP: OK", "OK", "+SMTP: SUCCESS"));
  expect(sandbox.smtp.mails.slice(before)).toMatchObject([
    { from: '"from <x>"@a.example', recipients: ['"to > y"@b.example'] },
  ]);
});

test("credentials are sent as they were typed, in UTF-8", async () => {
  const host = await MailHost.start();
  await host.draft(sandbox.smtp.endpoint);
  await host.ok('AT+SMTPAUTH=1,"j\xc3\xb6","p\xe4ss \\22quoted\\22"');
  const before = sandbox.smtp.mails.at(-1)?.id ?? 0;
  await host.ok("AT+SMTPSEND", SUCCESS);
  expect(await sandbox.smtp.next(before, AbortSignal.timeout(10_000))).toMatchObject({ user: "j\u00f6" });
});
