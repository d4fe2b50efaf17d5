import { describe, expect, test } from "vitest";
import type { Network } from "../../../src/platform/network/network.ts";
import { ServiceError, type ServiceErrorCode } from "../../../src/platform/network/service-error.ts";
import { TcpNetwork } from "../../../src/platform/network/tcp-network.ts";
import { RING_PULSE } from "../../support/dte.ts";
import { until } from "../../support/loopback.ts";
import { lines, MailHost } from "../../support/mail-host.ts";
import { NO_DATAGRAMS } from "../../support/no-datagrams.ts";
import type { ScriptedPeer } from "../../support/scripted-server.ts";
import { SMTP_STEPS, type SmtpStepName, smtpServer } from "../../support/smtp-script.ts";

const STARTED = lines("+SMTP: OK", "OK");
const isEarly = (step: SmtpStepName) => SMTP_STEPS.indexOf(step) <= SMTP_STEPS.indexOf("AUTH");
/** All that a failure at a step prints. */
const failure = (step: SmtpStepName, code: string) =>
  isEarly(step) ? lines(`+SMTP: ${code}`, "ERROR") : STARTED + lines(`+SMTP: ${code}`);

type Fault = readonly [name: string, act: (peer: ScriptedPeer) => void, code: string];
const say = (reply: string) => (peer: ScriptedPeer) => peer.say(`${reply}\r\n`);

const FAULTS: readonly Fault[] = [
  ["a close", (peer) => peer.close(), "SERVER ERROR"],
  ["half a reply and a close", (peer) => peer.close("25"), "SERVER ERROR"],
  ["a reset", (peer) => peer.reset(), "NETWORK ERROR"],
  ["garbage", say("What?"), "SERVER ERROR"],
  ["a line without end", (peer) => peer.say("x".repeat(5000)), "SERVER ERROR"],
  ["421", (peer) => peer.close("421 shutting down\r\n"), "SERVER ERROR"],
  ["a 4xx reply", say("451 later"), "SERVER ERROR"],
  ["a 5xx reply", say("554 never"), "SERVER ERROR"],
];

async function draft(address: { host: string; port: number }, flag: 0 | 1, network: Network = new TcpNetwork()) {
  const host = await MailHost.start({ network });
  await host.draft(address);
  if (flag === 1) await host.ok('AT+SMTPAUTH=1,"user","password"');
  return host;
}

/** Sends the draft; what is printed in all must be this, and the draft must still be there. */
async function sendInVain(host: MailHost, answer: string) {
  await host.ok("AT+SMTPSEND", answer);
  await host.ok("AT+SMTPSEND?;+SMTPSUB?", lines("+SMTPSEND: 0", '+SMTPSUB: "Subject"', "OK"));
  await host.ok("AT+SMTPRCPT?", lines('+SMTPRCPT: 0, 0, "to@b.example", "Receiver"', "OK"));
  await host.silence();
  await host.clock.advance(RING_PULSE);
  expect(host.clock.pendingAlarms).toBe(0);
}

describe.each(SMTP_STEPS)("at %s", (step) => {
  test.each(FAULTS)("%s is told with its code, once, and nothing is cleared", async (_, act, code) => {
    const { server } = await smtpServer(step, act);
    await sendInVain(await draft(server.address, 1), failure(step, code));
  });

  test("no reply in time is SERVER ERROR, and not earlier", async () => {
    const { server, reached } = await smtpServer(step);
    const host = await draft(server.address, 1);
    host.send("AT+SMTPSEND\r");
    if (!isEarly(step)) await host.expect(STARTED);
    await until(reached);
    await host.silence();
    const patience = step === "END" ? 120_000 : 60_000;
    await host.clock.advance(patience - 1);
    await host.silence();
    await host.clock.advance(1);
    await host.expect(isEarly(step) ? failure(step, "SERVER ERROR") : lines("+SMTP: SERVER ERROR"));
    await host.silence();
    await server.abandoned();
    await host.clock.advance(RING_PULSE);
    expect(host.clock.pendingAlarms).toBe(0);
  });

  test("530 is SERVER ERROR while the flag is 1", async () => {
    const { server } = await smtpServer(step, say("530 5.7.0 Must issue STARTTLS first"));
    await sendInVain(await draft(server.address, 1), failure(step, "SERVER ERROR"));
  });
});

