import { describe, expect, onTestFinished, test } from "vitest";
import { Rig } from "../../src/rig/rig.ts";
import type { RigStart } from "../../src/rig/rig-start.ts";
import { info, framed as lines, OK } from "../support/framing.ts";
import { until } from "../support/loopback.ts";
import { PtyDialogue } from "../support/pty-dialogue.ts";
import { ScriptedServer } from "../support/scripted-server.ts";
import { SMTP_STEPS, type SmtpStepName, smtpServer } from "../support/smtp-script.ts";

/** A modem on a real pty whose clock stands still until a test moves it, and a host that has the pty open. */
async function onPty(options: RigStart = {}) {
  const rig = await Rig.start({ time: "manual", seed: 7, journal: true, ...options });
  onTestFinished(() => rig.close());
  const host = new PtyDialogue(rig.modem("m1").port);
  await host.command("ATE0+CMEE=1\r", `ATE0+CMEE=1\r${OK}`);
  /** All that has come by the end of so much time. */
  const lapse = async (ms: number) => {
    await rig.advance(ms);
    return host.takeWhatCame();
  };
  return { rig, host, lapse };
}

const STARTED = lines("+SMTP: OK") + OK;
const FAILED = lines("+SMTP: SERVER ERROR");

/** How long the module waits for each step of a mail, and what the host sees by then and at the end of it. */
const STEPS: Readonly<Record<SmtpStepName, readonly [ms: number, before: string, answer: string]>> = {
  GREETING: [60_000, "", FAILED + lines("ERROR")],
  EHLO: [60_000, "", FAILED + lines("ERROR")],
  AUTH: [60_000, "", FAILED + lines("ERROR")],
  MAIL: [60_000, STARTED, FAILED],
  RCPT: [60_000, STARTED, FAILED],
  DATA: [60_000, STARTED, FAILED],
  END: [120_000, STARTED, FAILED],
};

describe("a server that falls silent, on a real pty, with real sockets, without waiting", () => {
  test("each step of a mail has its time-out, to the millisecond", async () => {
    const { rig, host, lapse } = await onPty();
    let took = Number.POSITIVE_INFINITY;
    // A busy machine gets two more attempts.
    for (let attempt = 1; took > 2000 && attempt <= 3; attempt++) took = await waitForEach(rig, host, lapse);
    process.stdout.write(`the time-outs of SMTP took ${Math.round(took)} ms\n`);
    expect(took).toBeLessThan(2000);
  });

  /** Sends a mail for each step at which its server falls silent, and gives how long that took in real milliseconds. */
  async function waitForEach(rig: Rig, host: PtyDialogue, lapse: (ms: number) => Promise<string>): Promise<number> {
    const begin = performance.now();
    for (const step of SMTP_STEPS) {
      const [ms, before, answer] = STEPS[step];
      const { server, reached } = await smtpServer(step);
      const { host: name, port } = server.address;
      const draft = `AT+SMTPSRV="${name}",${port};+SMTPAUTH=1,"u","p";+SMTPFROM="a@a.example";+SMTPRCPT=0,0,"b@b.example"\r`;
      await host.command(draft, OK);
      await host.send("AT+SMTPSEND\r");
      await until(reached);
      expect([step, await lapse(ms - 1)]).toEqual([step, before]);
      expect([step, await lapse(1)]).toEqual([step, answer]);
      await rig.modem("m1").reset();
      await host.command("ATE0\r", `ATE0\r${OK}`);
    }
    return performance.now() - begin;
  }

  test("a connection that nobody takes is given up after 120 s", async () => {
    const { rig, host, lapse } = await onPty({ fault: { kind: "connect_timeout" } });
    await host.command('AT+SMTPSRV="127.0.0.1",9;+SMTPFROM="a@a.example";+SMTPRCPT=0,0,"b@b.example"\r', OK);
    await host.send("AT+SMTPSEND\r");
    await rig.expect({ type: "command", name: "+SMTPSEND" });
    expect(await lapse(119_999)).toBe("");
    expect(await lapse(1)).toBe(lines("+SMTP: NETWORK ERROR") + lines("ERROR"));
  });

  test.each([
    ["POP3", (at: Address) => `AT+POP3SRV="${at.host}","u","p",${at.port};+POP3IN`, 60_000, "\r\n+POP3: "],
    [
      "FTP",
      (at: Address) => `AT+CFTPSERV="${at.host}";+CFTPPORT=${at.port};+CFTPUN="u";+CFTPPW="p";+CFTPGETFILE="/a",0`,
      60_000,
      `${OK}\r\n+CFTPGETFILE: 204\r\n`,
    ],
  ] as const)("%s", async (_, command, ms, answer) => {
    const server = await ScriptedServer.start(async (peer) => void (await peer.hear()));
    onTestFinished(() => server.close());
    const { rig, host, lapse } = await onPty();
    await host.send(`${command(server.address)}\r`);
    await rig.expect({ type: "connection", phase: "open" });
    const before = await lapse(ms - 1);
    expect(`${before}${await lapse(1)}`).toContain(answer);
    expect(answer.startsWith(before)).toBe(true);
  });

  test("HTTP: no byte for 60 s", async () => {
    const server = await ScriptedServer.start(async (peer) => void (await peer.hear()));
    onTestFinished(() => server.close());
    const { rig, host, lapse } = await onPty();
    await host.send(`AT+CHTTPACT="${server.address.host}",${server.address.port}\r`);
    await host.expect("\r\n+CHTTPACT: REQUEST\r\n");
    await host.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n\x1a");
    await rig.expect({ type: "entry", phase: "end" });
    const before = await lapse(59_999);
    expect(before.endsWith(OK)).toBe(true);
    expect(await lapse(1)).toBe("\r\n+CHTTPACT: 223\r\n");
  });
});

