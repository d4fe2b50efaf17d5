import { describe, expect, onTestFinished, test } from "vitest";
import { Modem } from "../../src/modem/modem.ts";
import type { Receiver } from "../../src/platform/serial-line.ts";
import { VirtualClock } from "../../src/platform/time/virtual-clock.ts";
import { memoryPair } from "../../src/transport/memory.ts";
import { Dte } from "../support/dte.ts";
import { ERROR, framed, OK } from "../support/framing.ts";
import { ftpModem, ftpServer } from "../support/ftp-modem.ts";
import { until } from "../support/loopback.ts";
import { ScriptedNetwork } from "../support/scripted-network.ts";
import { yieldToIo } from "../support/session-on-memory.ts";

/** A modem whose test says when the host has closed the line. */
async function bench() {
  const clock = new VirtualClock();
  const network = new ScriptedNetwork();
  const { module, host } = memoryPair();
  let receiver: Receiver | undefined;
  const start = module.start.bind(module);
  module.start = (given) => {
    receiver = given;
    start(given);
  };
  const modem = new Modem({ transport: module, clock, network });
  await modem.start();
  onTestFinished(() => modem.close());
  const dte = new Dte(host, clock);
  await dte.command("ATE0+CMEE=1;+CMGF=1\r", `ATE0+CMEE=1;+CMGF=1\r${OK}`);
  return { modem, clock, network, host, dte, close: () => receiver?.closed?.() };
}

type Bench = Awaited<ReturnType<typeof bench>>;

interface Row {
  readonly command: string;
  readonly prompt: string;
  readonly entered: string;
  /** What the host gets that drops DTR, and the one that falls silent. */
  readonly failure: string;
  /** Fails if anything of what was entered is kept or sent as if it were whole. */
  readonly check: (bench: Bench) => Promise<void>;
}

const rows: readonly Row[] = [
  {
    command: "AT+SMTPBODY",
    prompt: "\r\n>> ",
    entered: "half a text",
    failure: ERROR,
    check: ({ dte }) => dte.command("AT+SMTPBODY?\r", framed('+SMTPBODY: ""') + OK),
  },
  {
    command: 'AT+CMGS="+15555550142"',
    prompt: "\r\n> ",
    entered: "half a text",
    failure: framed("+CMS ERROR: 332"),
    check: async ({ modem }) => expect(modem.module.sms.sent).toEqual([]),
  },
  {
    command: 'AT+CFTRANRX="C:/cfg.bin",10',
    prompt: "\r\n>",
    entered: "abcd",
    failure: ERROR,
    check: ({ dte }) => dte.command('AT+FSATTRI="C:/cfg.bin"\r', ERROR),
  },
  {
    command: 'AT+CHTTPACT="a.example",80',
    prompt: framed("+CHTTPACT: REQUEST"),
    entered: "POST / HTTP/1.1\r\n",
    failure: framed("+CME ERROR: 223"),
    check: async ({ network }) => {
      expect(network.connections.map(({ written, closed }) => ({ written, closed }))).toEqual([
        { written: "", closed: true },
      ]);
    },
  },
];

describe.each(rows)("the host that entered data for $command", ({ command, prompt, entered, failure, check }) => {
  const entering = async () => {
    const parts = await bench();
    parts.network.script({ acts: ["silence"] });
    await parts.dte.command(`${command}\r`, prompt);
    parts.dte.send(entered);
    await yieldToIo();
    return parts;
  };

  test("has closed the line: nothing is kept, the next host finds a clean line", async () => {
    const parts = await entering();
    parts.close();
    await parts.dte.expectNothing();
    await parts.dte.command("AT\r", OK);
    await check(parts);
    await parts.dte.expectNothing(200_000);
  });

  test("has dropped DTR: it fails", async () => {
    const parts = await entering();
    parts.host.setDtr(false);
    await parts.dte.expect(failure);
    await parts.dte.command("AT\r", OK);
    await check(parts);
  });

  test("has fallen silent: it fails", async () => {
    const parts = await entering();
    await parts.clock.advance(120_000);
    await parts.dte.expect(failure);
    await parts.dte.command("AT\r", OK);
    await check(parts);
  });
});

test("an XMODEM transfer fails at once when its host goes away, and leaves no file", async () => {
  const { dte, close } = await bench();
  await dte.command("AT+CMWAIT=0\r", OK);
  await dte.command('AT+CRXFILE="a.bin"\r', `${OK}C`);
  dte.send("\x01\x01\xfehalf a block");
  close();
  await dte.command("AT\r", OK);
  await dte.command('AT+FSATTRI="C:/a.bin"\r', ERROR);
  await dte.expectNothing(200_000);
});

test("CFTPPUT fails when its host drops DTR, and leaves the server without a word", async () => {
  const { local, server } = await ftpServer();
  const { dte, host } = await ftpModem({ server: local, mode: "passive" });
  await dte.command('AT+CFTPPUT="a.txt"\r', framed("+CFTPPUT: BEGIN"));
  dte.send("the first half");
  host.setDtr(false);
  await dte.expect(framed("+CME ERROR: FTP timeout"));
  await dte.command("AT\r", OK);
  await until(() => server.sessions[0]?.open === false, "the session to end");
  expect(server.sessions[0]?.commands.at(-1)).toBe("STOR a.txt");
});
