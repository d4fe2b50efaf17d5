import { describe, expect, onTestFinished, test } from "vitest";
import { IDENTITIES, type IdentityName } from "../../../src/module/identity.ts";
import { ERROR, framed, info, OK } from "../../support/framing.ts";
import { until } from "../../support/loopback.ts";
import { type ScriptedPeer, ScriptedServer } from "../../support/scripted-server.ts";
import { type SocketModem, socketModem } from "../../support/socket-modem.ts";

const DATE = "Date: Thu, 31 Mar 2016 06:46:39 GMT";
/** What the test's clock shows at the start, in the zone of Beijing. */
const BEFORE = '+CCLK: "10/02/05,20:00:00+32"';
const AFTER = '+CCLK: "16/03/31,14:46:39+32"';

type Script = (peer: ScriptedPeer) => Promise<void>;

async function scripted(script: Script): Promise<ScriptedServer> {
  const server = await ScriptedServer.start(script);
  onTestFinished(() => server.close());
  return server;
}

/** Hears a request to its end, and then answers and closes. */
const answering =
  (...lines: string[]): Script =>
  async (peer) => {
    while ((await peer.hear()) !== "");
    peer.close(`${lines.join("\r\n")}\r\n\r\n`);
  };

/** A modem whose names lead to servers: `one.example` to the first, and so on. */
async function modemWith(servers: readonly ScriptedServer[]) {
  const names = ["one.example", "two.example", "three.example"];
  const rules = servers.map(
    ({ address }, index) => ({ name: names[index] ?? "", port: undefined, transport: "tcp", target: address }) as const,
  );
  const parts = await socketModem({ rules });
  await parts.dte.command('AT+CCLK="10/02/05,20:00:00+32"\r', OK);
  for (const name of names.slice(0, servers.length)) {
    await parts.dte.command(`AT+CHTPSERV="ADD","${name}",80,1\r`, OK);
  }
  return parts;
}

async function expectOutcome({ dte, recording }: SocketModem, code: number, clock: string): Promise<void> {
  await dte.command("AT+CHTPUPDATE\r", OK + framed(`+CHTPUPDATE: ${code}`));
  await dte.command("AT+CCLK?\r", info(clock));
  await dte.command("AT+CHTPUPDATE?\r", info("+CHTPUPDATE:NULL"));
  expect(await recording.allClosed(AbortSignal.timeout(5000))).toBe(true);
}

describe("the list of servers", () => {
  test("a server is added, read and deleted, and those behind it move up", async () => {
    const { dte } = await socketModem();
    await dte.command("AT+CHTPSERV?\r", OK);
    await dte.command('AT+CHTPSERV="ADD","www.example.net",80,1\r', OK);
    await dte.command('AT+CHTPSERV="add","192.0.2.1",8080,0,"proxy.example",3128\r', OK);
    await dte.command(
      "AT+CHTPSERV?\r",
      info('+CHTPSERV:0"www.example.net",80,1\r\n+CHTPSERV:1"192.0.2.1",8080,0,"proxy.example",3128'),
    );
    await dte.command('AT+CHTPSERV="DEL",0\r', OK);
    await dte.command("AT+CHTPSERV?\r", info('+CHTPSERV:0"192.0.2.1",8080,0,"proxy.example",3128'));
    await dte.command('AT+CHTPSERV="DEL",0\r', OK);
    await dte.command('AT+CHTPSERV="DEL",0\r', ERROR);
    await dte.command(
      "AT+CHTPSERV=?\r",
      info('+CHTPSERV:"ADD","HOST",(1-65535),(0-1)[,"PROXY",(1-65535)]\r\n+CHTPSERV: "DEL",(0-15)'),
    );
  });

  test("the seventeenth server is refused, and a restart forgets all of them", async () => {
    const { dte, modem } = await socketModem();
    for (let index = 0; index < 16; index++) await dte.command(`AT+CHTPSERV="ADD","a${index}",80,1\r`, OK);
    await dte.command('AT+CHTPSERV="ADD","a16",80,1\r', ERROR);
    await modem.reset();
    await dte.command("ATE0\r", `ATE0\r${OK}`);
    await dte.command("AT+CHTPSERV?\r", OK);
  });

  test.each([
    '"ADD"',
    '"ADD","",80,1',
    '"ADD","a",80',
    '"ADD","a",,1',
    '"ADD","a",0,1',
    '"ADD","a",65536,1',
    '"ADD","a",80,2',
    '"ADD","a b",80,1',
    '"ADD","a/b",80,1',
    '"ADD","a\\0D\\0AX: y",80,1',
    '"ADD","a",80,1,"p"',
    '"ADD","a",80,1,,3128',
    '"ADD","a",80,1,"p?",3128',
    '"DEL"',
    '"DEL",',
    '"DEL",16',
    '"DEL",0,80',
    '"DEL",x',
    '"SET",0',
    "",
  ])("refused: AT+CHTPSERV=%s", async (parameters) => {
    const { dte } = await socketModem();
    await dte.command(`AT+CHTPSERV=${parameters}\r`, ERROR);
    await dte.command("AT+CHTPSERV?\r", OK);
  });
});

