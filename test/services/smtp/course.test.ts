import { rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Network } from "../../../src/platform/network/network.ts";
import { RING_PULSE } from "../../support/dte.ts";
import { turns, until } from "../../support/loopback.ts";
import { lines, MailHost } from "../../support/mail-host.ts";
import { NO_DATAGRAMS } from "../../support/no-datagrams.ts";
import { SMTP_STEPS, smtpServer } from "../../support/smtp-script.ts";

const OK = lines("OK");
const ERROR = lines("ERROR");
const STARTED = lines("+SMTP: OK", "OK");
const SUCCESS = lines("+SMTP: SUCCESS");

/** A network on which nobody ever answers; tells when it was given up. */
function deadNetwork() {
  let state: "unused" | "connecting" | "given up" = "unused";
  const network: Network = {
    connect: (_, signal) =>
      new Promise((_, reject) => {
        state = "connecting";
        signal.addEventListener("abort", () => {
          state = "given up";
          reject(signal.reason);
        });
      }),
    listen: () => Promise.reject(new Error("nobody listens here")),
    ...NO_DATAGRAMS,
  };
  return { network, state: () => state };
}

/** The parts of the draft that a mail consists of, as they are read. */
const CONTENT = "AT+SMTPRCPT?;+SMTPSUB?;+SMTPBODY?;+SMTPFILE?";
const SETTINGS = "AT+SMTPSRV?;+SMTPAUTH?;+SMTPFROM?;+SMTPBCH?";

async function read(host: MailHost, line: string): Promise<string> {
  host.send(`${line}\r`);
  return host.until(OK);
}

async function wholeDraft(address: { host: string; port: number }, network?: Network) {
  const host = await MailHost.start(network === undefined ? {} : { network });
  host.file("C/a.txt", "attached");
  await host.draft(address);
  await host.ok('AT+SMTPAUTH=1,"user","password"');
  await host.ok('AT+SMTPBCH="gb2312"');
  await host.ok('AT+SMTPFILE=1,"a.txt"');
  return host;
}

describe("after success", () => {
  test("recipients, subject, body and attachments are cleared; server, auth, sender and charset stay", async () => {
    const { server } = await smtpServer();
    const host = await wholeDraft(server.address);
    const settings = await read(host, SETTINGS);
    await host.ok("AT+SMTPSEND", STARTED + SUCCESS);
    await host.ok(CONTENT, lines('+SMTPSUB: ""', '+SMTPBODY: ""', "OK"));
    expect(await read(host, SETTINGS)).toBe(settings);
    await host.ok("AT+SMTPSEND", lines("+SMTP: PARAM ERROR", "ERROR"));
  });

  test("the session has ended with QUIT, nothing waits, and the next mail is sent", async () => {
    const { server } = await smtpServer();
    const host = await wholeDraft(server.address);
    await host.ok("AT+SMTPSEND", STARTED + SUCCESS);
    await server.abandoned();
    await host.clock.advance(RING_PULSE);
    expect(host.clock.pendingAlarms).toBe(0);
    expect(server.heard.filter((line) => line === "QUIT")).toHaveLength(1);
    await host.ok('AT+SMTPRCPT=1,0,"cc@b"');
    await host.ok("AT+SMTPSEND", STARTED + SUCCESS);
    expect(server.heard.filter((line) => line.startsWith("RCPT"))).toEqual([
      "RCPT TO:<to@b.example>",
      "RCPT TO:<cc@b>",
    ]);
  });

  test("a refused QUIT makes no failure of it", async () => {
    const { server } = await smtpServer("END", (peer) => peer.close("250 taken\r\n"));
    const host = await wholeDraft(server.address);
    await host.ok("AT+SMTPSEND", STARTED + SUCCESS);
  });
});

test("after failure nothing is cleared, and the same draft is sent by the next AT+SMTPSEND", async () => {
  let spoilt = false;
  const { server } = await smtpServer("END", (peer) => {
    peer.say(spoilt ? "250 taken\r\n" : "451 try again\r\n");
    spoilt = true;
  });
  const host = await wholeDraft(server.address);
  const before = await read(host, CONTENT);
  await host.ok("AT+SMTPSEND", STARTED + lines("+SMTP: SERVER ERROR"));
  expect(await read(host, CONTENT)).toBe(before);
  await host.ok("AT+SMTPSEND", STARTED + SUCCESS);
});

