import { getEventListeners } from "node:events";
import { afterEach, describe, expect, test } from "vitest";
import { VirtualClock } from "../../../src/platform/time/virtual-clock.ts";
import { openSmtpSession } from "../../../src/protocols/smtp/session.ts";
import { type ScriptedPeer, ScriptedServer } from "../../support/scripted-server.ts";
import { messageOf, smtpPorts } from "../../support/smtp-client.ts";

/** A dialogue without fault: at each step what the client says, and what a good server answers. */
const STEPS = [
  ["GREETING", undefined, "220 hi"],
  ["EHLO", /^EHLO \[127\.0\.0\.1\]$/, "250-me\r\n250-AUTH PLAIN\r\n250 8BITMIME"],
  ["AUTH", /^AUTH PLAIN AHUAcA==$/, "235 ok"],
  ["MAIL", /^MAIL FROM:<a@b>$/, "250 ok"],
  ["RCPT", /^RCPT TO:<c@d>$/, "250 ok"],
  ["second RCPT", /^RCPT TO:<e@f>$/, "251 will forward"],
  ["DATA", /^DATA$/, "354 go"],
  ["END", /^\.$/, "250 taken"],
] as const;
type StepName = (typeof STEPS)[number][0];

const opened: ScriptedServer[] = [];
afterEach(async () => {
  for (const server of opened.splice(0)) await server.close();
});

/** A server that is good up to a step, does `fault` there, and then answers whatever comes with 250. */
async function faulty(at: StepName, fault: (peer: ScriptedPeer) => void): Promise<ScriptedServer> {
  const server = await ScriptedServer.start(async (peer) => {
    for (const [name, expected, reply] of STEPS) {
      let line = expected === undefined ? "" : await peer.hear();
      while (name === "END" && line !== undefined && line !== ".") line = await peer.hear();
      if (line === undefined) return;
      if (expected !== undefined) expect(line).toMatch(expected);
      if (name === at) {
        fault(peer);
        break;
      }
      peer.say(`${reply}\r\n`);
    }
    while ((await peer.hear()) !== undefined) peer.say("250 ok\r\n");
  });
  opened.push(server);
  return server;
}

async function sendMail(server: ScriptedServer, signal = AbortSignal.timeout(15_000), clock = new VirtualClock()) {
  const credentials = { user: "u", password: "p" };
  const session = await openSmtpSession(smtpPorts({ clock }), server.address, credentials, signal);
  await session.send({ from: "a@b", recipients: ["c@d", "e@f"] }, messageOf("Subject: x\r\n\r\n", "text\r\n"));
  await session.quit();
}

const names = STEPS.map(([name]) => name);
const closed = { name: "ServiceError", code: "CLOSED" };
const malformed = { name: "ServiceError", code: "REPLY", reply: undefined };