describe("updating", () => {
  test("the clock is set by the Date field, and the zone stays", async () => {
    const server = await scripted(answering("HTTP/1.1 200 OK", "Server: test", DATE, "Content-Length: 0"));
    await expectOutcome(await modemWith([server]), 0, AFTER);
    expect(server.heard).toEqual(["HEAD / HTTP/1.1", "Host: one.example", "Connection: close", ""]);
  });

  test("a proxy is asked for the server, in the version that was chosen", async () => {
    const proxy = await scripted(answering("HTTP/1.0 200 OK", DATE));
    const parts = await modemWith([proxy]);
    await parts.dte.command('AT+CHTPSERV="DEL",0\r', OK);
    await parts.dte.command('AT+CHTPSERV="ADD","far.example",8080,0,"one.example",3128\r', OK);
    await expectOutcome(parts, 0, AFTER);
    expect(proxy.heard.slice(0, 2)).toEqual(["HEAD http://far.example:8080/ HTTP/1.0", "Host: far.example:8080"]);
  });

  test.each<[string, number, string, Script]>([
    ["an error of the server that has a date", 0, AFTER, answering("HTTP/1.1 405 Method Not Allowed", DATE)],
    ["lower case, no blank", 0, AFTER, answering("HTTP/1.1 302 Found", "date:Thu, 31 Mar 2016 06:46:39 GMT")],
    [
      "an interim response first",
      0,
      AFTER,
      answering("HTTP/1.1 103 Early Hints", "Link: x", "", "HTTP/1.1 200 OK", DATE),
    ],
    ["no date", 3, BEFORE, answering("HTTP/1.1 200 OK")],
    ["a date that is none", 3, BEFORE, answering("HTTP/1.1 200 OK", "Date: tomorrow")],
    ["a day that does not exist", 3, BEFORE, answering("HTTP/1.1 200 OK", "Date: Tue, 31 Feb 2026 08:49:37 GMT")],
    ["a request that is refused", 2, BEFORE, answering("HTTP/1.1 400 Bad Request")],
    ["no HTTP", 1, BEFORE, answering("220 mail.example ESMTP")],
    ["an endless line", 1, BEFORE, async (peer) => peer.say(`HTTP/1.1 200 OK\r\nX: ${"x".repeat(100_000)}`)],
    ["too many lines", 1, BEFORE, async (peer) => peer.say(`HTTP/1.1 200 OK\r\n${"X: y\r\n".repeat(20_000)}`)],
    ["the end of the connection", 4, BEFORE, async (peer) => peer.close("HTTP/1.1 200 OK\r\nDa")],
    ["a reset", 4, BEFORE, async (peer) => void ((await peer.hear()) && peer.reset())],
  ])("the server answers with %s: %i", async (_, code, clock, script) => {
    await expectOutcome(await modemWith([await scripted(script)]), code, clock);
  });

  test("a name without an address, and a port that nobody listens on, are 4", async () => {
    const gone = await ScriptedServer.start(async () => undefined);
    const parts = await modemWith([gone]);
    await gone.close();
    await expectOutcome(parts, 4, BEFORE);
    await parts.dte.command('AT+CHTPSERV="DEL",0\r', OK);
    await parts.dte.command('AT+CHTPSERV="ADD","none.invalid",80,1\r', OK);
    await expectOutcome(parts, 4, BEFORE);
  });

  test("the servers are asked in order, until one has told the time", async () => {
    const refusing = await scripted(answering("HTTP/1.1 200 OK"));
    const telling = await scripted(answering("HTTP/1.1 200 OK", DATE));
    const unasked = await scripted(answering("HTTP/1.1 200 OK", "Date: Fri, 01 Apr 2016 00:00:00 GMT"));
    await expectOutcome(await modemWith([refusing, telling, unasked]), 0, AFTER);
    expect(refusing.heard[0]).toBe("HEAD / HTTP/1.1");
    expect(unasked.heard).toEqual([]);
  });

  test("a server that is silent or slow is left after 30 s, and the next one is asked", async () => {
    const silent = await scripted(async (peer) => void (await peer.hear()));
    const telling = await scripted(answering("HTTP/1.1 200 OK", DATE));
    const { dte } = await modemWith([silent, telling]);
    await dte.command("AT+CHTPUPDATE\r", OK);
    await until(() => silent.heard.length > 0);
    await dte.expectNothing(29_000);
    await dte.command("AT+CHTPUPDATE?\r", info("+CHTPUPDATE:Updating"));
    await dte.command("AT+CHTPUPDATE\r", ERROR);
    await dte.expect(framed("+CHTPUPDATE: 0"), { within: 1000 });
    await dte.command("AT+CCLK?\r", info('+CCLK: "16/03/31,14:46:39+32"'));
  });

  test("without a server, a network or a SIM", async () => {
    const { dte, modem } = await socketModem();
    await dte.command("AT+CHTPUPDATE\r", ERROR);
    await dte.command('AT+CHTPSERV="ADD","one.example",80,1\r', OK);
    modem.module.packetService.want(false);
    await dte.command("AT+CHTPUPDATE\r", OK + framed("+CHTPUPDATE: 4"));
    await modem.module.sim.insert(undefined);
    await dte.command("AT+CHTPUPDATE\r", framed("+CME ERROR: SIM not inserted"));
  });

  test("a network that is lost meanwhile is 4; after a restart nothing is told", async () => {
    const silent = await scripted(async (peer) => void (await peer.hear()));
    const parts = await modemWith([silent]);
    const { dte, modem, recording, clock } = parts;
    await dte.command("AT+CHTPUPDATE\r", OK);
    await until(() => silent.heard.length === 1);
    modem.module.packetService.want(false);
    await dte.expect(framed("+CHTPUPDATE: 4"));
    modem.module.packetService.want(true);
    await dte.command("AT+CHTPUPDATE\r", OK);
    await until(() => silent.heard.length === 2);
    await modem.reset();
    expect(await recording.allClosed(AbortSignal.timeout(5000))).toBe(true);
    await until(() => clock.pendingAlarms === 0, "no alarm to be left");
    await dte.expectNothing(60_000);
  });

  test.each(Object.keys(IDENTITIES) as IdentityName[])("%s has both commands", async (identity) => {
    const { dte } = await socketModem({ identity });
    await dte.command("AT+CHTPUPDATE?\r", info("+CHTPUPDATE:NULL"));
    await dte.command("AT+CHTPSERV?\r", OK);
    await dte.command("AT+CHTPUPDATE=?\r", OK);
  });
});
