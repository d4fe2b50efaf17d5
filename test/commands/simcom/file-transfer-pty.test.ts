import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { ERROR, framed, OK } from "../../support/framing.ts";
import { modemOnPty } from "../../support/pty-dialogue.ts";

/** Bytes without a pattern, the same in every run. */
function noise(size: number): Buffer {
  const blocks: Buffer[] = [];
  for (let block = 0; block * 32 < size; block++) {
    blocks.push(createHash("sha256").update(`${size}:${block}`).digest());
  }
  return Buffer.concat(blocks).subarray(0, size);
}

describe.each(["manual", "field"] as const)("in the %s dialect, through a pty", (dialect) => {
  const [separator, packetSize] = dialect === "manual" ? [", ", 1024] : [",", 1460];

  test.each([0, 1, 511, 512, 513, 1023, 1024, 1025, 65535])("%i bytes come back as they went", async (size) => {
    const { host } = await modemOnPty({ dialect, packetGap: 0 });
    await host.command("ATE0\r\n", `ATE0\r${OK}`);
    const content = noise(size);
    await host.command(`AT+CFTRANRX="c:/a.bin",${size}\r\n`, "\r\n>");
    await host.send(content);
    await host.expect(OK);
    await host.send('AT+CFTRANTX="c:/a.bin"\r\n');
    for (let at = 0; at < size; at += packetSize) {
      const packet = content.subarray(at, at + packetSize);
      await host.expect(framed(`+CFTRANTX: DATA${separator}${packet.length}`));
      expect((await host.take(packet.length)).equals(packet)).toBe(true);
    }
    await host.expect(framed("+CFTRANTX: 0") + OK);
    await host.command("AT\r\n", OK);
  });
});

test("a full EFS in mid-transfer keeps nothing, and the line listens again", async () => {
  const { host } = await modemOnPty({ efs: { sizes: { C: 40_000 } } });
  await host.command("ATE0\r\n", `ATE0\r${OK}`);
  await host.command('AT+CFTRANRX="c:/a.bin",65535\r\n', "\r\n>");
  await host.send(noise(65535));
  await host.expect(ERROR);
  await host.command("AT+FSMEM\r\n", framed("+FSMEM: C:(40000, 0), D:(255533056, 0)") + OK);
  await host.command("AT+FSLS=2\r\n", OK);
});

test("a card pulled and a reset in mid-transfer keep nothing", async () => {
  const { host, modem } = await modemOnPty();
  await host.command("ATE0\r\n", `ATE0\r${OK}`);
  await host.command('AT+CFTRANRX="d:/a.bin",3000\r\n', "\r\n>");
  await host.send(noise(2000));
  await modem.pullCard();
  await host.send(noise(1000));
  await host.expect(ERROR);
  await modem.insertCard();
  await host.command('AT+CFTRANRX="d:/a.bin",3000\r\n', "\r\n>");
  await host.send(Buffer.alloc(2000, "x"));
  await modem.reset();
  await host.command("\rATE0\r\n", `ATE0\r${OK}`);
  await host.command("AT+FSATTRI=d:/a.bin\r\n", ERROR);
});
