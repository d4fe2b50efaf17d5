import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { encodeEtx } from "../../../src/codec/etx/encoder.ts";
import { Modem } from "../../../src/modem/modem.ts";
import type { DialectName } from "../../../src/module/dialect.ts";
import { SystemDisk } from "../../../src/platform/disk/system-disk.ts";
import { openPty } from "../../../src/transport/pty.ts";
import { ftpServer } from "../../support/ftp-modem.ts";
import { PacketHost, payloadOf } from "../../support/packet-host.ts";
import { SerialPortEnd } from "../../support/serial-port-end.ts";

const SIZES = [0, 1, 1023, 1024, 1025, 65_535] as const;

/** A modem on a pty, in real time, and a host that has it open; the server is set, the echo off. */
async function onPty(dialect: DialectName, mode: 0 | 1) {
  const { root, local } = await ftpServer();
  const transport = await openPty();
  const directory = await mkdtemp(join(tmpdir(), "vmodem-ftp-pty-"));
  const backing = { disk: new SystemDisk(), directory };
  const modem = new Modem({ transport, dialect, packetGap: 0, efs: { backing } });
  await modem.start();
  onTestFinished(async () => {
    await modem.close();
    await rm(directory, { recursive: true, force: true });
  });
  const host = await SerialPortEnd.open(transport.address);
  const reader = new PacketHost(() => host.take());
  await host.write("ATE0\r");
  await reader.bytes(5);
  expect(await reader.line()).toBe("OK");
  await host.write(
    `AT+CFTPSERV="127.0.0.1";+CFTPPORT=${local.port};+CFTPUN="myname";+CFTPPW="mypass";+CFTPMODE=${mode}\r`,
  );
  expect(await reader.line()).toBe("OK");
  const command = async (line: string, ...answer: readonly string[]) => {
    await host.write(`AT${line}\r`);
    for (const expected of answer) expect(await reader.line()).toBe(expected);
  };
  return { root, host, reader, command, directory };
}

describe.each([
  ["active", 0],
  ["passive", 1],
] as const)("over a pty, in %s mode", (_, mode) => {
  test.each(["manual", "field"] as const)(
    "random data of every size go to the server and back (%s)",
    async (dialect) => {
      const { root, host, reader, command } = await onPty(dialect, mode);
      for (const size of [...SIZES, 1_000_000]) {
        const content = randomBytes(size);
        await command('+CFTPPUT="/a.bin"', "+CFTPPUT: BEGIN");
        await host.write(encodeEtx(content));
        await host.write("\x1a");
        expect(await reader.line()).toBe("OK");
        expect(root.readFile("/a.bin")?.equals(content)).toBe(true);
        await command('+CFTPGET="/a.bin"', "OK");
        const { packets, last } = await reader.packets();
        expect(last).toBe("+CFTPGET: 0");
        expect(payloadOf(packets).equals(content)).toBe(true);
      }
    },
  );

  test("files go to and from the EFS", async () => {
    const { root, command, directory } = await onPty("manual", mode);
    for (const size of SIZES) {
      const content = randomBytes(size);
      root.writeFile("/pub/a.bin", content);
      await command('+CFTPGETFILE="/pub/a.bin",1', "OK", "+CFTPGETFILE: 0");
      expect((await readFile(join(directory, "C/Picture/a.bin"))).equals(content)).toBe(true);
      await writeFile(join(directory, "C/Picture/b.bin"), content);
      await command('+CFTPPUTFILE="/pub/b.bin",1', "OK", "+CFTPPUTFILE: 0");
      expect(root.readFile("/pub/b.bin")?.equals(content)).toBe(true);
    }
  });
});
