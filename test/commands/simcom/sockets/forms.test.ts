import { describe, expect, test } from "vitest";
import { ERROR, framed, info, OK } from "../../../support/framing.ts";
import { until } from "../../../support/loopback.ts";
import { handServer, openLink, openNetwork, socketModem } from "../../../support/socket-modem.ts";

const ip = (text: string) => framed(`+IP ERROR: ${text}`) + ERROR;

describe("test, read, write and execution forms", () => {
  test.each([
    ["+NETOPEN=?", info('+NETOPEN: ("TCP", "UDP"), (0-65535), (0-1)')],
    ["+NETOPEN?", info("+NETOPEN: 0,0")],
    ["+NETCLOSE=?", OK],
    ["+IPADDR=?", OK],
    ["+CIPMODE=?", info("+CIPMODE: (0-1)")],
    ["+CIPMODE?", info("+CIPMODE: 0")],
    ["+CIPCCFG=?", info("+CIPCCFG: (0-10),(0-1000),(0-1),(0-1),(0-1) ,(0-1) ,(500-120000)")],
    ["+CIPCCFG?", info("+CIPCCFG:10,0,0,1,0,0,500")],
    ["+CIPCCFG=", ERROR],
    ["+CIPCCFG=,,,,1;+CIPCCFG?", info("+CIPCCFG:10,0,0,1,1,0,500")],
    ["+CIPCCFG=10,0,0,0,1,0,75000;+CIPCCFG?", info("+CIPCCFG:10,0,0,0,1,0,75000")],
    ["+CIPCCFG=3;+CIPCCFG;+CIPCCFG?", info("+CIPCCFG:10,0,0,1,0,0,500")],
    ["+CIPCCFG=11", ERROR],
    ["+CIPTIMEOUT=?", OK],
    ["+CIPTIMEOUT=30000,20000,40000;+CIPTIMEOUT?", info("+CIPTIMEOUT: 30000,20000,40000")],
    ["+CIPTIMEOUT=2999", ERROR],
    ["+CIPSENDMODE=?", info("+CIPSENDMODE: (0,1)")],
    ["+CIPSENDMODE=1;+CIPSENDMODE?", info("+CIPSENDMODE: 1")],
    ["+CIPHEAD=0;+CIPHEAD?", info("+CIPHEAD: 0")],
    ["+CIPHEAD=0;+CIPHEAD;+CIPHEAD?", info("+CIPHEAD: 1")],
    ["+CIPSRIP=0;+CIPSRIP?", info("+CIPSRIP: 0")],
    ["+CIPENPSH=0;+CIPENPSH?", info("+CIPENPSH: 0")],
    ["+CIPDNSSET=1,30000,3;+CIPDNSSET?", info("+CIPDNSSET: 1,30000,3")],
    ["+CTCPKA?", info("+CTCPKA:0,1,1")],
    ["+CTCPKA=1,5,3;+CTCPKA?", info("+CTCPKA:1,5,3")],
    ["+CTCPFIN=1,10", OK],
    ["+NETDORM=1;+NETDORM?", info("+NETDORM: 1")],
    ["+CIPOPEN=?", info('+CIPOPEN: (0-9), ("TCP", "UDP")')],
    ["+CIPSEND=?", info("+CIPSEND: (0-9), (1-1500)")],
    ["+CIPSEND?", OK],
    ["+CIPRXGET=?", info("+CIPRXGET: (0-4),(0-9),(1-1500)")],
    ["+CIPRXGET?", info("+CIPRXGET: 0")],
    ["+CIPCLOSE=?", info("+CIPCLOSE: (0-9)")],
    ["+CIPCLOSE?", info("+CIPCLOSE: 0,0,0,0,0,0,0,0,0,0")],
    ["+CDNSGIP=?", OK],
  ])("AT%s", async (command, answer) => {
    const { dte } = await socketModem();
    await dte.command(`AT${command}\r`, answer);
  });
});

