import { describe, onTestFinished, test } from "vitest";
import { testCertificate } from "../../../../src/sandbox/certificate.ts";
import { EchoServer } from "../../../../src/sandbox/echo/server.ts";
import { ERROR, framed, info, OK } from "../../../support/framing.ts";
import { serverParts } from "../../../support/server-parts.ts";
import { handServer, socketModem } from "../../../support/socket-modem.ts";

const PROMPT = "\r\n>";
const CONNECT = framed("CONNECT 115200");
const GUARD = 1000;

/** A modem whose every name leads to an echo server, on TCP, on TLS and on UDP; the channels are not started. */
async function echoing() {
  const certificate = await testCertificate();
  const server = await EchoServer.start(serverParts({ certificate }), "echo", new AbortController().signal);
  onTestFinished(() => server.close());
  const rules = [
    { name: "*", port: undefined, transport: "tcp", target: server.endpoint },
    { name: "*", port: undefined, transport: "udp", target: server.datagrams.endpoint },
  ] as const;
  return socketModem({ rules });
}

/** Starts the channels with these settings and opens the first, with TLS where no type is given. */
async function opened(settings: string, type = "") {
  const parts = await echoing();
  await parts.dte.command(`AT${settings};+CCHSTART\r`, OK + framed("+CCHSTART: 0"));
  await parts.dte.command(`AT+CCHOPEN=0,"echo.example",7${type}\r`, OK + framed("+CCHOPEN: 0,0"));
  return parts;
}

describe.each([
  ["UDP", ",0"],
  ["UDP from a port", ",0,34567"],
  ["TCP", ",1"],
  ["TLS", ",2"],
  ["TLS", ""],
])("a channel of %s (%j)", (_, type) => {
  test("prints data as they come, and does not report sending", async () => {
    const { dte } = await opened("+CCHSET=0,0", type);
    await dte.command("AT+CCHSEND=0,5\r", PROMPT);
    await dte.command("hello", `${OK}\r\n+CCHRECV: DATA,0,5\r\nhello`);
    await dte.command("AT+CCHADDR\r", info("+CCHADDR: 0,10.146.130.153"));
    await dte.command("AT+CCHCLOSE=0\r", OK + framed("+CCHCLOSE: 0,0"));
    await dte.command("AT+CCHCLOSE=0\r", ERROR);
    await dte.command("AT+CCHSTOP\r", OK + framed("+CCHSTOP: 0"));
  });

  test("keeps data for the host, and reports sending", async () => {
    const { dte } = await opened("+CCHSET=1,1", type);
    await dte.command("AT+CCHSEND=0,5\r", PROMPT);
    await dte.command("hello", `${OK}${framed("+CCHSEND: 0,0")}${framed("+CCHEVENT: 0,RECV EVENT")}`);
    await dte.command("AT+CCHRECV?\r", info("+CCHRECV: LEN,5,1,0"));
    await dte.command("AT+CCHRECV=0,2\r", `${OK}\r\n+CCHRECV: DATA,0,2\r\nhe${framed("+CCHRECV:0, 0")}`);
    await dte.command("AT+CCHRECV=0\r", `${OK}\r\n+CCHRECV: DATA,0,3\r\nllo${framed("+CCHRECV:0, 0")}`);
    await dte.command("AT+CCHRECV=1\r", ERROR);
  });

  test("takes the line in online data mode", async () => {
    const { dte, clock } = await echoing();
    await dte.command("AT+CCHMODE=1;+CCHSTART\r", OK + framed("+CCHSTART: 0"));
    await dte.command(`AT+CCHOPEN=0,"echo.example",7${type}\r`, CONNECT);
    await dte.command("AT\r\x1a\x03", "AT\r\x1a\x03");
    await clock.advance(GUARD);
    dte.send("+++");
    await dte.expect(OK, { within: GUARD });
    await dte.command("AT+CCHSEND=0,5\r", ERROR);
    await dte.command("ATO\r", CONNECT);
    await dte.command("hello", "hello");
    await clock.advance(GUARD);
    dte.send("+++");
    await dte.expect(OK, { within: GUARD });
    await dte.command("AT+CCHCLOSE=0\r", OK + framed("+CCHCLOSE: 0,0"));
    await dte.command("ATO\r", framed("NO CARRIER"));
  });

  test("is told as closed by its peer when the radio network is lost, and cannot be opened without", async () => {
    const { dte, modem } = await opened("+CCHSET=0,0", type);
    modem.module.radio.move({ registration: "none" });
    await dte.expect(framed("+CCH_PEER_CLOSED: 0"));
    await dte.command("AT+CCHSEND=0,5\r", ERROR);
    await dte.command(`AT+CCHOPEN=1,"echo.example",7${type}\r`, OK + framed("+CCHOPEN: 1,9"));
  });
});

