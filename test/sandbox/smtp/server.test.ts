import { afterEach, describe, expect, test } from "vitest";
import { hmacMd5 } from "../../../src/platform/crypto.ts";
import type { Connection } from "../../../src/platform/network/network.ts";
import { TcpNetwork } from "../../../src/platform/network/tcp-network.ts";
import { SystemClock } from "../../../src/platform/time/clock.ts";
import { VirtualClock } from "../../../src/platform/time/virtual-clock.ts";
import { MailStore } from "../../../src/sandbox/mail-store.ts";
import type { SmtpServerSettings } from "../../../src/sandbox/smtp/behaviour.ts";
import { SmtpServer } from "../../../src/sandbox/smtp/server.ts";
import { serverParts } from "../../support/server-parts.ts";

const network = new TcpNetwork();
const opened: Array<{ close(): unknown }> = [];
afterEach(async () => {
  for (const thing of opened.splice(0).reverse()) await thing.close();
});

const bounded = () => AbortSignal.timeout(10_000);

async function start(settings: SmtpServerSettings = {}, clock = new SystemClock() as SystemClock | VirtualClock) {
  const store = new MailStore(1_000_000);
  const server = await SmtpServer.start(serverParts({ network, clock }), store, settings, bounded());
  opened.push(server);
  return { server, store };
}

async function connect(server: SmtpServer): Promise<Connection> {
  const connection = await network.connect(server.endpoint, bounded());
  opened.push(connection);
  return connection;
}

/** Sends lines one by one and gives the code of each reply, and of the greeting first. */
async function talk(connection: Connection, lines: readonly string[]): Promise<string[]> {
  const codes = [await code(connection)];
  for (const line of lines) {
    await connection.write(`${line}\r\n`, bounded());
    codes.push(await code(connection));
  }
  return codes;
}

async function code(connection: Connection): Promise<string> {
  for (;;) {
    const line = (await connection.readLine(1000, bounded())).toString();
    if (line[3] !== "-") return line.slice(0, 3);
  }
}

const HELLO = "EHLO [127.0.0.1]";
const MAIL = "MAIL FROM:<a@b>";
const RCPT = "RCPT TO:<c@d>";
const base64 = (text: string) => Buffer.from(text).toString("base64");

test.each([
  ["a whole mail", [HELLO, MAIL, RCPT, "DATA", "x\r\n.", "QUIT"], "220 250 250 250 354 250 221"],
  ["HELO", ["HELO x", MAIL, "MAIL FROM:<b@c>"], "220 250 250 503"],
  [
    "commands out of order",
    [MAIL, RCPT, "DATA", HELLO, RCPT, "DATA", MAIL, "DATA"],
    "220 503 503 503 250 503 503 250 554",
  ],
  ["RSET", [HELLO, MAIL, "RSET", RCPT, MAIL], "220 250 250 250 503 250"],
  ["the small ones", ["NOOP", "VRFY x", "EXPN x", "HELP", "noop", "RSET"], "220 250 252 502 214 250 250"],
  ["nonsense", ["", "FOO", "EHLO", "MAIL FROM:a", "DATA x", "\x80"], "220 500 500 501 503 501 500"],
  [
    "bad paths",
    [HELLO, "MAIL FROM: <a@b>", "MAIL TO:<a@b>", MAIL, "RCPT TO:<>", "RCPT TO:c"],
    "220 250 501 501 250 501 501",
  ],
  [
    "parameters",
    [HELLO, "MAIL FROM:<a@b> SIZE=99999999", "MAIL FROM:<a@b> X=1", "MAIL FROM:<> SIZE=5 BODY=8BITMIME"],
    "220 250 552 555 250",
  ],
  ["a line too long", ["N".repeat(20_000), "NOOP"], "220 500 250"],
  ["AUTH not offered", [HELLO, "AUTH PLAIN AGEAYg=="], "220 250 504"],
])("%s is answered as RFC 5321 says", async (_, lines, codes) => {
  const { server } = await start();
  expect((await talk(await connect(server), lines)).join(" ")).toBe(codes);
});

test("a mail is kept as it came, with its envelope, and is in every recipient's mailbox", async () => {
  const { server, store } = await start();
  const connection = await connect(server);
  const raw = "Subject: x\r\n\r\n.dot\r\n\r\n";
  const coming = server.next(0, bounded());
  await talk(connection, [
    HELLO,
    `${MAIL} BODY=8BITMIME`,
    RCPT,
    "RCPT TO:<E@f>",
    "DATA",
    `${raw.replace("\r\n.", "\r\n..")}.`,
  ]);
  const mail = await coming;
  expect(mail.raw.toString()).toBe(raw);
  expect(mail).toMatchObject({ id: 1, from: "a@b", recipients: ["c@d", "E@f"], parameters: ["BODY=8BITMIME"] });
  expect(store.list("c").map((stored) => stored.raw.toString())).toEqual([raw]);
  expect(store.list("e@elsewhere")).toHaveLength(1);
});

