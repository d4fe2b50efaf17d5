import { describe, expect, onTestFinished, test } from "vitest";
import { type Action, fakeServer, nothingOpen } from "../../protocols/ftp/fake-server.ts";
import { RING_PULSE } from "../../support/dte.ts";
import { framed, OK } from "../../support/framing.ts";
import { ftpModem } from "../../support/ftp-modem.ts";
import { until } from "../../support/loopback.ts";
import { PacketHost, payloadOf } from "../../support/packet-host.ts";
import { turns } from "../../support/recording-network.ts";

/** More than the kernel keeps on both sides of a loopback connection. */
const KERNEL = 32 * 1024 * 1024;

async function against(actions: Record<string, Action>, mode: "active" | "passive" = "passive") {
  const server = await fakeServer(actions);
  onTestFinished(() => server.close());
  return { server, ...(await ftpModem({ server, mode })) };
}

type Parts = Awaited<ReturnType<typeof against>>;

const COMMANDS = ['+CFTPGETFILE="a",0', '+CFTPPUTFILE="a",0', '+CFTPGET="a"', '+CFTPPUT="a"'] as const;

const LOST = /^\+(CFTP\w+: (210|214)|CME ERROR: (Failed to transfer data|Network error))$/;

/** Gives a command, plays the host's part, and gives the last line of the answer. */
async function outcome({ dte, host, files }: Parts, command: string): Promise<string> {
  await files.write("C/a", Buffer.from("old"));
  const reader = new PacketHost(() => host.take());
  dte.send(`AT${command}\r`);
  for (;;) {
    const { last } = await reader.packets();
    if (last === "+CFTPPUT: BEGIN") dte.send("data\x1a");
    else if (last !== "OK" || command.startsWith("+CFTPPUT=")) return last;
  }
}

async function nothingLeft({ recording, clock, server }: Parts): Promise<void> {
  expect(await recording.allClosed(AbortSignal.timeout(5000))).toBe(true);
  await clock.advance(RING_PULSE);
  await until(() => clock.pendingAlarms === 0, "no alarm to be left");
  await server.close();
  await nothingOpen();
}

describe.each(COMMANDS)("%s survives a connection that is cut", (command) => {
  const verb = /GET/.test(command) ? "RETR" : "STOR";
  const bytesThen =
    (end: "end" | "reset"): Action =>
    async (dialogue) => {
      dialogue.say("150 go");
      const data = await dialogue.data();
      data.on("data", () => undefined);
      if (verb === "RETR") await new Promise<void>((resolve) => data.write("part", () => resolve()));
      dialogue[end]();
    };

  for (const mode of ["active", "passive"] as const) {
    for (const end of ["end", "reset"] as const) {
      for (const state of ["GREETING", "USER", "PASS", "TYPE", mode === "active" ? "EPRT" : "EPSV", verb]) {
        test(`at ${state}, with ${end}, in ${mode} mode`, async () => {
          const parts = await against({ [state]: (dialogue) => dialogue[end]() }, mode);
          expect(await outcome(parts, command)).toMatch(/^\+(CFTP\w+: (201|210|214)|CME ERROR: .*)$/);
          await parts.dte.command("AT\r", OK);
          expect((await parts.files.read("C/a")).toString()).toBe("old");
          await nothingLeft(parts);
        });
      }

      test(`while the data are on their way, with ${end}, in ${mode} mode`, async () => {
        const parts = await against({ [verb]: bytesThen(end) }, mode);
        // A kernel may report the reset after an end.
        const lost = end === "end" ? /^\+(CFTP\w+: 210|CME ERROR: Failed to transfer data)$/ : LOST;
        expect(await outcome(parts, command)).toMatch(lost);
        expect((await parts.files.read("C/a")).toString()).toBe("old");
        await nothingLeft(parts);
      });

      test(`at QUIT, with ${end}, in ${mode} mode, when it does not matter any more`, async () => {
        const parts = await against({ QUIT: (dialogue) => dialogue[end]() }, mode);
        expect(await outcome(parts, command)).toMatch(/^(\+CFTP\w+: 0|OK)$/);
        await nothingLeft(parts);
      });
    }
  }

  test("as it does a reset of the module at any moment", async () => {
    const parts = await against({});
    const { modem, dte, host, files, recording, clock } = parts;
    await files.write("C/a", Buffer.from("old"));
    for (let moment = 0; moment < 60; moment++) {
      dte.send(`AT${command}\r`);
      if (command.startsWith("+CFTPPUT=") && moment >= 40) {
        await dte.expect(framed("+CFTPPUT: BEGIN"));
        dte.send("some data");
      }
      await turns(moment * 2);
      await modem.reset();
      await turns(20);
      expect(await recording.allClosed(AbortSignal.timeout(5000))).toBe(true);
      await until(() => clock.pendingAlarms === 0, "no alarm to be left");
      host.take();
      await dte.command("ATE0\r", `ATE0\r${OK}`);
      await dte.command('AT+CFTPSERV="server";+CFTPUN="u";+CFTPPW="p";+CFTPMODE=1\r', OK);
    }
    expect(["old", "hello"]).toContain((await files.read("C/a")).toString());
    expect((await files.list("C")).filter((name) => name.length === 1)).toEqual(["a"]);
    await nothingLeft(parts);
  });
});