interface Address {
  readonly host: string;
  readonly port: number;
}

test("a packet gap, a chunk's gap, a report and a fault's time wait for the clock", async () => {
  const { rig, host, lapse } = await onPty({
    sandbox: true,
    modems: [{ identity: "sim5320", packetGap: 700 }],
    fault: { kind: "busy", command: "+CSQ", code: 14, for: 30_000 },
  });
  await host.command("AT+CSQ\r", lines("+CME ERROR: 14"));
  await lapse(29_998);
  await host.command("AT+CSQ\r", lines("+CME ERROR: 14"));
  await lapse(2);
  await host.command("AT+CSQ\r", info("+CSQ: 22,0"));
  await host.command("AT+CGPSHOT;+CGPSINFO=5\r", OK);
  expect(await lapse(4999)).toBe("");
  expect(await lapse(1)).toContain("+CGPSINFO:");
  await host.command("AT+CGPSINFO=0\r", OK);
  rig.faults.add({ kind: "chunk", direction: "out", size: 4, gap: 1000 });
  await host.send("AT\r");
  await host.expect("\r\nOK");
  expect(await lapse(999)).toBe("");
  expect(await lapse(1)).toBe("\r\n");
});

test("a host and a server that take real time are not disturbed, and the clock stands still", async () => {
  const pause = () => new Promise((resolve) => setTimeout(resolve, 150));
  const { server } = await smtpServer();
  const slow = await ScriptedServer.start(async (peer) => {
    await pause();
    peer.say("+OK hi\r\n");
    for (let line = await peer.hear(); line !== undefined; line = await peer.hear()) {
      await pause();
      peer.say("+OK\r\n");
    }
  });
  onTestFinished(() => slow.close());
  const { rig, host } = await onPty();
  const before = rig.clock.now();
  await host.send("AT+SMTPBODY\r");
  await host.expect("\r\n>> ");
  for (const piece of ["Hel", "lo\x1a"]) {
    await pause();
    await host.send(piece);
  }
  await host.expect(OK);
  const { host: name, port } = server.address;
  await host.command(`AT+SMTPSRV="${name}",${port};+SMTPFROM="a@a.example";+SMTPRCPT=0,0,"b@b.example"\r`, OK);
  await host.send("AT+SMTPSEND\r");
  await host.expect(`${STARTED}${lines("+SMTP: SUCCESS")}`);
  await host.send(`AT+POP3SRV="${slow.address.host}","u","p",${slow.address.port};+POP3IN\r`);
  await host.expect(lines("+POP3: SUCCESS") + OK);
  expect(rig.clock.now()).toBe(before);
});

test("the boot and a delay wait for the clock", async () => {
  const rig = await Rig.open({ time: "manual", journal: true, modems: [{ bootTime: 5000, identity: "sim5320" }] });
  onTestFinished(() => rig.close());
  const host = new PtyDialogue(rig.modem("m1").port);
  await rig.advance(4999);
  expect(rig.ready).toBe(false);
  await rig.advance(1);
  expect(rig.ready).toBe(true);
  await rig.advance(60_000);
  host.takeWhatCame();
  rig.faults.add({ kind: "delay", command: "+CSQ", ms: 3000 });
  await host.send("ATE0+CSQ\r");
  await rig.expect({ type: "command", name: "+CSQ" });
  await rig.advance(2999);
  expect(host.takeWhatCame()).not.toContain("+CSQ: ");
  await rig.advance(1);
  expect(host.takeWhatCame()).toContain(info("+CSQ: 22,0"));
});

test("a whole download over real sockets ends before the advance that began it returns", async () => {
  const { rig, host, lapse } = await onPty({ sandbox: true });
  await rig.sandbox?.ftp.files.put("big.bin", Buffer.alloc(200_000, "x"));
  await host.command('AT+CFTPSERV="ftp";+CFTPUN="u";+CFTPPW="p";+CFTPMODE=1\r', OK);
  await host.send('AT+CFTPGETFILE="/big.bin",0\r');
  await rig.expect({ type: "command", name: "+CFTPGETFILE" });
  expect(await lapse(1)).toBe(`${OK}\r\n+CFTPGETFILE: 0\r\n`);
  expect((await rig.modem("m1").efs.stat("C:/big.bin")).size).toBe(200_000);
});