describe.each(names)("at %s", (step) => {
  test.each<[string, (peer: ScriptedPeer) => void, object]>([
    ["a close", (peer) => peer.close(), closed],
    ["half a reply and a close", (peer) => peer.close("25"), closed],
    ["a reply of many lines that stops", (peer) => peer.close("250-a\r\n250-b\r\n"), closed],
    ["garbage", (peer) => peer.say("What?\r\n"), malformed],
    ["binary garbage", (peer) => peer.say("\x00\xff\xfe\r\n"), malformed],
    ["an impossible code", (peer) => peer.say("999 x\r\n"), malformed],
    ["a reply without end", (peer) => peer.say("250-x\r\n".repeat(1000)), malformed],
    ["a line without end", (peer) => peer.say("250 ".padEnd(10_000, "x")), malformed],
    ["a reply of two codes", (peer) => peer.say("250-a\r\n251 b\r\n"), malformed],
    ["a reply from nowhere", (peer) => peer.say(step === "DATA" ? "250 ok\r\n" : "354 go\r\n"), malformed],
  ])("%s ends it with the right error, and nothing is left", async (_, fault, error) => {
    const server = await faulty(step, fault);
    const clock = new VirtualClock();
    const signal = AbortSignal.timeout(15_000);
    await expect(sendMail(server, signal, clock)).rejects.toMatchObject(error);
    await server.abandoned();
    expect(getEventListeners(signal, "abort")).toHaveLength(0);
    expect(server.heard).not.toContain("QUIT");
    expect(clock.pendingAlarms).toBe(0);
  });

  test("a broken connection is RESET", async () => {
    const server = await faulty(step, (peer) => peer.reset());
    await expect(sendMail(server)).rejects.toMatchObject({ code: "RESET" });
  });

  test("421 ends it with that code, and without QUIT", async () => {
    const server = await faulty(step, (peer) => peer.close("421 shutting down\r\n"));
    await expect(sendMail(server)).rejects.toMatchObject({ code: "REPLY", reply: 421 });
    await server.abandoned();
    expect(server.heard).not.toContain("QUIT");
  });

  // EHLO refused for good is not the end: HELO follows, and then AUTH is missing.
  const refusals = step === "EHLO" ? [451] : [451, 550];
  test.each(refusals)("%d ends it with that code, politely", async (reply) => {
    const server = await faulty(step, (peer) => peer.say(`${reply}-no\r\n${reply} really\r\n`));
    await expect(sendMail(server)).rejects.toMatchObject({ code: "REPLY", reply, verb: step.replace("second ", "") });
    await server.abandoned();
    const inSend = ["MAIL", "RCPT", "second RCPT", "DATA", "END"].includes(step);
    expect(server.heard.slice(inSend ? -2 : -1)).toEqual(inSend ? ["RSET", "QUIT"] : ["QUIT"]);
  });

  test("silence is TIMEOUT, not before its time", async () => {
    const clock = new VirtualClock();
    let fell = (): void => undefined;
    const silent = new Promise<void>((resolve) => {
      fell = resolve;
    });
    const server = await faulty(step, () => fell());
    let failed = false;
    const sending = sendMail(server, AbortSignal.timeout(15_000), clock).catch((error) => {
      failed = true;
      return error;
    });
    await silent;
    const period = step === "END" ? 120_000 : 60_000;
    await clock.advance(period - 1);
    expect(failed).toBe(false);
    await clock.advance(2);
    expect(await sending).toMatchObject({ name: "ServiceError", code: "TIMEOUT" });
    await server.abandoned();
    expect(clock.pendingAlarms).toBe(0);
  });

  test("an abort drops the connection and is thrown", async () => {
    const clock = new VirtualClock();
    const stop = new AbortController();
    const server = await faulty(step, () => stop.abort(new Error("stopped")));
    await expect(sendMail(server, stop.signal, clock)).rejects.toThrow("stopped");
    await server.abandoned();
    expect(clock.pendingAlarms).toBe(0);
  });
});

test("the dialogue without fault succeeds", async () => {
  const server = await faulty("END", (peer) => peer.say("250 taken\r\n"));
  await sendMail(server);
  expect(server.heard.slice(-6)).toEqual(["DATA", "Subject: x", "", "text", ".", "QUIT"]);
});

test.each([
  ["nothing", (_: ScriptedPeer) => undefined],
  ["a close", (peer: ScriptedPeer) => peer.close()],
  ["garbage", (peer: ScriptedPeer) => peer.say("?\r\n")],
  ["a refusal", (peer: ScriptedPeer) => peer.say("500 no\r\n")],
])("QUIT answered by %s makes no failure of a mail that was taken", async (_, answer) => {
  const clock = new VirtualClock();
  let asked = (): void => undefined;
  const quitHeard = new Promise<void>((resolve) => {
    asked = resolve;
  });
  const server = await ScriptedServer.start(async (peer) => {
    for (const [name, , reply] of STEPS) {
      let line = name === "GREETING" ? "" : await peer.hear();
      while (name === "END" && line !== ".") line = await peer.hear();
      peer.say(`${reply}\r\n`);
    }
    await peer.hear();
    answer(peer);
    asked();
  });
  opened.push(server);
  const sending = sendMail(server, AbortSignal.timeout(15_000), clock);
  await quitHeard;
  await clock.advance(5_001);
  await sending;
  expect(clock.pendingAlarms).toBe(0);
});

test("an abort between open and send drops the connection too", async () => {
  const server = await faulty("END", () => undefined);
  const stop = new AbortController();
  const session = await openSmtpSession(smtpPorts(), server.address, { user: "u", password: "p" }, stop.signal);
  stop.abort(new Error("stopped"));
  await server.abandoned();
  await expect(session.send({ from: "a@b", recipients: ["c@d"] }, messageOf("x"))).rejects.toThrow("stopped");
});