test("a message is the same however its bytes are split", async () => {
  const { server } = await start();
  const bytes = "a\r\n..b\r\n...\r\n\r\nlast\r\n.\r\nNOOP\r\n";
  for (let at = 1; at < bytes.length; at += 2) {
    const connection = await connect(server);
    await talk(connection, [HELLO, MAIL, RCPT, "DATA"]);
    await connection.write(bytes.slice(0, at), bounded());
    await new Promise(setImmediate);
    await connection.write(bytes.slice(at), bounded());
    expect([await code(connection), await code(connection)]).toEqual(["250", "250"]);
    connection.close();
  }
  expect(new Set(server.mails.map((mail) => mail.raw.toString()))).toEqual(new Set(["a\r\n.b\r\n..\r\n\r\nlast\r\n"]));
});

test.each([
  ["a lone LF", "a\nb\r\n.", "550"],
  ["a lone CR", "a\rb\r\n.", "550"],
  ["a smuggled end", "a\n.\nb\r\n.", "550"],
  ["a line of 999 characters", `${"x".repeat(999)}\r\n.`, "500"],
  ["a line of 998 characters and a doubled dot", `..${"x".repeat(997)}\r\n.`, "250"],
  ["17 MB", `${`${"x".repeat(900)}\r\n`.repeat(19_000)}.`, "552"],
])("a message with %s is answered by its reply, and the session goes on", async (_, data, reply) => {
  const { server } = await start();
  const connection = await connect(server);
  await talk(connection, [HELLO, MAIL, RCPT, "DATA"]);
  await connection.write(`${data}\r\nNOOP\r\n`, bounded());
  expect([await code(connection), await code(connection)]).toEqual([reply, "250"]);
});

test("a client that leaves in the middle of its message delivers nothing", async () => {
  const { server, store } = await start();
  const connection = await connect(server);
  await talk(connection, [HELLO, MAIL, RCPT, "DATA"]);
  await connection.write("half\r\n", bounded());
  connection.end();
  while ((await connection.read(bounded())) !== undefined);
  expect(server.mails).toHaveLength(0);
  expect(store.list("c")).toHaveLength(0);
});

describe("AUTH", () => {
  const accounts = [{ user: "u", password: "p" }];

  test.each([
    ["PLAIN", [`AUTH PLAIN ${base64("\0u\0p")}`], "235"],
    ["PLAIN asked", ["AUTH PLAIN", base64("\0u\0p")], "334 235"],
    ["PLAIN wrong", [`AUTH PLAIN ${base64("\0u\0q")}`], "535"],
    ["LOGIN", ["auth login", base64("u"), base64("p")], "334 334 235"],
    ["LOGIN given up", ["AUTH LOGIN", "*"], "334 501"],
    ["no base64", ["AUTH PLAIN ?"], "501"],
    ["CRAM-MD5 wrong", ["AUTH CRAM-MD5", base64(`u ${hmacMd5("p", "other")}`)], "334 535"],
    ["none such", ["AUTH GSSAPI"], "504"],
  ])("%s", async (_, lines, codes) => {
    const { server } = await start({ accounts });
    expect((await talk(await connect(server), [HELLO, ...lines])).slice(2).join(" ")).toBe(codes);
  });

  test("mail without it is refused where it is required", async () => {
    const { server } = await start({ accounts, requireAuth: true });
    const lines = [HELLO, MAIL, `AUTH PLAIN ${base64("\0u\0p")}`, MAIL];
    expect(await talk(await connect(server), lines)).toEqual(["220", "250", "530", "235", "250"]);
  });
});

test("mailboxes that are full refuse, and take again when mail is removed", async () => {
  const { server, store } = await start();
  const big = `${`${"x".repeat(900)}\r\n`.repeat(700)}.`;
  const lines = [HELLO, MAIL, RCPT, "DATA", big, MAIL, RCPT, "DATA", big];
  expect((await talk(await connect(server), lines)).join(" ")).toBe("220 250 250 250 354 250 250 250 354 452");
  store.remove("c@d", new Set(store.list("c@d").map((mail) => mail.id)));
  expect(store.list("c")).toEqual([]);
  expect((await talk(await connect(server), lines.slice(0, 5))).at(-1)).toBe("250");
});

