import { describe, expect, test } from "vitest";
import { EXPIRED_CERTIFICATE, TEST_CERTIFICATE } from "../../../support/certificate.ts";
import { ERROR, framed, info, OK } from "../../../support/framing.ts";
import { freePort } from "../../../support/free-port.ts";
import { type HostilePlan, hostileServer } from "../../../support/hostile-tls.ts";
import { type SocketModem, socketModem } from "../../../support/socket-modem.ts";

const PROMPT = "\r\n>";
const PATIENCE = 120_000;

/** How each service is started, how it connects, and what it says of the outcome. */
const SERVICES = {
  CHTTPS: {
    start: ["AT+CHTTPSSTART\r", OK],
    open: 'AT+CHTTPSOPSE="server.example",443\r',
    outcome: (code: number) => (code === 0 ? OK + framed("+CHTTPSOPSE: 0") : ERROR),
  },
  CCH: {
    start: ["AT+CCHSET=0,1;+CCHSTART\r", OK + framed("+CCHSTART: 0")],
    open: 'AT+CCHOPEN=0,"server.example",443\r',
    outcome: (code: number) => OK + framed(`+CCHOPEN: 0,${code}`),
  },
  CFTPS: {
    start: ["AT+CFTPSSTART\r", OK + framed("+CFTPSSTART: 0")],
    open: 'AT+CFTPSLOGIN="server.example",990,"me","secret",3\r',
    outcome: (code: number) => OK + framed(`+CFTPSLOGIN: ${code}`),
  },
} as const;

type Service = keyof typeof SERVICES;
const NAMES = Object.keys(SERVICES) as Service[];

/** Code 9 of the channels is 10 of FTPS (module.md 2.2, 2.3). */
const codeOf = (service: Service, code: number) => (service === "CFTPS" && code === 9 ? 10 : code);

async function started(service: Service, server: { readonly host: string; readonly port: number }) {
  const parts = await socketModem({ server });
  const [command, answer] = SERVICES[service].start;
  await parts.dte.command(command, answer);
  return parts;
}

async function trust({ dte }: SocketModem, certificate: string): Promise<void> {
  await dte.command(`AT+CCERTDOWN="ca.pem",${certificate.length}\r`, PROMPT);
  await dte.command(certificate, OK);
  await dte.command('AT+CSSLCA=0,"ca.pem"\r', OK);
}

/** Connects, and takes exactly this outcome; nothing is left of an attempt that failed. */
async function opens(service: Service, parts: SocketModem, code: number, within = 0): Promise<void> {
  parts.dte.send(SERVICES[service].open);
  await parts.dte.expect(SERVICES[service].outcome(codeOf(service, code)), { within });
  await parts.dte.command("AT\r", OK);
  if (code !== 0) expect(await parts.recording.allClosed(AbortSignal.timeout(5000))).toBe(true);
}

describe.each(NAMES)("%s: a server that cannot be reached", (service) => {
  test("refuses", async () => {
    await opens(service, await started(service, { host: "127.0.0.1", port: await freePort() }), 9);
  });

  test("does not answer", async () => {
    const parts = await started(service, { host: "127.0.0.1", port: 1 });
    parts.recording.unanswered = true;
    await opens(service, parts, 5, PATIENCE);
  });

  test("has no address", async () => {
    const parts = await socketModem({});
    const [command, answer] = SERVICES[service].start;
    await parts.dte.command(command, answer);
    parts.dte.send(SERVICES[service].open.replace("server.example", "no..name"));
    await parts.dte.expect(SERVICES[service].outcome(codeOf(service, 9)));
  });
});

describe.each(NAMES)("%s: the handshake", (service) => {
  test.each([
    ["handshake", "reset", 4, 0],
    ["handshake", "silence", 5, PATIENCE],
    ["handshake", "garbage", 1, 0],
    ["handshake", "cut", 4, 0],
    ["hello", "reset", 4, 0],
    ["hello", "silence", 5, PATIENCE],
    ["hello", "garbage", 1, 0],
    ["hello", "cut", 4, 0],
  ] as const)("at %s, %s: %i", async (at, mishap, code, within) => {
    const server = await hostileServer({ ...TEST_CERTIFICATE, at, mishap });
    await opens(service, await started(service, server), code, within);
  });

  test.each([
    ["a certificate of another authority", TEST_CERTIFICATE, EXPIRED_CERTIFICATE.certificate],
    ["an expired certificate", EXPIRED_CERTIFICATE, EXPIRED_CERTIFICATE.certificate],
  ])("%s is refused where an authority is loaded", async (_, own, authority) => {
    const parts = await started(service, await hostileServer(own));
    await trust(parts, authority);
    await opens(service, parts, 1);
  });
});