describe("while a mail is on its way", () => {
  test.each(["GREETING", "END"] as const)(
    "at %s every set command is ERROR, reads work and a second one is ONGOING",
    async (step) => {
      const { server, reached } = await smtpServer(step);
      const host = await wholeDraft(server.address);
      const draft = await read(host, `${CONTENT};${SETTINGS.slice(2)}`);
      host.send("AT+SMTPSEND\r");
      if (step === "END") await host.expect(STARTED);
      await until(reached);
      for (const line of [
        'AT+SMTPSRV="a"',
        "AT+SMTPSRV",
        "AT+SMTPAUTH=0",
        "AT+SMTPAUTH",
        'AT+SMTPFROM="a"',
        "AT+SMTPFROM",
        'AT+SMTPRCPT=0,0,"a"',
        "AT+SMTPRCPT=0,0",
        "AT+SMTPRCPT=0",
        "AT+SMTPRCPT",
        'AT+SMTPSUB="a"',
        "AT+SMTPSUB",
        'AT+SMTPBODY="a"',
        "AT+SMTPBODY",
        'AT+SMTPBCH="a"',
        "AT+SMTPBCH",
        'AT+SMTPFILE=2,"a.txt"',
        "AT+SMTPFILE=1",
        "AT+SMTPFILE",
      ]) {
        await host.ok(line, ERROR);
      }
      await host.ok("AT+SMTPSEND", lines("+SMTP: ONGOING", "ERROR"));
      await host.ok("AT+SMTPSEND?", lines("+SMTPSEND: 1", "OK"));
      await host.ok("AT+SMTPSRV=?", lines("+SMTPSRV: (1-65535)", "OK"));
      expect(await read(host, `${CONTENT};${SETTINGS.slice(2)}`)).toBe(draft);
      await host.ok("AT+SMTPSTOP");
    },
  );

  test("the answer waits while the host types a line, and comes in one piece", async () => {
    const { server, reached } = await smtpServer("GREETING", (peer) => peer.close());
    const host = await wholeDraft(server.address);
    host.send("AT+SMTPSEND\rAT+SMT");
    await until(reached);
    await server.abandoned();
    await host.silence();
    host.send("PSEND?\r");
    // Whether the files are closed by now is the disk's affair.
    expect(await host.until("ERROR\r\n\r\nERROR\r\n")).toMatch(
      /^\r\n\+SMTPSEND: [01]\r\n\r\nOK\r\n\r\n\+SMTP: SERVER ERROR\r\n/,
    );
  });
});

describe("AT+SMTPSTOP", () => {
  test("during the connection is OK, and AT+SMTPSEND says no more", async () => {
    const { network, state } = deadNetwork();
    const host = await wholeDraft({ host: "a", port: 25 }, network);
    host.send("AT+SMTPSEND\r");
    await until(() => state() === "connecting");
    await host.ok("AT+SMTPSTOP");
    await host.ok("AT+SMTPSTOP", ERROR);
    expect(state()).toBe("given up");
    await host.silence();
    expect(host.clock.pendingAlarms).toBe(0);
  });

  test.each(SMTP_STEPS)("at %s closes the connection, is OK, and no URC follows", async (step) => {
    const { server, reached } = await smtpServer(step);
    const host = await wholeDraft(server.address);
    const draft = await read(host, CONTENT);
    host.send("AT+SMTPSEND\r");
    if (SMTP_STEPS.indexOf(step) > SMTP_STEPS.indexOf("AUTH")) await host.expect(STARTED);
    await until(reached);
    await host.ok("AT+SMTPSTOP");
    await host.ok("AT+SMTPSEND?", lines("+SMTPSEND: 0", "OK"));
    await server.abandoned();
    await host.silence();
    expect(server.heard).not.toContain("QUIT");
    expect(await read(host, CONTENT)).toBe(draft);
    expect(host.clock.pendingAlarms).toBe(0);
  });

  test("in the middle of the message leaves a server without its end, and the next mail is a new one", async () => {
    const { server, reached } = await smtpServer("DATA", (peer) => {
      peer.say("354 go\r\n");
      peer.stopReading();
    });
    const host = await wholeDraft(server.address);
    host.file("D/big", Buffer.alloc(10 * 1024 * 1024 - 100, "x"));
    await host.ok('AT+SMTPFILE=2,"D:/big"');
    await host.ok("AT+SMTPSEND", STARTED);
    await until(reached);
    await turns(200);
    await host.ok("AT+SMTPSTOP");
    const good = await smtpServer();
    await host.ok(`AT+SMTPSRV="127.0.0.1",${good.server.address.port}`);
    await host.ok("AT+SMTPSEND", STARTED + SUCCESS);
    expect(server.heard).not.toContain(".");
    await host.silence();
  });

  test("right after AT+SMTPSEND, before anything has begun, drops it", async () => {
    const { server } = await smtpServer();
    const host = await wholeDraft(server.address);
    host.send("AT+SMTPSEND\rAT+SMTPSTOP\rAT+SMTPSEND\r");
    await host.expect(OK + STARTED + SUCCESS);
    await host.silence();
  });
});

