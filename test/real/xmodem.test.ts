import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { closeSync, constants, openSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { ERROR, framed, OK } from "../support/framing.ts";
import { modemOnPty } from "../support/pty-dialogue.ts";
import { locate } from "./program.ts";

const SIZES = [0, 1, 128, 129, 1025, 20_000];

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "vmodem-xmodem-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

/** Runs one of lrzsz's programs on the terminal; gives its exit code. */
async function onTerminal(path: string, name: string, args: readonly string[]): Promise<number> {
  const terminal = openSync(path, constants.O_RDWR | constants.O_NOCTTY);
  const child = spawn(locate(name) ?? name, args, { stdio: [terminal, terminal, "ignore"], timeout: 40_000 });
  try {
    const [code] = (await once(child, "exit")) as [number | null];
    return code ?? -1;
  } finally {
    closeSync(terminal);
  }
}

/** What XMODEM makes of a file: its blocks are full. */
function padded(content: Buffer, stored: Buffer): Buffer {
  return Buffer.concat([content, Buffer.alloc(Math.max(0, stored.length - content.length), 0x1a)]);
}

describe.skipIf(locate("sx") === undefined || locate("rx") === undefined)("lrzsz", () => {
  test.each(SIZES.filter((size) => size > 0).flatMap((size) => [[size, []] as const, [size, ["-k"]] as const]))(
    "sx sends %i bytes %j",
    async (size, args) => {
      const folder = await temporaryFolder();
      const { host, path } = await modemOnPty({ efs: { sizes: { C: 100_000 } } });
      const content = randomBytes(size);
      await writeFile(join(folder, "out"), content);
      await host.command("ATE0\r\n", `ATE0\r${OK}`);
      await host.command("AT+CMWAIT=0\r\n", OK);
      await host.command('AT+CRXFILE="in.bin"\r\n', OK);
      expect(await onTerminal(path, "sx", ["-X", "-q", ...args, join(folder, "out")])).toBe(0);
      await host.command("AT+CMWAIT?\r\n", framed("+CMWAIT: 0") + OK);
      const stored = Buffer.alloc(size % 128 === 0 ? size : size + 128 - (size % 128));
      await host.send('AT+CFTRANTX="C:/in.bin"\r\n');
      const received: Buffer[] = [];
      for (let left = stored.length; left > 0; ) {
        const length = Math.min(1024, left);
        await host.expect(framed(`+CFTRANTX: DATA, ${length}`));
        received.push(await host.take(length));
        left -= length;
      }
      await host.expect(framed("+CFTRANTX: 0") + OK);
      expect(Buffer.concat(received).equals(padded(content, stored))).toBe(true);
      await host.command('AT+CRXFILE="in.bin"\r\n', framed("FILE IS EXISTING") + ERROR);
    },
  );

  test.each(SIZES.flatMap((size) => [[size, 0, []] as const, [size, 0, ["-c"]] as const, [size, 1, ["-c"]] as const]))(
    "rx receives %i bytes, protocol %i, %j",
    async (size, protocol, args) => {
      const folder = await temporaryFolder();
      const { host, path } = await modemOnPty({ efs: { sizes: { C: 100_000 } } });
      const content = randomBytes(size);
      await host.command("ATE0\r\n", `ATE0\r${OK}`);
      await host.command(`AT+CFTRANRX="c:/out.bin",${size}\r\n`, "\r\n>");
      await host.send(content);
      await host.expect(OK);
      await host.command(`AT+CTXFILE="out.bin",0,${protocol}\r\n`, OK);
      const target = join(folder, "in");
      expect(await onTerminal(path, "rx", ["-X", "-q", "-b", ...args, target])).toBe(0);
      const stored = await readFile(target).catch(() => Buffer.alloc(0));
      expect(stored.equals(padded(content, stored))).toBe(true);
      expect(stored.length).toBeGreaterThanOrEqual(size);
      // The line is not asked whether it is free again: rx flushes the terminal at its end, and with it, on a pty, now and
      // then the ACK that ends the transfer.
    },
  );
});