test.each(["CHTTPS", "CCH"] as const)(
  "%s: without an authority even an expired certificate is taken",
  async (service) => {
    await opens(service, await started(service, await hostileServer(EXPIRED_CERTIFICATE)), 0);
  },
);

/** A session with a server that follows a plan. */
async function session(service: "CHTTPS" | "CCH", plan: Omit<HostilePlan, "key" | "certificate">) {
  const parts = await started(service, await hostileServer({ ...TEST_CERTIFICATE, ...plan }));
  parts.dte.send(SERVICES[service].open);
  await parts.dte.expect(SERVICES[service].outcome(0));
  return parts;
}

describe("CHTTPS: a session", () => {
  const CLOSED = framed("+CHTTPSNOTIFY: PEER CLOSED");
  const EVENT = framed("+CHTTPS: RECV EVENT");

  async function request({ dte }: SocketModem, code: number): Promise<void> {
    await dte.command("AT+CHTTPSSEND=4\r", PROMPT);
    await dte.command("GET ", OK);
    await dte.command("AT+CHTTPSSEND\r", OK + framed(`+CHTTPSSEND: ${code}`));
  }

  test.each(["reset", "garbage", "cut"] as const)(
    "request, %s: the end is told, and nothing can be sent",
    async (mishap) => {
      const { dte } = await session("CHTTPS", { at: "request", mishap });
      await dte.expect(CLOSED);
      await dte.command("AT+CHTTPSSEND=4\r", ERROR);
      await dte.command("AT+CHTTPSSEND\r", OK + framed("+CHTTPSSEND: 3"));
      await dte.command("AT+CHTTPSRECV?\r", info("+CHTTPSRECV: LEN,0"));
      await dte.command("AT+CHTTPSCLSE\r", OK + framed("+CHTTPSCLSE: 0"));
    },
  );

  test("request, silence: it is sent, and the session waits for as long as the host does", async () => {
    const parts = await session("CHTTPS", { at: "request", mishap: "silence", answer: "" });
    await request(parts, 0);
    await parts.dte.expectNothing(600_000);
    await parts.dte.command("AT+CHTTPSSTATE\r", info("+CHTTPSSTATE: 7"));
  });

  test.each(["reset", "garbage", "cut"] as const)("response, %s: what had come can be read", async (mishap) => {
    const parts = await session("CHTTPS", { at: "response", mishap });
    await request(parts, 0);
    await parts.dte.expect(EVENT + CLOSED);
    const packet = "\r\n+CHTTPSRECV: DATA,5\r\nhello";
    await parts.dte.command("AT+CHTTPSRECV\r", OK + packet + framed("+CHTTPSRECV: 0"));
  });

  test.each(["silence", undefined] as const)("close, with a server that answers it with %s", async (mishap) => {
    const parts = await session("CHTTPS", mishap === undefined ? {} : { mishap });
    await parts.dte.command("AT+CHTTPSCLSE\r", OK + framed("+CHTTPSCLSE: 0"));
    await parts.clock.advance(PATIENCE);
    expect(await parts.recording.allClosed(AbortSignal.timeout(5000))).toBe(true);
    await parts.dte.expectNothing();
  });
});

describe("CCH: a session", () => {
  const CLOSED = framed("+CCH_PEER_CLOSED: 0");
  const EVENT = framed("+CCHEVENT: 0,RECV EVENT");

  test.each(["reset", "garbage", "cut"] as const)(
    "request, %s: the end is told, and nothing can be sent",
    async (mishap) => {
      const { dte } = await session("CCH", { at: "request", mishap });
      await dte.expect(CLOSED);
      await dte.command("AT+CCHSEND=0,4\r", ERROR);
      await dte.command("AT+CCHRECV=0\r", OK + framed("+CCHRECV:0, 0"));
      await dte.command("AT+CCHCLOSE=0\r", OK + framed("+CCHCLOSE: 0,0"));
    },
  );

  test.each(["reset", "garbage", "cut"] as const)("response, %s: what had come can be read", async (mishap) => {
    const { dte } = await session("CCH", { at: "response", mishap });
    await dte.command("AT+CCHSEND=0,4\r", PROMPT);
    await dte.command("GET ", OK + EVENT + CLOSED);
    await dte.command("AT+CCHRECV=0\r", `${OK}\r\n+CCHRECV: DATA,0,5\r\nhello${framed("+CCHRECV:0, 0")}`);
  });

  test.each(["silence", undefined] as const)("close, with a server that answers it with %s", async (mishap) => {
    const parts = await session("CCH", mishap === undefined ? {} : { mishap });
    await parts.dte.command("AT+CCHCLOSE=0\r", OK + framed("+CCHCLOSE: 0,0"));
    await parts.clock.advance(PATIENCE);
    expect(await parts.recording.allClosed(AbortSignal.timeout(5000))).toBe(true);
  });
});