describe("a reset", () => {
  test.each(SMTP_STEPS)("at %s drops the mail without a word", async (step) => {
    const { server, reached } = await smtpServer(step);
    const host = await wholeDraft(server.address);
    host.send("AT+SMTPSEND\r");
    if (SMTP_STEPS.indexOf(step) > SMTP_STEPS.indexOf("AUTH")) await host.expect(STARTED);
    await until(reached);
    await host.modem.reset();
    await server.abandoned();
    await host.silence();
    await host.ok("ATE0+SMTPSEND?", `ATE0+SMTPSEND?\r${lines("+SMTPSEND: 0", "OK")}`);
    expect(host.clock.pendingAlarms).toBe(0);
  });
});

describe("an attachment", () => {
  test("that has gone is PARAM ERROR, without the network", async () => {
    const { server } = await smtpServer();
    const host = await wholeDraft(server.address);
    rmSync(join(host.directory, "C/a.txt"));
    await host.ok("AT+SMTPSEND", lines("+SMTP: PARAM ERROR", "ERROR"));
    await host.ok("AT+SMTPSEND?", lines("+SMTPSEND: 0", "OK"));
    expect(server.heard).toEqual([]);
    await host.ok("AT+SMTPFILE=1");
    await host.ok("AT+SMTPSEND", STARTED + SUCCESS);
  });

  test("that has grown too large is OVERSIZE, without the network", async () => {
    const { server } = await smtpServer();
    const host = await wholeDraft(server.address);
    host.file("C/a.txt", Buffer.alloc(10 * 1024 * 1024 + 1));
    await host.ok("AT+SMTPSEND", lines("+SMTP: OVERSIZE", "ERROR"));
    expect(server.heard).toEqual([]);
  });

  test("that was replaced goes as it is now, and one that vanishes on the way goes whole", async () => {
    const { server } = await smtpServer("MAIL", (peer) => {
      rmSync(join(host.directory, "C/a.txt"));
      peer.say("250 ok\r\n");
    });
    const host = await wholeDraft(server.address);
    host.file("C/a.txt", "something else");
    await host.ok("AT+SMTPSEND", STARTED + SUCCESS);
    expect(server.heard).toContain(Buffer.from("something else").toString("base64"));
  });
});

test("a card pulled on the way is PARAM ERROR, and the mail does not look whole to the server", async () => {
  const { server } = await smtpServer("RCPT", (peer) => {
    void host.modem.pullCard().then(() => peer.say("250 ok\r\n"));
  });
  const host = await wholeDraft(server.address);
  host.file("D/card.bin", Buffer.alloc(300_000));
  await host.ok('AT+SMTPFILE=2,"D:/card.bin"');
  await host.ok("AT+SMTPSEND", STARTED + lines("+SMTP: PARAM ERROR"));
  await server.abandoned();
  expect(server.heard).not.toContain(".");
});

test("a line that goes on after AT+SMTPSEND is held until it has started", async () => {
  const { server } = await smtpServer();
  const host = await wholeDraft(server.address);
  await host.ok("AT+SMTPSEND;+SMTPSEND?", lines("+SMTP: OK", "+SMTPSEND: 1", "OK") + SUCCESS);
});
