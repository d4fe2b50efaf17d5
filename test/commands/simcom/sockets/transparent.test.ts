import { once } from "node:events";
import { connect } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { ERROR, framed, OK } from "../../../support/framing.ts";
import { freePort } from "../../../support/free-port.ts";
import { readAll } from "../../../support/loopback.ts";
import { echoServer, handServer, socketModem } from "../../../support/socket-modem.ts";

const CONNECT = framed("CONNECT 115200");
const GUARD = 1000;

async function transparent(netopen = "AT+NETOPEN\r", options: Parameters<typeof socketModem>[0] = {}) {
  const server = await handServer();
  const parts = await socketModem({ server: server.local, ...options });
  await parts.dte.command("AT+CIPMODE=1\r", OK);
  const isOlder = netopen.includes("=");
  await parts.dte.command(netopen, isOlder ? framed("Network opened") + OK : OK + framed("+NETOPEN: 0"));
  return { ...parts, server };
}

async function online(netopen?: string, dial = 'AT+CIPOPEN=0,"TCP","server.example",80\r') {
  const parts = await transparent(netopen);
  parts.dte.send(dial);
  const peer = await parts.server.accept();
  await parts.dte.expect(CONNECT);
  return { ...parts, peer };
}

/** Leads back to command mode. */
async function leave({ dte, clock }: Pick<Awaited<ReturnType<typeof online>>, "dte" | "clock">) {
  await clock.advance(GUARD);
  dte.send("+++");
  await dte.expect(OK, { within: GUARD });
}

describe("online", () => {
  test("bytes pass raw both ways, and +++ and ATO lead out and in again", async () => {
    const parts = await online();
    const { dte, peer, server } = parts;
    dte.send("AT\r\x1a\x03");
    expect((await peer.readExactly(5, server.signal)).toString("latin1")).toBe("AT\r\x1a\x03");
    await peer.write("\r\nOK\r\n", server.signal);
    await dte.expect("\r\nOK\r\n");
    await leave(parts);
    await dte.command("AT\r", OK);
    await peer.write("held", server.signal);
    await dte.expectNothing();
    await dte.command("ATO\r", `${CONNECT}held`);
  });

  test.each([
    ["AT+NETOPEN\r", 'AT+CIPOPEN=0,"TCP","server.example",80\r', framed("+IPCLOSE: 0,1") + framed("CLOSED")],
    ['AT+NETOPEN="TCP"\r', 'AT+TCPCONNECT="server.example",80\r', framed("CLOSED")],
  ])("the peer's end after %j is told", async (netopen, dial, told) => {
    const { dte, peer } = await online(netopen, dial);
    peer.close();
    await dte.expect(told);
    await dte.command("ATO\r", framed("NO CARRIER"));
  });

  test("CIPCLOSE after +++ closes", async () => {
    const parts = await online();
    const { dte, peer, server } = parts;
    await leave(parts);
    await dte.command("AT+CIPCLOSE=0\r", OK + framed("CLOSED") + framed("+CIPCLOSE: 0,0"));
    expect((await readAll(peer, server.signal)).length).toBe(0);
    await dte.command("AT+NETCLOSE\r", OK + framed("+NETCLOSE: 0"));
  });

  test.each(["ATH\r", "AT+TCPCLOSE\r"])("%j after +++ closes without more words", async (command) => {
    const parts = await online('AT+NETOPEN="TCP"\r', 'AT+TCPCONNECT="server.example",80\r');
    await leave(parts);
    await parts.dte.command(command, OK);
    expect((await readAll(parts.peer, parts.server.signal)).length).toBe(0);
    await parts.dte.expectNothing();
  });

  test("ATX0 leaves the rate out", async () => {
    const { dte, server } = await transparent();
    await dte.command("ATX0\r", OK);
    dte.send('AT+CIPOPEN=0,"TCP","server.example",80\r');
    await server.accept();
    await dte.expect(framed("CONNECT"));
  });

  test("UDP: each piece goes to the peer, and what it sends comes raw", async () => {
    const { rules } = await echoServer();
    const parts = await transparent("AT+NETOPEN\r", { rules });
    await parts.dte.command('AT+CIPOPEN=0,"UDP","192.0.2.7",7,0\r', CONNECT);
    await parts.dte.command("hello", "hello");
    await leave(parts);
    await parts.dte.command("AT+CIPCLOSE=0\r", framed("CLOSED") + framed("+CIPCLOSE: 0,0") + OK);
  });
});

describe("refused", () => {
  test("nobody there is CONNECT FAIL, another link a wrong parameter", async () => {
    const { dte } = await transparent();
    await dte.command('AT+CIPOPEN=0,"TCP","x.invalid",80\r', framed("CONNECT FAIL"));
    await dte.command('AT+CIPOPEN=1,"TCP","server.example",80\r', framed("+CIPOPEN: 1,3") + ERROR);
  });

  test("CIPMODE after NETOPEN waits for the next one", async () => {
    const server = await handServer();
    const { dte } = await socketModem({ server: server.local });
    await dte.command("AT+NETOPEN\r", OK + framed("+NETOPEN: 0"));
    await dte.command("AT+CIPMODE=1\r", OK);
    dte.send('AT+CIPOPEN=0,"TCP","server.example",80\r');
    await server.accept();
    await dte.expect(OK + framed("+CIPOPEN: 0,0"));
  });
});

test("a server answers with ATS0, and refuses without", async () => {
  const port = await freePort();
  const { dte } = await transparent();
  await dte.command(`AT+SERVERSTART=${port},0\r`, OK);
  const refused = connect({ host: "127.0.0.1", port });
  refused.on("error", () => undefined);
  await new Promise((resolve) => refused.once("close", resolve));
  await dte.command("ATS0=1\r", OK);
  const client = connect({ host: "127.0.0.1", port });
  onTestFinished(() => void client.destroy());
  await once(client, "connect");
  await dte.expect(framed(`+CLIENT: 0,0,127.0.0.1:${client.localPort}`) + CONNECT);
  client.write("from the client");
  await dte.expect("from the client");
  dte.send("from the host");
  expect(String(await once(client, "data"))).toBe("from the host");
});