describe("errors before the network is open", () => {
  test.each([
    ["+NETCLOSE", ip("Network is already closed")],
    ["+IPADDR", ip("Network not opened")],
    ['+CIPOPEN=0,"TCP","h",80', framed("+CIPOPEN: 0,2") + ERROR],
    ["+CIPSEND=0,1", framed("+CIPERROR: 2") + ERROR],
    ["+CIPCLOSE=0", framed("+CIPCLOSE: 0,4") + ERROR],
    ["+CIPSTAT=0", framed("+CIPERROR: 2") + ERROR],
    ["+SERVERSTART=8000,0", framed("+CIPERROR: 2") + ERROR],
    ["+SERVERSTOP=0", framed("+SERVERSTOP: 0,2") + ERROR],
    ['+TCPCONNECT="h",80', ip("Network not opened")],
    ["+TCPWRITE=1", ip("Network not opened")],
    ["+TCPCLOSE", ip("Network not opened")],
    ['+UDPSEND=1,"1.2.3.4",5', ip("Network not opened")],
    ["+LISTCLIENT", ip("Network not opened")],
    ["+CIPCCFG=,,,0;+NETCLOSE", ip("5")],
  ])("AT%s", async (command, answer) => {
    const { dte } = await socketModem();
    await dte.command(`AT${command}\r`, answer);
  });
});

describe("errors on the open network of the later set", () => {
  test.each([
    ["+NETOPEN", ip("Network is already opened")],
    ["+NETOPEN=,,1", ip("Network is already opened")],
    ['+CIPOPEN=10,"TCP","h",80', ERROR],
    ['+CIPOPEN=0,"TCP","",80', framed("+CIPOPEN: 0,3") + ERROR],
    ['+CIPOPEN=0,"TCP","h",70000', framed("+CIPOPEN: 0,3") + ERROR],
    ['+CIPOPEN=0,"SCT","h",80', framed("+CIPOPEN: 0,3") + ERROR],
    ['+CIPOPEN=0,"SCTP","h",80', framed("+CIPOPEN: 0,3") + ERROR],
    ['+CIPOPEN=0,"","h",80', framed("+CIPOPEN: 0,3") + ERROR],
    ['+CIPOPEN=10,"TCP","h",80', ERROR],
    ["+CIPSEND=1,1", framed("+CIPERROR: 4") + ERROR],
    ["+CIPSEND=0,0", framed("+CIPERROR: 3") + ERROR],
    ["+CIPSEND=0,1501", framed("+CIPERROR: 3") + ERROR],
    ["+CIPSEND=0,1,2", framed("+CIPERROR: 3") + ERROR],
    ['+CIPOPEN=0,"TCP","h",80', framed("+CIPOPEN: 0,4") + ERROR],
    ["+CIPRXGET=2,0", ip("Operation not supported")],
    ["+CIPRXGET=1;+CIPRXGET=2,10", ip("Invalid parameter")],
    ["+CIPRXGET=1;+CIPRXGET=2,0,1501", ip("Invalid parameter")],
    ["+CIPRXGET=1;+CIPRXGET=3,0,751", ip("Invalid parameter")],
    ["+CIPRXGET=1;+CIPRXGET=2,5", ip("No data")],
    ["+CIPRXGET=5", ERROR],
    ["+CIPSTAT=1", framed("+CIPERROR: 4") + ERROR],
    ["+SERVERSTART=0,0", framed("+CIPERROR: 3") + ERROR],
    ["+SERVERSTART=8000,4", framed("+CIPERROR: 3") + ERROR],
    ["+SERVERSTOP=1", framed("+SERVERSTOP: 1,4") + ERROR],
    ['+TCPCONNECT="h",80', ip("Operation not supported")],
    ["+TCPWRITE=1", ip("Operation not supported")],
    ["+LISTCLIENT", ip("Operation not supported")],
  ])("AT%s", async (command, answer) => {
    const server = await handServer();
    const parts = await socketModem({ server: server.local });
    await openNetwork(parts);
    await openLink(parts, server);
    await parts.dte.command(`AT${command}\r`, answer);
  });
});

