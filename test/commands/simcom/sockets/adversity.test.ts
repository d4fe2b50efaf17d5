import { describe, expect, test } from "vitest";
import { ServiceError } from "../../../../src/platform/network/service-error.ts";
import { ERROR, framed, info, OK } from "../../../support/framing.ts";
import { turns, until } from "../../../support/loopback.ts";
import { handServer, openLink, openNetwork, type SocketModem, socketModem } from "../../../support/socket-modem.ts";

const PROMPT = "\r\n>";
/** More than the kernel keeps on both sides of a loopback connection. */
const KERNEL = 32 * 1024 * 1024;

async function connected() {
  const server = await handServer();
  const parts = await socketModem({ server: server.local });
  await openNetwork(parts);
  const peer = await openLink(parts, server);
  return { ...parts, server, peer };
}

type Connected = Awaited<ReturnType<typeof connected>>;

const lose = ({ modem }: SocketModem) => modem.module.radio.move({ registration: "none" });
const RESET = new ServiceError("RESET", "by the test");

/** How a link comes to be in the middle of something. */
const STEPS: Readonly<Record<string, (parts: Connected) => Promise<void>>> = {
  idle: async () => undefined,
  "a prompt": ({ dte }) => dte.command("AT+CIPSEND=0,5\r", PROMPT),
  "half of the data": async ({ dte }) => {
    await dte.command("AT+CIPSEND=0,5\r", PROMPT);
    dte.send("ab");
  },
  "unread data": async ({ dte, peer, server }) => {
    await dte.command("AT+CIPSRIP=0;+CIPHEAD=0;+CIPRXGET=1\r", OK);
    await peer.write("unread", server.signal);
    await dte.expect(framed("+CIPRXGET: 1,0"));
  },
};

/** What goes wrong then, and what the host sees of it after it has completed its data. */
const MISHAPS: Readonly<Record<string, { cause(parts: Connected): void; told: string; taken: number }>> = {
  "the peer ends": { cause: ({ peer }) => peer.close(), told: framed("+IPCLOSE: 0,1"), taken: -1 },
  "the peer resets": { cause: ({ peer }) => peer.close(RESET), told: framed("+IPCLOSE: 0,3"), taken: -1 },
  "the network is lost": { cause: lose, told: framed("+CIPEVENT: NETWORK CLOSED UNEXPECTEDLY"), taken: -1 },
};

describe.each(Object.entries(STEPS))("with %s", (step, reach) => {
  test.each(Object.entries(MISHAPS))("%s", async (_, { cause, told, taken }) => {
    const parts = await connected();
    const { dte, modem, recording } = parts;
    await reach(parts);
    cause(parts);
    const isEntering = modem.snapshot().host.phase === "entry";
    if (isEntering) {
      await until(() => modem.snapshot().sockets[0]?.state !== "open");
      await dte.expectNothing();
      await dte.command(step === "a prompt" ? "abcde" : "cde", OK + framed(`+CIPSEND: 0,5,${taken}`) + told);
    } else {
      await dte.expect(told);
    }
    expect(await recording.allClosed(AbortSignal.timeout(5000))).toBe(true);
    await dte.command("AT\r", OK);
  });

  test("a reset of the module leaves nothing open", async () => {
    const parts = await connected();
    const { dte, modem, host, recording, clock } = parts;
    await reach(parts);
    await modem.reset();
    expect(await recording.allClosed(AbortSignal.timeout(5000))).toBe(true);
    await until(() => clock.pendingAlarms === 0, "no alarm to be left");
    host.take();
    await dte.command("ATE0\r", `ATE0\r${OK}`);
    await dte.command("AT+NETOPEN?\r", info("+NETOPEN: 0,0"));
    await dte.command("AT+CIPCLOSE?\r", info("+CIPCLOSE: 0,0,0,0,0,0,0,0,0,0"));
  });

  test("a host that goes away drops what it has begun, and the link lives on", async () => {
    const parts = await connected();
    const { dte, host, modem } = parts;
    await reach(parts);
    host.close();
    await turns(20);
    host.open?.();
    expect(modem.snapshot().sockets[0]?.state).toBe("open");
    dte.take();
    await dte.command("AT+CIPSEND=0,2\r", PROMPT);
    await dte.command("hi", `${OK}${framed("+CIPSEND: 0,2,2")}`);
  });
});