test("both channels are there at a time, each with its data", async () => {
  const { dte } = await opened("+CCHSET=0,1", ",1");
  await dte.command('AT+CCHOPEN=1,"echo.example",7,0\r', OK + framed("+CCHOPEN: 1,0"));
  await dte.command("AT+CCHSEND=1,3\r", PROMPT);
  await dte.command("one", `${OK}${framed("+CCHEVENT: 1,RECV EVENT")}`);
  await dte.command("AT+CCHRECV?\r", info("+CCHRECV: LEN,0,1,3"));
  await dte.command("AT+CCHADDR\r", info("+CCHADDR: 0,10.146.130.153", "+CCHADDR: 1,10.146.130.153"));
  await dte.command("AT+CCHRECV=1\r", `${OK}\r\n+CCHRECV: DATA,1,3\r\none${framed("+CCHRECV:1, 0")}`);
});

test.each([
  ["+CCHMODE=1", true],
  ["+CCHSET=1,1", true],
  ["+CCHSTART", true],
  ['+CCHOPEN=0,"echo.example",7', false],
  ["+CCHSTOP", false],
  ["+CCHSEND=0,5", false],
  ["+CCHCLOSE=0", false],
  ["+CCHADDR", false],
  ['+CCHOPEN=2,"echo.example",7', true],
  ['+CCHOPEN=0,"echo.example",7,3', true],
  ['+CCHOPEN=0,"",7', true],
  ["+CCHSEND=0,2049", true],
])("AT%s is an error where the channels are started: %s", async (command, isStarted) => {
  const { dte } = await echoing();
  if (isStarted) await dte.command("AT+CCHSTART\r", OK + framed("+CCHSTART: 0"));
  await dte.command(`AT${command}\r`, ERROR);
});

test("the settings read back, and their test forms say what they take", async () => {
  const { dte } = await echoing();
  await dte.command("AT+CCHSET?\r", info("+CCHSET: 0,0"));
  await dte.command("AT+CCHSET=1\r", OK);
  await dte.command("AT+CCHSET?\r", info("+CCHSET: 1,0"));
  await dte.command("AT+CCHMODE?\r", info("+CCHMODE: 0"));
  await dte.command("AT+CCHMODE=1\r", OK);
  await dte.command("AT+CCHMODE?\r", info("+CCHMODE: 1"));
  await dte.command("AT+CCHMODE=?\r", info("+CCHMODE: (0,1)"));
  await dte.command("AT+CCHSET=?\r", info("+CCHSET: (0,1),(0,1)"));
  await dte.command("AT+CCHOPEN=?\r", info('+CCHOPEN: (0,1),"ADDRESS",(1-65535),(0-2),(1-65535)'));
});

describe("in online data mode", () => {
  async function online() {
    const server = await handServer();
    const parts = await socketModem({ server: server.local });
    await parts.dte.command("AT+CCHMODE=1;+CCHSTART\r", OK + framed("+CCHSTART: 0"));
    return { ...parts, server };
  }

  test("only channel 0 can be opened, and one that cannot be has its code", async () => {
    const { dte, server } = await online();
    await dte.command('AT+CCHOPEN=1,"a.example",7,1\r', ERROR);
    server.close();
    await dte.command('AT+CCHOPEN=0,"a.example",7,1\r', framed("+CCHOPEN: 0,9") + ERROR);
  });

  test("the peer's end is told, and the channel is free again", async () => {
    const { dte, server } = await online();
    dte.send('AT+CCHOPEN=0,"a.example",7,1\r');
    const peer = await server.accept();
    await dte.expect(CONNECT);
    peer.close();
    await dte.expect(framed("+CCH_PEER_CLOSED: 0"));
    await dte.command("ATO\r", framed("NO CARRIER"));
    dte.send('AT+CCHOPEN=0,"a.example",7,1\r');
    await server.accept();
    await dte.expect(CONNECT);
  });
});

test("a channel that is closed while it is being opened is free for another server, and the first is not reported", async () => {
  const { dte, recording } = await echoing();
  recording.unanswered = true;
  await dte.command('AT+CCHSTART;+CCHOPEN=0,"slow.example",7\r', framed("+CCHSTART: 0") + OK);
  await dte.command("AT+CCHCLOSE=0\r", OK + framed("+CCHCLOSE: 0,0"));
  recording.unanswered = false;
  await dte.command('AT+CCHOPEN=0,"echo.example",7\r', OK + framed("+CCHOPEN: 0,0"));
  await dte.expectNothing(120_000);
});

test("a datagram from another sender than the peer is dropped", async () => {
  const server = await EchoServer.start(serverParts(), "echo", new AbortController().signal);
  onTestFinished(() => server.close());
  const { dte } = await socketModem({});
  const port = 34_568;
  await dte.command("AT+CCHSTART\r", OK + framed("+CCHSTART: 0"));
  const { port: peer } = server.datagrams.endpoint;
  await dte.command(`AT+CCHOPEN=0,"127.0.0.1",${peer},0,${port}\r`, OK + framed("+CCHOPEN: 0,0"));
  const { createSocket } = await import("node:dgram");
  const stranger = createSocket("udp4");
  await new Promise<void>((sent) => stranger.send("intruder", port, "127.0.0.1", () => sent()));
  stranger.close();
  await dte.command("AT+CCHSEND=0,5\r", PROMPT);
  await dte.command("hello", `${OK}\r\n+CCHRECV: DATA,0,5\r\nhello`);
});