describe("identities", () => {
  test.each(["sim5218", "sim5216", "sim5320-b08"] as const)("%s has the older set only", async (identity) => {
    const { dte } = await socketModem({ identity });
    for (const command of ["NETOPEN", "CIPSENDMODE=0", "CIPTIMEOUT=75000,15000,15000", "CIPRXGET=1", "SERVERSTOP=0"])
      await dte.command(`AT+${command}\r`, ERROR);
    await dte.command("AT+CIPCCFG=?\r", info("+CIPCCFG: (0-10),(0-1000),(0-1),(0-1),(0-1)"));
    await dte.command("AT+CIPCLOSE=1\r", ip("Network not opened"));
    await dte.command("AT+NETOPEN=,,1\r", framed("Network opened") + OK);
    await dte.command("AT+NETOPEN?\r", info("+NETOPEN: 1,1"));
  });

  test("sim5320 has both", async () => {
    const { dte } = await socketModem({ identity: "sim5320" });
    await openNetwork({ dte });
    await dte.command("AT+NETCLOSE\r", OK + framed("+NETCLOSE: 0"));
    await dte.command('AT+NETOPEN="TCP"\r', framed("Network opened") + OK);
    await dte.command("AT+NETOPEN?\r", info("+NETOPEN: 1,0"));
  });
});

describe("names and probes", () => {
  test("CDNSGIP gives a stand-in address that leads where the name does", async () => {
    const server = await handServer();
    const { dte } = await socketModem({ server: server.local });
    await dte.command('AT+CDNSGIP="www.example.com"\r', info('+CDNSGIP: 1,"www.example.com","198.18.0.1"'));
    await dte.command('AT+CDNSGHNAME="198.18.0.1"\r', info('+CDNSGHNAME: 1,"www.example.com","198.18.0.1"'));
    await dte.command('AT+CDNSGIP="x.invalid"\r', framed("+CDNSGIP: 0,10") + ERROR);
    await openNetwork({ dte });
    dte.send('AT+CIPOPEN=0,"TCP","198.18.0.1",80\r');
    await server.accept();
    await dte.expect(OK + framed("+CIPOPEN: 0,0"));
  });

  test("CPING counts what comes back", async () => {
    const server = await handServer();
    const { dte, clock } = await socketModem({ server: server.local });
    await dte.command('AT+CPING="www.example.com",1,2\r', OK);
    for (let probe = 0; probe < 4; probe++) await clock.advance(1500);
    let printed = "";
    await until(() => {
      printed += dte.take();
      return printed.includes("+CPING: 3");
    });
    const lines = printed.split("\r\n").filter(Boolean);
    expect(lines[0]).toMatch(/^\+CPING: 1,198\.18\.0\.1,64,[123]\d\d,255$/);
    expect(lines[2]).toMatch(/^\+CPING: 3,2,2,0,\d+,\d+,\d+$/);
  });

  test("sim5216 reports in sentences", async () => {
    const server = await handServer();
    const { dte, clock, modem } = await socketModem({ server: server.local, identity: "sim5216" });
    await dte.command('AT+CPING="www.example.com",1,2,32\r', OK);
    await dte.expect(framed("+CPING: Pinging 198.18.0.1 with 32 bytes of data:"));
    await clock.advance(300);
    modem.module.packetService.want(false);
    await clock.advance(12_000);
    let printed = "";
    await until(() => {
      printed += dte.take();
      return printed.includes("Minimum");
    });
    expect(printed.split("\r\n").filter(Boolean)).toEqual([
      expect.stringMatching(/^Reply from 198\.18\.0\.1: bytes=32 time=[123]\d\dms TTL=255$/),
      "Request timed out.",
      "Ping statistics for 198.18.0.1:",
      "Packets: Sent = 2, Received = 1, Lost = 1",
      expect.stringMatching(/^Minimum = (\d+)ms, Maximum = \1ms, Average = \1ms$/),
    ]);
  });

  test("CPINGSTOP ends it with the statistics", async () => {
    const server = await handServer();
    const { dte } = await socketModem({ server: server.local });
    await dte.command('AT+CPING="www.example.com",1,100\r', OK);
    await dte.command('AT+CPING="www.example.com",1\r', ERROR);
    await dte.command("AT+CPINGSTOP\r", OK + framed("+CPING: 3,1,0,1,0,0,0"));
    await dte.command("AT+CPINGSTOP\r", ERROR);
  });
});
