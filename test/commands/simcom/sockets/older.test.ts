import { once } from "node:events";
import { connect } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { ERROR, framed, info, OK } from "../../../support/framing.ts";
import { freePort } from "../../../support/free-port.ts";
import { readAll } from "../../../support/loopback.ts";
import { echoServer, handServer, openNetwork, socketModem } from "../../../support/socket-modem.ts";

const PROMPT = "\r\n>";
const OPENED = framed("Network opened") + OK;

async function older(open: string, options: Parameters<typeof socketModem>[0] = {}) {
  const server = await handServer();
  const parts = await socketModem({ server: server.local, ...options });
  await parts.dte.command(`AT+NETOPEN=${open}\r`, OPENED);
  return { ...parts, server };
}

/** A client of the module's server. */
async function client(port: number, host = "127.0.0.1") {
  const socket = connect({ host, port });
  onTestFinished(() => void socket.destroy());
  await once(socket, "connect");
  return socket;
}

describe("the one connection", () => {
  test("opens, sends with a third frame, receives and closes", async () => {
    const { dte, server } = await older('"TCP"');
    dte.send('AT+TCPCONNECT="server.example",80\r');
    const peer = await server.accept();
    await dte.expect(framed("Connect ok") + OK);
    await dte.command('AT+TCPCONNECT="server.example",80\r', framed("Connection is already created") + ERROR);
    await dte.command("AT+TCPWRITE=12\r", PROMPT);
    await dte.command("hello, world", `${OK}${framed("+TCPWRITE: 12, 12")}${framed("Send ok")}`);
    await peer.write("hi", server.signal);
    await dte.expect("\r\nRECV FROM:127.0.0.1:80\r\n+IPD2\r\nhi");
    await dte.command("AT+TCPCLOSE\r", OK);
    expect((await readAll(peer, server.signal)).toString()).toBe("hello, world");
    await dte.command("AT+TCPWRITE=1\r", framed("+IP ERROR: Connection is not created") + ERROR);
    await dte.command("AT+NETCLOSE\r", framed("Network closed") + OK);
  });

  test("its end has the number 255", async () => {
    const { dte, server } = await older('"TCP"');
    dte.send('AT+TCPCONNECT="server.example",80\r');
    const peer = await server.accept();
    await dte.expect(framed("Connect ok") + OK);
    peer.close();
    await dte.expect(framed("+IPCLOSE: 255,1"));
  });

  test("nobody there is Connect fail, a name without address has its text", async () => {
    const { dte, recording } = await older('"TCP"');
    recording.unanswered = true;
    dte.send('AT+TCPCONNECT="server.example",80\r');
    await dte.expect(framed("Connect fail") + ERROR, { within: 120_000 });
    recording.unanswered = false;
    await dte.command('AT+TCPCONNECT="x.invalid",80\r', framed("+IP ERROR: DNS query failed") + ERROR);
  });

  test("UDPSEND has no third frame", async () => {
    const { rules } = await echoServer();
    const { dte } = await socketModem({ rules });
    await dte.command('AT+NETOPEN="UDP",0,0\r', OPENED);
    await dte.command('AT+UDPSEND=5,"192.0.2.7",7\r', PROMPT);
    const answer = "\r\nRECV FROM:192.0.2.7:7\r\n+IPD5\r\nhello";
    await dte.command("hello", `${OK}${framed("+UDPSEND: 5, 5")}${answer}`);
  });
});

describe("ten links", () => {
  test("of which no two have one local port", async () => {
    const { dte } = await older(",,1");
    await dte.command('AT+CIPOPEN=1,"UDP",,,50124\r', OK);
    await dte.command('AT+CIPOPEN=2,"UDP",,,50124\r', framed("+IP ERROR: Bind port failed") + ERROR);
  });

  test("open with Connect ok and send without a number", async () => {
    const { dte, server } = await older(",,1");
    dte.send('AT+CIPOPEN=4,"TCP","server.example",80\r');
    const peer = await server.accept();
    await dte.expect(framed("Connect ok") + OK);
    await dte.command("AT+CIPSEND=4,5\r", PROMPT);
    await dte.command("hello", `${OK}${framed("+CIPSEND: 5,5")}${framed("Send ok")}`);
    expect((await peer.readExactly(5, server.signal)).toString()).toBe("hello");
    await dte.command("AT+CIPSEND=4,1025\r", framed("+IP ERROR: Invalid parameter") + ERROR);
    peer.close();
    await dte.expect(framed("+IPCLOSE: 4,1"));
    await dte.command("AT+CIPCLOSE=4\r", framed("+IP ERROR: Operation not supported") + ERROR);
  });

  test("the commands of the later set are not for this network", async () => {
    const { dte } = await older(",,1");
    await dte.command("AT+CIPRXGET=1\r", framed("+IP ERROR: Operation not supported") + ERROR);
    await dte.command("AT+SERVERSTOP=0\r", framed("+IP ERROR: Operation not supported") + ERROR);
  });
});

