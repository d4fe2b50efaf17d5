import { describe, expect, test } from "vitest";
import type { Modem } from "../../../src/modem/modem.ts";
import { ERROR, framed, OK } from "../../support/framing.ts";
import { modemOnMemory } from "../../support/modem-on-memory.ts";
import type { PeerAct } from "../../support/scripted-network.ts";

/** What must be set before the network is used. */
const PREPARED = [
  'AT+SMTPSRV="a",25',
  'AT+SMTPFROM="a@b.test","a"',
  'AT+SMTPRCPT=0,0,"c@d.test","c"',
  'AT+POP3SRV="a","u","p",110',
  'AT+CFTPSERV="a"',
  'AT+CFTPUN="u"',
  'AT+CFTPPW="p"',
  "AT+CFTPMODE=1",
];

/** Every command that uses the network, and what it prints where there is none (decisions 2). */
const COMMANDS: readonly (readonly [line: string, answer: string])[] = [
  ["+SMTPSEND", framed("+SMTP: NETWORK ERROR") + ERROR],
  ["+POP3IN", framed("+POP3: NETWORK ERROR") + ERROR],
  ["+POP3NUM", framed("+POP3: NETWORK ERROR") + ERROR],
  ["+POP3LIST", framed("+POP3: NETWORK ERROR") + ERROR],
  ["+POP3HDR=1", framed("+POP3: NETWORK ERROR") + ERROR],
  ["+POP3DEL=1", framed("+POP3: NETWORK ERROR") + ERROR],
  ["+POP3OUT", framed("+POP3: NETWORK ERROR") + ERROR],
  ['+CFTPGETFILE="/x",0', OK + framed("+CFTPGETFILE: 214")],
  ['+CFTPPUTFILE="/x",0', OK + framed("+CFTPPUTFILE: 214")],
  ['+CFTPGET="/x"', OK + framed("+CFTPGET: 214")],
  ['+CFTPPUT="/x"', framed("+CME ERROR: 214")],
  ['+CFTPLIST="/"', OK + framed("+CFTPLIST: 214")],
  ['+CFTPMKD="/x"', framed("+CFTPMKD:214") + ERROR],
  ['+CFTPRMD="/x"', framed("+CFTPRMD:214") + ERROR],
  ['+CFTPDELE="/x"', framed("+CFTPDELE:214") + ERROR],
  ['+CHTTPACT="a",80', framed("+CME ERROR: 227")],
];

const LOSSES: readonly (readonly [string, (modem: Modem) => unknown])[] = [
  ["searching", ({ module }) => module.radio.move({ registration: "searching" })],
  ["denied", ({ module }) => module.radio.move({ registration: "denied" })],
  ["detached", ({ module }) => module.packetService.attach(false)],
  ["CFUN=4", ({ module }) => module.radio.setFunctionality(4)],
];

async function preparedModem() {
  const modem = await modemOnMemory();
  const { dte } = modem;
  await dte.command("ATE0+CMEE=1\r", `ATE0+CMEE=1\r${OK}`);
  await dte.command('AT+CFTRANRX="C:/x",1\r', "\r\n>");
  await dte.command("x", OK);
  for (const line of PREPARED) await dte.command(`${line}\r`, OK);
  return modem;
}

describe.each(LOSSES)("%s", (_, lose) => {
  test.each(COMMANDS)("AT%s reaches nothing and says so", async (line, answer) => {
    const { dte, modem, network } = await preparedModem();
    lose(modem);
    await dte.command(`AT${line}\r`, answer);
    await dte.expectNothing();
    expect(network.targets).toEqual([]);
  });
});

/** Servers that have come so far when the network goes, and what each service then prints. */
const INTERRUPTED: readonly (readonly [line: string, acts: readonly PeerAct[], first: string, answer: string])[] = [
  ["+SMTPSEND", ["silence"], "", framed("+SMTP: NETWORK ERROR") + ERROR],
  ["+SMTPSEND", ["220 a\r\n", "250 a\r\n", "silence"], framed("+SMTP: OK") + OK, framed("+SMTP: NETWORK ERROR")],
  ["+POP3IN", ["silence"], "", framed("+POP3: NETWORK ERROR") + ERROR],
  ['+CFTPGETFILE="/x",0', ["silence"], OK, framed("+CFTPGETFILE: 214")],
  ['+CFTPPUT="/x"', ["220 a\r\n", "silence"], "", framed("+CME ERROR: 214")],
];

test.each(INTERRUPTED)("AT%s after %j is broken off by the loss of the network", async (line, acts, first, answer) => {
  const { dte, modem, network } = await preparedModem();
  network.script({ acts });
  await dte.command(`AT${line}\r`, first);
  await dte.expectNothing();
  modem.module.radio.setFunctionality(4);
  await dte.expect(answer);
  expect(network.connections.every(({ closed }) => closed)).toBe(true);
  await dte.expectNothing();
});

test("a POP3 session is gone with the network", async () => {
  const { dte, modem, network } = await preparedModem();
  network.script({ acts: ["+OK\r\n", "+OK\r\n", "+OK\r\n", "silence"] });
  await dte.command("AT+POP3IN\r", framed("+POP3: SUCCESS") + OK);
  modem.module.radio.move({ registration: "searching" });
  modem.module.radio.move({ registration: "home" });
  await dte.command("AT+POP3NUM\r", framed("+POP3: NETWORK ERROR") + ERROR);
});