test("a host that does not read holds the server back", async () => {
  let sent = 0;
  const RETR: Action = async (dialogue) => {
    dialogue.say("150 coming");
    const data = await dialogue.data();
    const block = Buffer.alloc(1024 * 1024);
    const send = () => {
      while (data.write(block)) sent += block.length;
      sent += block.length;
    };
    data.on("drain", send);
    send();
  };
  const { dte, host, server } = await against({ RETR });
  await dte.command('AT+CFTPGET="a"\r', OK);
  host.pause();
  await server.received("RETR");
  await turns(20_000);
  const before = sent;
  expect(before).toBeLessThan(KERNEL);
  await turns(20_000);
  expect(sent).toBe(before);
  host.resume();
  await until(() => sent > before + KERNEL);
});

test("what had arrived before a refusal is printed before its code, also to a host that reads late", async () => {
  const SIZE = 300_000;
  let refused = false;
  const RETR: Action = async (dialogue) => {
    dialogue.say("150 coming");
    const data = await dialogue.data();
    data.write(Buffer.alloc(SIZE, "x"), () => {
      dialogue.say("451 disk error");
      refused = true;
    });
  };
  const { dte, host } = await against({ RETR });
  const reader = new PacketHost(() => host.take());
  await dte.command('AT+CFTPGET="a"\r', OK);
  host.pause();
  await until(() => refused);
  await turns(1000);
  host.resume();
  const { packets, last } = await reader.packets();
  expect([payloadOf(packets).length, last]).toEqual([SIZE, "+CFTPGET: 210"]);
});

test("a server that does not read holds the host back, and gets all in the end", async () => {
  const SIZE = 2 * KERNEL;
  let read: () => void = () => undefined;
  let received = 0;
  const STOR: Action = async (dialogue) => {
    dialogue.say("150 send");
    const data = await dialogue.data();
    await new Promise<void>((resolve) => (read = resolve));
    for await (const chunk of data) received += (chunk as Buffer).length;
    dialogue.say("226 got it");
  };
  const { dte, host } = await against({ STOR });
  await dte.command('AT+CFTPPUT="a"\r', framed("+CFTPPUT: BEGIN"));
  let taken = 0;
  const block = Buffer.alloc(64 * 1024, "x");
  const sending = (async () => {
    for (; taken < SIZE; taken += block.length) await host.write(block);
    await host.write("\x1a");
  })();
  await turns(20_000);
  const before = taken;
  expect(before).toBeLessThan(KERNEL);
  read();
  await sending;
  await dte.expect(OK);
  expect(received).toBe(SIZE);
});