describe("the server", () => {
  test("reports clients, lists them, and sends to the active one", async () => {
    const port = await freePort();
    const { dte } = await older(`"TCP",${port},0`);
    await dte.command("AT+SERVERSTART?\r", info("+SERVERSTART: NOT LISTENING"));
    await dte.command("AT+LISTCLIENT\r", framed("+IP ERROR: No clients connected") + ERROR);
    await dte.command("AT+SERVERSTART\r", OK);
    await dte.command("AT+SERVERSTART?\r", info("+SERVERSTART: LISTENING"));
    await dte.command("AT+SERVERSTART\r", framed("+IP ERROR: Server is already listening") + ERROR);
    const first = await client(port);
    await dte.expect(framed(`+CLIENT: 127.0.0.1:${first.localPort}`));
    const second = await client(port);
    await dte.expect(framed(`+CLIENT: 127.0.0.1:${second.localPort}`));
    const listed = [first, second].map(({ localPort }, index) => `+LISTCLIENT: ${index}, 127.0.0.1 , ${localPort}`);
    await dte.command("AT+LISTCLIENT\r", info(...listed));
    await dte.command("AT+ACTCLIENT=1\r", OK);
    await dte.command("AT+ACTCLIENT=2\r", framed("+IP ERROR: Client index overflow") + ERROR);
    await dte.command("AT+TCPWRITE=2\r", PROMPT);
    await dte.command("hi", `${OK}${framed("+TCPWRITE: 2, 2")}${framed("Send ok")}`);
    expect(String(await once(second, "data"))).toBe("hi");
    await dte.command("AT+CLOSECLIENT=1\r", OK);
    const { localPort } = first;
    first.end();
    await dte.expect(framed(`+IPCLOSE: 0,1,127.0.0.1,${localPort}`));
  });
});

describe("the later set's server", () => {
  test("takes a port, gives a client the lowest free link, and stops", async () => {
    const port = await freePort();
    const { dte } = await socketModem();
    await openNetwork({ dte });
    await dte.command(`AT+SERVERSTART=${port},2\r`, OK);
    await dte.command(`AT+SERVERSTART=${port},1\r`, framed("+CIPERROR: 7") + ERROR);
    await dte.command("AT+SERVERSTART?\r", info(`+SERVERSTART: 2, ${port}`));
    const peer = await client(port);
    await dte.expect(framed(`+CLIENT: 0,2,127.0.0.1:${peer.localPort}`));
    peer.write("hello");
    await dte.expect(`\r\nRECV FROM:127.0.0.1:${peer.localPort}\r\n+IPD5\r\nhello`);
    await dte.command("AT+SERVERSTOP=2\r", framed("+SERVERSTOP: 2,9") + ERROR);
    await dte.command("AT+CIPCLOSE=0\r", OK + framed("+CIPCLOSE: 0,0"));
    await dte.command("AT+SERVERSTOP=2\r", info("+SERVERSTOP: 2,0"));
    const busy = await handServer();
    await dte.command(`AT+SERVERSTART=${busy.local.port},0\r`, framed("+CIPERROR: 6") + ERROR);
  });

  test("listens at the address that was chosen; one that is not the machine's is an error", async () => {
    const port = await freePort();
    const { dte } = await socketModem({ serverAddress: "127.0.0.2" });
    await openNetwork({ dte });
    await dte.command(`AT+SERVERSTART=${port},0\r`, OK);
    await expect(client(port)).rejects.toMatchObject({ code: "ECONNREFUSED" });
    const peer = await client(port, "127.0.0.2");
    await dte.expect(framed(`+CLIENT: 0,0,${peer.localAddress}:${peer.localPort}`));
    const elsewhere = await socketModem({ serverAddress: "192.0.2.1" });
    await openNetwork(elsewhere);
    await elsewhere.dte.command(`AT+SERVERSTART=${port},0\r`, framed("+CIPERROR: 6") + ERROR);
  });
});