test.each([
  ["PLAIN", [`AUTH PLAIN ${base64("\0guest\0any")}`], "235"],
  ["LOGIN", ["AUTH LOGIN", base64("guest"), base64("")], "334 334 235"],
  ["CRAM-MD5", ["AUTH CRAM-MD5", base64("guest 0123")], "334 235"],
  ["an account with a wrong password", [`AUTH PLAIN ${base64("\0u\0q")}`], "535"],
])("with guests anyone may authenticate, but in nobody's name: %s", async (_, lines, replies) => {
  const { server } = await start({ accounts: [{ user: "u", password: "p" }], guests: "anyone" });
  expect((await talk(await connect(server), [HELLO, ...lines])).join(" ")).toBe(`220 250 ${replies}`);
});

test("what came is read as a mail: fields, text and files", async () => {
  const { server } = await start();
  const raw = [
    "Subject: =?utf-8?B?5rWL6K+V?=",
    "To: a,",
    "\t=?iso-8859-1?Q?J=F6?= <b@c>",
    "Content-Type: multipart/mixed; boundary=x",
    "",
    "--x",
    "Content-Type: text/plain; charset=GB2312",
    "Content-Transfer-Encoding: base64",
    "",
    "suI=",
    "--x",
    "Content-Type: text/csv; name=a.csv",
    "",
    "1,2",
    "--x",
    "Content-Disposition: attachment; filename=../empty.bin",
    "Content-Type: application/octet-stream",
    "",
    "",
    "--x--",
    ".",
  ];
  await talk(await connect(server), [HELLO, MAIL, RCPT, "DATA", raw.join("\r\n")]);
  expect(server.mails[0]?.content).toEqual({
    fields: [
      { name: "Subject", value: "\u6d4b\u8bd5" },
      { name: "To", value: "a,\tJ\u00f6 <b@c>" },
      { name: "Content-Type", value: "multipart/mixed; boundary=x" },
    ],
    subject: "\u6d4b\u8bd5",
    text: "\u6d4b",
    attachments: [
      {
        name: "a.csv",
        mediaType: "text/csv",
        bytes: Buffer.from("1,2"),
        size: 3,
        sha256: "17f8af97ad4a7f7639a4c9171d5185cbafb85462877a4746c21bdb0a4f940ca0",
      },
      {
        name: "empty.bin",
        mediaType: "application/octet-stream",
        bytes: Buffer.alloc(0),
        size: 0,
        sha256: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
      },
    ],
  });
});

test("connections beyond the limit are turned away", async () => {
  const { server } = await start({ connections: 5 });
  for (let count = 0; count < 5; count++) expect(await code(await connect(server))).toBe("220");
  expect(await code(await connect(server))).toBe("421");
});

test("the last reply arrives, however much the client still sends", async () => {
  const { server } = await start();
  const connection = await connect(server);
  await connection.write(`QUIT\r\n${"NOOP\r\n".repeat(50_000)}`, bounded());
  expect([await code(connection), await code(connection)]).toEqual(["220", "221"]);
  expect(await connection.read(bounded())).toBeUndefined();
});

test("a silent client is dropped after five minutes", async () => {
  const clock = new VirtualClock();
  const { server } = await start({}, clock);
  const connection = await connect(server);
  expect(await code(connection)).toBe("220");
  await clock.advance(301_000);
  await expect(connection.read(bounded())).resolves.toBeUndefined();
});

test("close drops the clients and leaves no alarm", async () => {
  const clock = new VirtualClock();
  const { server } = await start({}, clock);
  const connection = await connect(server);
  await code(connection);
  await server.close();
  await expect(connection.readLine(100, bounded())).rejects.toMatchObject({ name: "ServiceError" });
  await expect(network.connect(server.endpoint, bounded())).rejects.toMatchObject({ code: "REFUSED" });
  expect(clock.pendingAlarms).toBe(0);
});

test("a message that no parser takes is shown as it came, and clearing forgets all but the mailboxes", async () => {
  const { server, store } = await start();
  const lines = [
    "Content-Type: multipart/mixed; boundary=b",
    "",
    ...Array.from({ length: 1100 }, () => "--b\r\n"),
    ".",
  ];
  await talk(await connect(server), [HELLO, MAIL, RCPT, "DATA", lines.join("\r\n")]);
  expect(server.mails.map(({ content }) => [content.text.startsWith("Content-Type"), content.attachments])).toEqual([
    [true, []],
  ]);
  server.clear();
  expect(server.mails).toEqual([]);
  expect(store.list("c")).toHaveLength(1);
});
