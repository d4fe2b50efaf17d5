import { expect, test } from "vitest";
import type { FaultSpec } from "../../src/faults/fault.ts";
import { OK } from "../support/framing.ts";
import { bench, SESSIONS } from "./bench.ts";

const smtp = (code: string) => `\r\n+SMTP: ${code}\r\n\r\nERROR\r\n`;
const pop3 = (code: string) => `\r\n+POP3: ${code}\r\n\r\nERROR\r\n`;
const ftp = (code: number) => `${OK}\r\n+CFTPGETFILE: ${code}\r\n`;
const http = (code: number) => `\r\n+CME ERROR: ${code}\r\n`;

/** What follows by each service's chapter: SMTP, POP3, FTP, HTTP before its prompt, or `undefined` where it is prompted. */
test.each<[FaultSpec, string, string, number, number | undefined]>([
  [{ kind: "unresolved" }, "NETWORK ERROR", "NETWORK ERROR", 203, 222],
  [{ kind: "refused" }, "NETWORK ERROR", "NETWORK ERROR", 214, 227],
  [{ kind: "unreachable" }, "NETWORK ERROR", "NETWORK ERROR", 214, 227],
  [{ kind: "connect_timeout" }, "NETWORK ERROR", "NETWORK ERROR", 204, 223],
  [{ kind: "reset_peer", timeout: 0 }, "NETWORK ERROR", "NETWORK ERROR", 214, undefined],
  [{ kind: "timeout", timeout: 0 }, "SERVER ERROR", "SERVER ERROR", 204, undefined],
  [{ kind: "timeout", timeout: 5000 }, "SERVER ERROR", "SERVER ERROR", 201, undefined],
  [{ kind: "latency", latency: 70_000 }, "SERVER ERROR", "SERVER ERROR", 204, undefined],
  [{ kind: "limit_data", bytes: 10 }, "SERVER ERROR", "SERVER ERROR", 201, undefined],
  [{ kind: "corrupt", at: 0, bytes: "???" }, "SERVER ERROR", "SERVER ERROR", 201, undefined],
])("%j: SMTP %s, POP3 %s, FTP %i, HTTP %s", async (fault, smtpCode, pop3Code, ftpCode, httpCode) => {
  const expected = { smtp: smtp(smtpCode), pop3: pop3(pop3Code), ftp: ftp(ftpCode) };
  for (const service of ["smtp", "pop3", "ftp"] as const) {
    const { dte, fired } = await bench([{ ...fault, service }], { sandbox: true });
    await dte.command(`${SESSIONS[service][0]}\r`, OK);
    dte.send(`${SESSIONS[service][1]}\r`);
    await dte.expect(expected[service], { within: 130_000 });
    expect(fired()).toEqual([1]);
  }
  if (httpCode === undefined) return;
  const { dte } = await bench([{ ...fault, service: "http" }], { sandbox: true });
  dte.send(`${SESSIONS.http[1]}\r`);
  await dte.expect(http(httpCode), { within: 130_000 });
});

test.each<[FaultSpec, string]>([
  [{ kind: "timeout", timeout: 0 }, "\r\n+CHTTPACT: 223\r\n"],
  [{ kind: "timeout", timeout: 5000 }, "\r\n+CHTTPACT: 224\r\n"],
  [{ kind: "reset_peer", timeout: 0, on: { type: "entry", phase: "end" } }, "\r\n+CHTTPACT: 224\r\n"],
  [{ kind: "limit_data", bytes: 10, direction: "down" }, "\r\n+CHTTPACT: DATA, 10\r\nHTTP/1.1 2\r\n+CHTTPACT: 224\r\n"],
  [
    { kind: "reply", text: "HTTP/1.1 503 Busy\r\nX: 1" },
    "\r\n+CHTTPACT: DATA, 513\r\nHTTP/1.1 503 Busy\r\nX: 1\r\nDate: Fri, 05 Feb 2010",
  ],
  [{ kind: "corrupt", direction: "down", at: 9, bytes: "404" }, "\r\n+CHTTPACT: DATA, 505\r\nHTTP/1.1 404 OK\r\n"],
])("HTTP, once it has its request: %j", async (fault, answer) => {
  const { dte } = await bench([{ ...fault, service: "http" }], { sandbox: true });
  await dte.command(`${SESSIONS.http[1]}\r`, "\r\n+CHTTPACT: REQUEST\r\n");
  dte.send("GET / HTTP/1.1\r\nHost: www\r\n\r\n\x1a");
  // Only what waits for a server needs virtual time; the others would be overtaken by it on a slow machine.
  await dte.expect(`\r\n${OK}${answer}`.slice(2), { within: fault.kind === "timeout" ? 130_000 : 0 });
});

test.each<[FaultSpec, string]>([
  [{ kind: "refused", service: "ftp-data" }, ftp(214)],
  [{ kind: "reset_peer", timeout: 0, service: "ftp-data" }, ftp(210)],
  [{ kind: "reply", verb: "pass", text: "530 no" }, ftp(208)],
  [{ kind: "reply", verb: "RETR", text: "450 busy" }, ftp(210)],
  [{ kind: "reply", verb: "RETR", text: "550 gone" }, ftp(211)],
])("FTP: %j", async (fault, answer) => {
  const { rig, dte } = await bench([fault], { sandbox: true });
  await rig.sandbox?.ftp.files.put("/readme.txt", "hello");
  await dte.command(`${SESSIONS.ftp[0]}\r`, OK);
  dte.send(`${SESSIONS.ftp[1]}\r`);
  await dte.expect(answer, { within: 130_000 });
});

test.each<[string, string, string]>([
  ["USER", "-ERR who", pop3("INVALID UN")],
  ["PASS", "-ERR no", pop3("INVALID UNPWD")],
])("POP3: %s is answered %s", async (verb, text, answer) => {
  const { dte } = await bench([{ kind: "reply", verb, text }], { sandbox: true });
  await dte.command(`${SESSIONS.pop3[0]}\r`, OK);
  await dte.command(`${SESSIONS.pop3[1]}\r`, answer);
});

test("a mail server that greylists: 451 to the first mail, which it does not get; the second arrives once", async () => {
  const fault = { kind: "reply", service: "smtp", verb: "RCPT", text: "451 4.7.1 Try again later", times: 1 };
  const { rig, dte, fired } = await bench([fault], { sandbox: true });
  await dte.command(`${SESSIONS.smtp[0]}\r`, OK);
  await dte.command("AT+SMTPSEND\r", `\r\n+SMTP: OK\r\n${OK}\r\n+SMTP: SERVER ERROR\r\n`);
  expect(rig.sandbox?.smtp.mails).toEqual([]);
  await dte.command("AT+SMTPSEND\r", `\r\n+SMTP: OK\r\n${OK}\r\n+SMTP: SUCCESS\r\n`);
  expect(rig.sandbox?.smtp.mails).toHaveLength(1);
  expect(fired()).toEqual([1]);
});

test("a line of a mail that looks like the verb is no command", async () => {
  const fault = { kind: "reply", verb: "QUIT", text: "554 what" };
  const { rig, dte } = await bench([fault], { sandbox: true });
  await dte.command(`${SESSIONS.smtp[0].replace('"Hi"', '"QUIT"')}\r`, OK);
  await dte.command("AT+SMTPSEND\r", `\r\n+SMTP: OK\r\n${OK}\r\n+SMTP: SUCCESS\r\n`);
  expect(rig.sandbox?.smtp.mails[0]?.content.text.trim()).toBe("QUIT");
});