describe("opening", () => {
  test.each([
    ["x.invalid", 11],
    ["server.example", 1],
  ])("%s: +CIPOPEN tells what is wrong", async (name, err) => {
    const server = await handServer();
    const { dte } = await socketModem({ server: server.local });
    server.close();
    await openNetwork({ dte });
    await dte.command(`AT+CIPOPEN=0,"TCP","${name}",80\r`, OK + framed(`+CIPOPEN: 0,${err}`));
    await dte.command("AT+CIPCLOSE?\r", info("+CIPCLOSE: 0,0,0,0,0,0,0,0,0,0"));
  });

  test("nobody answers: 10 after the time of CIPTIMEOUT, busy until then", async () => {
    const { dte, recording } = await socketModem();
    recording.unanswered = true;
    await openNetwork({ dte });
    await dte.command("AT+CIPTIMEOUT=,5000\r", OK);
    await dte.command('AT+CIPOPEN=0,"TCP","192.0.2.1",80\r', OK);
    await dte.expectNothing(4000);
    await dte.command('AT+CIPOPEN=0,"TCP","192.0.2.1",80\r', framed("+CIPOPEN: 0,8") + ERROR);
    await dte.expect(framed("+CIPOPEN: 0,10"), { within: 1000 });
  });

  test("CIPCLOSE gives it up, and no outcome comes", async () => {
    const { dte, recording } = await socketModem();
    recording.unanswered = true;
    await openNetwork({ dte });
    await dte.command('AT+CIPOPEN=0,"TCP","192.0.2.1",80\r', OK);
    await dte.command("AT+CIPCLOSE=0\r", OK + framed("+CIPCLOSE: 0,0"));
    await dte.expectNothing(200_000);
  });

  test("after the network was lost the host closes, and opens again", async () => {
    const parts = await connected();
    const { dte, modem } = parts;
    lose(parts);
    await dte.expect(framed("+CIPEVENT: NETWORK CLOSED UNEXPECTEDLY"));
    modem.module.radio.move({ registration: "home" });
    await dte.command("AT+CIPSEND=0,1\r", framed("+CIPERROR: 4") + ERROR);
    await dte.command("AT+CIPCLOSE=0\r", OK + framed("+CIPCLOSE: 0,0"));
    await dte.command("AT+NETCLOSE\r", OK + framed("+NETCLOSE: 0"));
    await openNetwork(parts);
    await openLink(parts, parts.server);
  });
});

describe("backpressure", () => {
  test.each([
    ["manual", "AT+CIPRXGET=1;+CIPHEAD=0;+CIPSRIP=0\r"],
    ["automatic", "AT\r"],
  ])("a host that does not read shuts the window: %s", async (_, mode) => {
    const { dte, host, peer, modem } = await connected();
    await dte.command(mode, OK);
    host.pause();
    const block = Buffer.alloc(64 * 1024, "x");
    let sent = 0;
    const ended = new AbortController();
    const sending = (async () => {
      for (; sent < 2 * KERNEL; sent += block.length) await peer.write(block, ended.signal);
    })().catch(() => undefined);
    await turns(3000);
    const before = sent;
    await turns(3000);
    expect(sent).toBe(before);
    expect(sent).toBeLessThan(KERNEL);
    expect(modem.snapshot().sockets[0]?.received).toBeLessThan(1024 * 1024);
    ended.abort(new Error("enough"));
    await sending;
    host.resume();
  });

  test("a peer that does not read: 0 bytes taken, then +IPCLOSE: 0,2 in time", async () => {
    const { dte, clock } = await connected();
    await dte.command("AT+CIPTIMEOUT=,,5000\r", OK);
    const data = "x".repeat(1500);
    let taken = 1500;
    for (let packet = 0; packet < KERNEL / 1500 && taken > 0; packet++) {
      await dte.command("AT+CIPSEND=0,1500\r", PROMPT);
      dte.send(data);
      await dte.expect(`${OK}\r\n+CIPSEND: 0,1500,`);
      let rest = "";
      await until(() => {
        rest += dte.take();
        return rest.endsWith("\r\n");
      });
      taken = Number.parseInt(rest, 10);
    }
    expect(taken).toBe(0);
    await clock.advance(5000);
    await dte.expect(framed("+IPCLOSE: 0,2"));
  });
});
