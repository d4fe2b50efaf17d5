import { describe, expect, onTestFinished, test } from "vitest";
import { testCertificate } from "../../../../src/sandbox/certificate.ts";
import { HttpServer } from "../../../../src/sandbox/http/server.ts";
import { TEST_CERTIFICATE } from "../../../support/certificate.ts";
import { ERROR, framed, info, OK } from "../../../support/framing.ts";
import { until } from "../../../support/loopback.ts";
import { serverParts } from "../../../support/server-parts.ts";
import { handServer, type SocketModem, socketModem } from "../../../support/socket-modem.ts";

const PROMPT = "\r\n>";
const REQUEST = "GET /echo HTTP/1.1\r\nHost: www.example.com\r\nConnection: close\r\n\r\n";

/** A modem whose names lead to an HTTP server that speaks TLS with whom begins it. */
async function secured() {
  const certificate = await testCertificate();
  const parts = serverParts({ certificate });
  const server = await HttpServer.start(parts, { site: async () => undefined }, new AbortController().signal);
  onTestFinished(() => server.close());
  return { ...(await socketModem({ server: server.endpoint })), certificate };
}

/** Takes what the module prints up to a text. */
async function upTo({ dte }: Pick<SocketModem, "dte">, end: string): Promise<string> {
  let printed = "";
  await until(() => {
    printed += dte.take();
    return printed.endsWith(end);
  });
  return printed;
}

async function download({ dte }: Pick<SocketModem, "dte">, name: string, content: string) {
  await dte.command(`AT+CCERTDOWN="${name}",${content.length}\r`, PROMPT);
  await dte.command(content, OK);
}

describe("CHTTPS", () => {
  test.each([1, 2])("a request and its response, type %i", async (type) => {
    const parts = await secured();
    const { dte } = parts;
    await dte.command("AT+CHTTPSSTATE\r", info("+CHTTPSSTATE: 0"));
    await dte.command("AT+CHTTPSSTART\r", OK);
    await dte.command(`AT+CHTTPSOPSE="www.example.com", 443,${type}\r`, OK + framed("+CHTTPSOPSE: 0"));
    await dte.command("AT+CHTTPSSTATE\r", info("+CHTTPSSTATE: 7"));
    await dte.command(`AT+CHTTPSSEND=${REQUEST.length}\r`, PROMPT);
    await dte.command(REQUEST, OK);
    await dte.command("AT+CHTTPSSEND?\r", info(`+CHTTPSSEND: ${REQUEST.length}`));
    await dte.command("AT+CHTTPSSEND\r", OK + framed("+CHTTPSSEND: 0"));
    await upTo(parts, framed("+CHTTPSNOTIFY: PEER CLOSED"));
    dte.send("AT+CHTTPSRECV=9\r");
    expect(await upTo(parts, framed("+CHTTPS: RECV EVENT"))).toBe(
      `${OK}\r\n+CHTTPSRECV: DATA,9\r\nHTTP/1.1 ${framed("+CHTTPSRECV: 0")}${framed("+CHTTPS: RECV EVENT")}`,
    );
    dte.send("AT+CHTTPSRECV\r");
    expect(await upTo(parts, framed("+CHTTPSRECV: 0"))).toContain("200 OK");
    await dte.command("AT+CHTTPSRECV?\r", info("+CHTTPSRECV: LEN,0"));
    await dte.command("AT+CHTTPSCLSE\r", OK + framed("+CHTTPSCLSE: 0"));
    await dte.command("AT+CHTTPSCLSE\r", ERROR);
    await dte.command("AT+CHTTPSSTOP\r", OK);
    await dte.command("AT+CHTTPSSTOP\r", ERROR);
  });

  test.each([
    ['+CHTTPSOPSE="www.example.com",443', "before the start"],
    ["+CHTTPSSEND=5", "without a session"],
    ["+CHTTPSSEND", "without a session"],
    ["+CHTTPSRECV", "without a session"],
    ["+CHTTPSCLSE", "without a session"],
    ["+CHTTPSSEND=4097", "too long"],
    ["+CSSLCFG=1", "unknown"],
  ])("AT%s %s is an error", async (command) => {
    const { dte } = await secured();
    await dte.command(`AT${command}\r`, ERROR);
  });

  test("a server that speaks no TLS, or hangs, or is not there, is an error", async () => {
    const server = await handServer();
    const { dte, recording } = await socketModem({ server: server.local });
    await dte.command("AT+CHTTPSSTART\r", OK);
    dte.send('AT+CHTTPSOPSE="www.example.com",443\r');
    const peer = await server.accept();
    await peer.write("220 I am a mail server\r\n", server.signal);
    await dte.expect(ERROR);
    recording.unanswered = true;
    dte.send('AT+CHTTPSOPSE="www.example.com",443\r');
    await dte.expect(ERROR, { within: 120_000 });
    recording.unanswered = false;
    server.close();
    await dte.command('AT+CHTTPSOPSE="www.example.com",443\r', ERROR);
    expect(await recording.allClosed(AbortSignal.timeout(5000))).toBe(true);
  });

  test("a reset of the module ends the session", async () => {
    const { dte, modem, recording } = await secured();
    await dte.command("AT+CHTTPSSTART\r", OK);
    await dte.command('AT+CHTTPSOPSE="www.example.com",443\r', OK + framed("+CHTTPSOPSE: 0"));
    await modem.reset();
    expect(await recording.allClosed(AbortSignal.timeout(5000))).toBe(true);
  });

  test("the loss of the network is the peer's end", async () => {
    const parts = await secured();
    await parts.dte.command("AT+CHTTPSSTART\r", OK);
    await parts.dte.command('AT+CHTTPSOPSE="www.example.com",443\r', OK + framed("+CHTTPSOPSE: 0"));
    parts.modem.module.radio.move({ registration: "none" });
    await parts.dte.expect(framed("+CHTTPSNOTIFY: PEER CLOSED"));
  });
});

describe("certificates", () => {
  test("are kept in the EFS, listed and removed", async () => {
    const { dte } = await secured();
    await download({ dte }, "ca.pem", TEST_CERTIFICATE.certificate);
    await download({ dte }, "key.der", "\x00\x1a\x03");
    await dte.command("AT+CCERTLIST\r", info('+CCERTLIST: "ca.pem"', '+CCERTLIST: "key.der"'));
    await dte.command('AT+CCERTDELE="key.der"\r', OK);
    await dte.command('AT+CCERTDELE="key.der"\r', ERROR);
    await dte.command('AT+CSSLCA=0,"other.pem"\r', ERROR);
    await dte.command('AT+CCERTDOWN="ca.txt",3\r', ERROR);
  });

  test("a server is checked against loaded authorities only", async () => {
    const { dte, certificate } = await secured();
    const opened = OK + framed("+CHTTPSOPSE: 0");
    await dte.command("AT+CHTTPSSTART\r", OK);
    await download({ dte }, "other.pem", TEST_CERTIFICATE.certificate);
    await dte.command('AT+CSSLCA=0,"other.pem"\r', OK);
    await dte.command('AT+CHTTPSOPSE="any.name",443\r', ERROR);
    await download({ dte }, "ca.pem", certificate.certificate);
    await dte.command('AT+CSSLCA=0,"ca.pem"\r', OK);
    await dte.command('AT+CHTTPSOPSE="any.name",443\r', opened);
  });
});
