import { afterEach, beforeEach, expect, test } from "vitest";
import { Modem } from "../../src/modem/modem.ts";
import { ResolvingNetwork } from "../../src/platform/network/resolving-network.ts";
import { TcpNetwork } from "../../src/platform/network/tcp-network.ts";
import { VirtualClock } from "../../src/platform/time/virtual-clock.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/sandbox.ts";
import { memoryPair } from "../../src/transport/memory.ts";
import { Dte } from "../support/dte.ts";
import { turns } from "../support/recording-network.ts";

let sandbox: Sandbox;
let modem: Modem;
let dte: Dte;

beforeEach(async () => {
  const network = new TcpNetwork();
  sandbox = await startSandbox();
  const { module, host } = memoryPair();
  const clock = new VirtualClock();
  modem = new Modem({ transport: module, clock, network: new ResolvingNetwork(network, sandbox.rules) });
  await modem.start();
  dte = new Dte(host, clock, "pty");
  await dte.command("ATE0\r", "ATE0\r\r\nOK\r\n");
});

afterEach(async () => {
  await modem.close();
  await sandbox.close();
});

async function logIn(user: string, password: string): Promise<string> {
  await dte.command(`AT+POP3SRV="any.name.example","${user}","${password}"\r`, "\r\nOK\r\n");
  dte.send("AT+POP3IN;+POP3NUM;+POP3OUT\r");
  let answer = "";
  for (let turn = 0; turn < 1000 && !/(OK|ERROR)\r\n$/.test(answer); turn++) {
    await turns(5);
    answer += dte.take();
  }
  return /\+POP3: ([^\r]*)\r\n\r\n(?:ERROR|\+POP3: SUCCESS\r\n\r\nOK)\r\n$/.exec(answer)?.[1] ?? answer;
}

/** Takes a mail over SMTP, as any program would give it. */
async function deliver(recipient: string, text: string): Promise<void> {
  const signal = AbortSignal.timeout(10_000);
  const connection = await new TcpNetwork().connect(sandbox.smtp.endpoint, signal);
  const dialogue = ["HELO test", "MAIL FROM:<a@example.com>", `RCPT TO:<${recipient}>`, "DATA", `${text}\r\n.`, "QUIT"];
  await connection.readLine(1000, signal);
  for (const line of dialogue) {
    await connection.write(`${line}\r\n`, signal);
    expect((await connection.readLine(1000, signal)).toString()).toMatch(/^[23]/);
  }
  connection.close();
}

test("its first account has the first mails", async () => {
  expect(await logIn("user", "password")).toMatch(/^4, \d+$/);
  expect(await logIn("user@example.com", "password")).toMatch(/^4, \d+$/);
  expect(await logIn("user", "other")).toBe("INVALID UNPWD");
  expect([...sandbox.pop3.mailboxes].map(([name, mails]) => [name, mails.length])).toEqual([["user", 4]]);
});

test("anyone is an account from the first log-in on, but for nobody", async () => {
  expect(await logIn("ann", "secret")).toBe("0, 0");
  expect(await logIn("ann", "other")).toBe("INVALID UNPWD");
  expect(await logIn("Ann@example.com", "secret")).toBe("0, 0");
  expect(await logIn("nobody", "secret")).toBe("INVALID UN");
});

test("what SMTP takes POP3 gives", async () => {
  await deliver("Ann@example.com", "Subject: hello\r\n\r\n..text");
  expect(sandbox.pop3.mailboxes.get("ann")?.map(({ raw }) => raw.toString())).toEqual([
    "Subject: hello\r\n\r\n.text\r\n",
  ]);
  expect(await logIn("ann", "secret")).toBe("1, 25");
  await dte.command("AT+POP3IN\r", "\r\n+POP3: SUCCESS\r\n\r\nOK\r\n");
  await dte.command("AT+POP3GET=1\r", "\r\nOK\r\n\r\n+POP3: SUCCESS\r\nC:/Email/100205120000/, EMAIL000.TXT\r\n");
  await dte.command("AT+POP3READ\r", "\r\nSubject: hello\r\n\r\n.text\r\n\r\n\r\nOK\r\n");
});

test("what AT+SMTPSEND sends AT+POP3GET fetches, at one port", async () => {
  const ok = "\r\nOK\r\n";
  await dte.command('AT+SMTPSRV="any.name.example",25\r', ok);
  await dte.command('AT+SMTPFROM="ann@example.com","Ann"\r', ok);
  await dte.command('AT+SMTPRCPT=0,0,"bob@example.com","Bob"\r', ok);
  await dte.command('AT+SMTPSUB="Readings"\r', ok);
  await dte.command('AT+SMTPBODY=".21 C"\r', ok);
  await dte.command("AT+SMTPSEND\r", `\r\n+SMTP: OK\r\n${ok}\r\n+SMTP: SUCCESS\r\n`);
  expect([...sandbox.pop3.mailboxes.keys()]).toEqual(["user", "bob"]);
  await dte.command('AT+POP3SRV="any.name.example","bob","secret"\r', ok);
  await dte.command("AT+POP3IN\r", `\r\n+POP3: SUCCESS\r\n${ok}`);
  await dte.command("AT+POP3GET=1\r", `${ok}\r\n+POP3: SUCCESS\r\nC:/Email/100205120000/, EMAIL000.TXT\r\n`);
  dte.send("AT+POP3READ\r");
  let mail = "";
  for (let turn = 0; turn < 1000 && !mail.endsWith(ok); turn++) {
    await turns(5);
    mail += dte.take();
  }
  expect(mail).toContain("\r\nFrom: ");
  expect(mail).toMatch(/\r\n\r\n\.21 C\r\n(\r\n)?\r\nOK\r\n$/);
});