test.each(SMTP_STEPS.filter((step) => step !== "AUTH"))(
  "530 at %s is AUTH REQUIRED while the flag is 0",
  async (step) => {
    const { server } = await smtpServer(step, say("530 5.7.0 Authentication required"));
    await sendInVain(await draft(server.address, 0), failure(step, "AUTH REQUIRED"));
  },
);

test.each([535, 534, 454])("%d to AUTH is AUTH ERROR", async (reply) => {
  const { server } = await smtpServer("AUTH", say(`${reply} no`));
  await sendInVain(await draft(server.address, 1), lines("+SMTP: AUTH ERROR", "ERROR"));
  expect(server.heard).toContain("QUIT");
});

test.each([535, 534, 454])("%d elsewhere is SERVER ERROR", async (reply) => {
  const { server } = await smtpServer("MAIL", say(`${reply} no`));
  await sendInVain(await draft(server.address, 1), STARTED + lines("+SMTP: SERVER ERROR"));
});

test("a server that offers no AUTH while the flag is 1 is SERVER ERROR", async () => {
  const { server } = await smtpServer("EHLO", say("250 me"));
  await sendInVain(await draft(server.address, 1), lines("+SMTP: SERVER ERROR", "ERROR"));
});

test("one refused recipient of two fails the mail, with RSET and QUIT", async () => {
  let asked = 0;
  const { server } = await smtpServer("RCPT", (peer) =>
    peer.say(++asked === 1 ? "250 ok\r\n" : "550 no such user\r\n"),
  );
  const host = await draft(server.address, 0);
  await host.ok('AT+SMTPRCPT=2,0,"bcc@b.example"');
  await host.ok("AT+SMTPSEND", STARTED + lines("+SMTP: SERVER ERROR"));
  expect(server.heard.slice(-4)).toEqual(["RCPT TO:<to@b.example>", "RCPT TO:<bcc@b.example>", "RSET", "QUIT"]);
});

describe("without a server", () => {
  test("a port where nobody listens is NETWORK ERROR", async () => {
    const { server } = await smtpServer();
    const { address } = server;
    await server.close();
    await sendInVain(await draft(address, 0), lines("+SMTP: NETWORK ERROR", "ERROR"));
  });

  test("a name that does not resolve is NETWORK ERROR", async () => {
    const host = await draft({ host: "no..such..name", port: 25 }, 0);
    await sendInVain(host, lines("+SMTP: NETWORK ERROR", "ERROR"));
  });

  test.each<[ServiceErrorCode]>([["UNREACHABLE"], ["RESET"], ["UNKNOWN"]])("%s is NETWORK ERROR", async (code) => {
    const host = await draft(
      { host: "a", port: 25 },
      0,
      failing(() => Promise.reject(new ServiceError(code, ""))),
    );
    await sendInVain(host, lines("+SMTP: NETWORK ERROR", "ERROR"));
  });

  test("one that does not accept is NETWORK ERROR when its time is up", async () => {
    const network = failing(
      (signal) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
    );
    const host = await draft({ host: "a", port: 25 }, 0, network);
    host.send("AT+SMTPSEND\r");
    await host.silence();
    await host.clock.advance(120_000 - 1);
    await host.silence();
    await host.clock.advance(1);
    await host.expect(lines("+SMTP: NETWORK ERROR", "ERROR"));
    expect(host.clock.pendingAlarms).toBe(0);
  });
});

describe("PARAM ERROR, without the network,", () => {
  test.each(["AT+SMTPSRV", "AT+SMTPFROM", "AT+SMTPRCPT"])("without what %s sets", async (clearing) => {
    const { server } = await smtpServer();
    const host = await draft(server.address, 0);
    await host.ok(clearing);
    await host.ok("AT+SMTPSEND", lines("+SMTP: PARAM ERROR", "ERROR"));
    await host.silence();
    expect(server.heard).toEqual([]);
  });

  test("but not without subject, body and attachment", async () => {
    const { server } = await smtpServer();
    const host = await draft(server.address, 0);
    await host.ok("AT+SMTPSUB;+SMTPFILE");
    await host.ok('AT+SMTPBODY=""');
    await host.ok("AT+SMTPSEND", STARTED + lines("+SMTP: SUCCESS"));
  });
});

function failing(connect: (signal: AbortSignal) => Promise<never>): Network {
  return {
    connect: (_, signal) => connect(signal),
    listen: () => Promise.reject(new Error("nobody listens here")),
    ...NO_DATAGRAMS,
  };
}
