import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Modem } from "../../src/modem/modem.ts";
import { SystemDisk } from "../../src/platform/disk/system-disk.ts";
import { hostDirectory } from "../efs/support/volumes.ts";
import type { Dte } from "../support/dte.ts";
import { framed, OK } from "../support/framing.ts";
import { until } from "../support/loopback.ts";
import { modemOnMemory } from "../support/modem-on-memory.ts";
import type { ScriptedNetwork } from "../support/scripted-network.ts";

interface Bench {
  readonly modem: Modem;
  readonly dte: Dte;
  readonly network: ScriptedNetwork;
}

/** Waits until the module has said this. Files on a real disk take more turns of the event loop than a {@link Dte} grants. */
async function said(dte: Dte, text: string): Promise<void> {
  let heard = "";
  await until(() => {
    heard += dte.take();
    return heard.includes(text);
  }, text);
}

/** Ways to come to a file that is being written, and is not complete. */
const WRITING: Readonly<Record<string, (bench: Bench) => Promise<void>>> = {
  "+CFTRANRX": async ({ dte }) => {
    dte.send('AT+CFTRANRX="C:/a.bin",100000\r');
    await said(dte, ">");
    dte.send("x".repeat(2000));
  },
  "+CRXFILE": async ({ dte }) => {
    dte.send('AT+CRXFILE="a.bin"\r');
    await said(dte, OK);
  },
  "+FSCOPY": async ({ dte, modem }) => {
    await modem.efs.writeFile("C:/a.bin", Buffer.alloc(5_000_000));
    dte.send('AT+FSCOPY="C:/a.bin","C:/b.bin"\r');
  },
  "+FSCOPY behind the command line": async ({ dte, modem }) => {
    await modem.efs.writeFile("C:/a.bin", Buffer.alloc(5_000_000));
    dte.send('AT+FSCOPY="C:/a.bin","C:/b.bin",1\r');
  },
  "+CFTPGETFILE": async ({ dte, network }) => {
    const control = ["220 x\r\n", { hears: "USER" }, "331 x\r\n", { hears: "PASS" }, "230 x\r\n", { hears: "TYPE" }];
    const passive = ["200 x\r\n", { hears: "EPSV" }, "229 x (|||5000|)\r\n", { hears: "RETR" }, "150 x\r\n"];
    network.script({ acts: [...control, ...passive, "silence"] });
    network.script({ acts: ["some bytes", "silence"] });
    await dte.command('AT+CFTPSERV="h";+CFTPMODE=1\r', OK);
    await dte.command('AT+CFTPGETFILE="/big.bin",0\r', OK);
  },
  "+POP3GET": async ({ dte, network }) => {
    const login = ["+OK\r\n", { hears: "USER" }, "+OK\r\n", { hears: "PASS" }, "+OK\r\n"];
    network.script({
      acts: [...login, { hears: "RETR" }, `+OK\r\nSubject: x\r\n\r\n${"hello\r\n".repeat(20_000)}`, "silence"],
    });
    dte.send('AT+POP3SRV="h","u","p",110\r');
    dte.send("AT+POP3IN\r");
    await said(dte, "+POP3: SUCCESS");
    dte.send("AT+POP3GET=1\r");
  },
};

const ENDS: Readonly<Record<string, (modem: Modem) => Promise<void>>> = {
  close: (modem) => modem.close(),
  reset: (modem) => modem.reset(),
  powerOff: (modem) => modem.powerOff(),
  restore: (modem) => modem.restore(),
};

const CASES = Object.keys(WRITING).flatMap((way) => Object.keys(ENDS).map((end) => [way, end] as const));

async function bench() {
  const directory = await hostDirectory();
  const made = await modemOnMemory({ efs: { backing: { disk: new SystemDisk(), directory } } });
  const drafts = () => readdirSync(join(directory, "C")).filter((name) => name.startsWith("."));
  const aDraft = () => until(() => drafts().length > 0, "an unfinished file");
  await made.dte.command("ATE0\r", `ATE0\r${OK}`);
  return { ...made, drafts, aDraft, directory };
}

test.each(CASES)("the file that %s writes is gone when %s() has resolved", async (way, end) => {
  const { modem, dte, network, drafts, aDraft } = await bench();
  await WRITING[way]?.({ modem, dte, network });
  await aDraft();
  await ENDS[end]?.(modem);
  expect(drafts()).toEqual([]);
  await modem.close();
});

test("what a library user is writing goes on over a reset and ends with close()", async () => {
  const { modem, drafts, aDraft } = await bench();
  const endless = (async function* () {
    yield Buffer.from("a piece");
    await new Promise(() => undefined);
  })();
  const written = modem.efs.writeFile("C:/a.txt", endless);
  const outcome = expect(written).rejects.toThrow("the modem is closed");
  await aDraft();
  await modem.reset();
  expect(drafts()).not.toEqual([]);
  await modem.close();
  expect(drafts()).toEqual([]);
  await outcome;
});

test("a reset in the middle of a transfer leaves a modem that works", async () => {
  const { modem, dte } = await bench();
  dte.send('AT+CFTRANRX="C:/a.bin",100000\r');
  await said(dte, ">");
  await modem.reset();
  dte.take();
  await dte.command("AT+CFTRANRX=?\r", `AT+CFTRANRX=?\r${framed('+CFTRANRX: [{non-ascii}]"FILEPATH"')}${OK}`);
  await modem.close();
});
