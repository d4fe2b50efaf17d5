import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { SystemDisk } from "../../src/platform/disk/system-disk.ts";
import { silentLog } from "../../src/platform/log.ts";
import { ResolvingNetwork } from "../../src/platform/network/resolving-network.ts";
import { TcpNetwork } from "../../src/platform/network/tcp-network.ts";
import { SystemClock } from "../../src/platform/time/clock.ts";
import { startSandbox } from "../../src/sandbox/sandbox.ts";
import { faultyNetwork } from "../support/faulty-network.ts";
import { serialHost } from "../support/serial-host.ts";

/** A host, its module in the sandbox, and a directory that holds the module's C:. */
async function bench() {
  const tcp = new TcpNetwork();
  const parts = { network: tcp, clock: new SystemClock(), log: silentLog };
  const sandbox = await startSandbox(parts, new AbortController().signal);
  onTestFinished(() => sandbox.close());
  const directory = mkdtempSync(join(tmpdir(), "vmodem-system-smtp-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  await mkdir(join(directory, "C/Picture"), { recursive: true });
  const { network, faults } = faultyNetwork(new ResolvingNetwork(tcp, sandbox.rules), parts.clock);
  const host = await serialHost({
    network,
    efs: { backing: { disk: new SystemDisk(), directory } },
  });
  const ok = async (line: string) => {
    host.send(`${line}\r\n`);
    expect(await host.until("\r\nOK\r\n")).toBe(`${line}\r\r\nOK\r\n`);
  };
  return {
    host,
    sandbox,
    faults,
    ok,
    picture: (name: string, bytes: Buffer) => writeFileSync(join(directory, "C/Picture", name), bytes),
  };
}

const jpeg = Buffer.from(Array.from({ length: 100_000 }, (_, at) => (at * 7 + (at >> 8)) % 256));

test.each([25, 587])(
  "a mail with an entered body and an attachment arrives by port %d, and can be fetched by POP3",
  async (port) => {
    const { host, sandbox, ok, picture } = await bench();
    picture("pic.jpg", jpeg);
    await ok(`AT+SMTPSRV="smtp.server.com",${port}`);
    await ok('AT+SMTPAUTH=1,"username","password"');
    await ok('AT+SMTPFROM="senderaddress@server.com","sendername"');
    await ok('AT+SMTPRCPT=0,0,"alice@server.com","Alice"');
    await ok('AT+SMTPSUB="Pictures"');
    host.send("AT+FSCD=Picture\r\n");
    await host.until("\r\nOK\r\n");
    await ok('AT+SMTPFILE=1,"pic.jpg"');
    host.send("AT+SMTPBODY\r\n");
    expect(await host.until(">> ")).toBe("AT+SMTPBODY\r\r\n>> ");
    host.send("It is 21 \xb0C\b\xc2\xb0C here.\r\n.\r\nBye\r\n");
    host.send("\x1a");
    expect(await host.until("\r\nOK\r\n")).toContain("Bye\r\n\r\nOK\r\n");
    host.send("AT+SMTPSEND\r\n");
    expect(await host.until("+SMTP: SUCCESS\r\n")).toBe(
      "AT+SMTPSEND\r\r\n+SMTP: OK\r\n\r\nOK\r\n\r\n+SMTP: SUCCESS\r\n",
    );

    const [mail] = sandbox.smtp.mails;
    expect(mail).toMatchObject({
      from: "senderaddress@server.com",
      recipients: ["alice@server.com"],
      user: "username",
    });
    expect(mail?.content.text).toBe("It is 21 \xb0\xc2\xb0C here.\r\n.\r\nBye\r\n");
    expect(mail?.content.attachments).toMatchObject([{ name: "pic.jpg", mediaType: "image/jpeg", bytes: jpeg }]);

    await ok('AT+POP3SRV="pop3.server.com","alice","any"');
    host.send("AT+POP3IN;+POP3NUM\r\n");
    expect(await host.until("OK\r\n")).toContain("\r\n+POP3: SUCCESS\r\n");
    host.send("AT+POP3NUM\r\n");
    expect(await host.until(`+POP3: 1, ${mail?.raw.length}\r\n\r\nOK\r\n`)).toBeDefined();
  },
);

test.each([
  ['AT+SMTPAUTH=1,"user","wrong"', "AUTH ERROR"],
  ['AT+SMTPAUTH=1,"user","password"', undefined],
  ["AT+SMTPAUTH", undefined],
])("the sandbox knows its own account's password: %s", async (line, failure) => {
  const { host, ok } = await bench();
  await ok('AT+SMTPSRV="mail"');
  await ok('AT+SMTPFROM="a@b"');
  await ok('AT+SMTPRCPT=0,0,"c@d"');
  await ok(line);
  host.send("AT+SMTPSEND\r");
  const end = failure === undefined ? "+SMTP: SUCCESS\r\n" : `+SMTP: ${failure}\r\n\r\nERROR\r\n`;
  expect(await host.until(end)).toBeDefined();
});

test("a recipient that the server refuses", async () => {
  const { host, sandbox, faults, ok } = await bench();
  faults.add({ kind: "reply", verb: "RCPT", argument: "nobody@", text: "550 5.1.1 No such user" });
  await ok('AT+SMTPSRV="mail"');
  await ok('AT+SMTPFROM="a@b"');
  await ok('AT+SMTPRCPT=0,0,"nobody@d"');
  host.send("AT+SMTPSEND\r");
  expect(await host.until("SERVER ERROR\r\n")).toBe(
    "AT+SMTPSEND\r\r\n+SMTP: OK\r\n\r\nOK\r\n\r\n+SMTP: SERVER ERROR\r\n",
  );
  expect(sandbox.smtp.mails).toEqual([]);
});

test("a paste of 6 KB in one write is cut at 5120 characters", async () => {
  const { host } = await bench();
  const text = Array.from({ length: 6144 }, (_, at) => String.fromCharCode(0x41 + (at % 26))).join("");
  host.send("ATE0\r");
  await host.until("OK\r\n");
  host.send("AT+SMTPBODY\r");
  await host.until(">> ");
  host.send(`${text}\x1aAT+SMTPBODY?\r`);
  expect(await host.until('"\r\n\r\nOK\r\n')).toBe(`\r\nOK\r\n\r\n+SMTPBODY: "${text.slice(0, 5120)}"\r\n\r\nOK\r\n`);
});
