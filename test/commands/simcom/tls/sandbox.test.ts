import { expect, onTestFinished, test } from "vitest";
import { startSandbox } from "../../../../src/sandbox/sandbox.ts";
import { framed, info, OK } from "../../../support/framing.ts";
import { socketModem } from "../../../support/socket-modem.ts";

const PROMPT = "\r\n>";

/** A modem whose every name leads to the sandbox, with one file on its FTP server. */
async function connected() {
  const sandbox = await startSandbox();
  onTestFinished(() => sandbox.close());
  await sandbox.ftp.files.put("/pub/a.txt", "hello, world");
  const parts = await socketModem({ rules: sandbox.rules });
  return { ...parts, sandbox };
}

test.each([
  [0, 21, ["USER me", "PASS ****"]],
  [1, 21, ["AUTH SSL", "USER me", "PASS ****", "PBSZ 0", "PROT P"]],
  [2, 21, ["AUTH TLS", "USER me", "PASS ****", "PBSZ 0", "PROT P"]],
  [3, 990, ["USER me", "PASS ****", "PBSZ 0", "PROT P"]],
] as const)("FTPS of type %i at port %i works out of the box", async (type, port, begin) => {
  const { dte, sandbox } = await connected();
  await dte.command("AT+CFTPSSTART\r", OK + framed("+CFTPSSTART: 0"));
  await dte.command(`AT+CFTPSLOGIN="ftp.example",${port},"me","secret",${type}\r`, OK + framed("+CFTPSLOGIN: 0"));
  expect(sandbox.ftp.sessions.at(-1)?.commands).toEqual(begin);
  await dte.command('AT+CFTPSGET="/pub/a.txt",7\r', `${OK}\r\n+CFTPSGET: DATA,5\r\nworld${framed("+CFTPSGET: 0")}`);
  await dte.command('AT+CFTPSPUT="/pub/b.txt",3\r', PROMPT);
  await dte.command("\x1a\x03c", OK);
  await dte.command("AT+CFTPSPUT\r", OK + framed("+CFTPSPUT: 0"));
  expect(String(await sandbox.ftp.files.get("/pub/b.txt"))).toBe("\x1a\x03c");
  await dte.command('AT+CFTPSSIZE="/pub/b.txt"\r', info("+CFTPSSIZE: 0, 3"));
  await dte.command('AT+CFTPSGETFILE="/pub/a.txt"\r', OK + framed("+CFTPSGETFILE: 0"));
  await dte.command('AT+CFTPSPUTFILE="/a.txt"\r', OK + framed("+CFTPSPUTFILE: 0"));
  expect(String(await sandbox.ftp.files.get("/a.txt"))).toBe("hello, world");
  await dte.command("AT+CFTPSLOGOUT\r", OK + framed("+CFTPSLOGOUT: 0"));
});

test.each(['"echo.example",7', '"echo.example",7,2'])("CCHOPEN=0,%s reaches the echo server with TLS", async (to) => {
  const { dte } = await connected();
  await dte.command("AT+CCHSTART\r", OK + framed("+CCHSTART: 0"));
  await dte.command(`AT+CCHOPEN=0,${to}\r`, OK + framed("+CCHOPEN: 0,0"));
  await dte.command("AT+CCHSEND=0,5\r", PROMPT);
  await dte.command("hello", `${OK}\r\n+CCHRECV: DATA,0,5\r\nhello`);
});
