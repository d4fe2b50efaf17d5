import { randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { encodeEtx } from "../../src/codec/etx/encoder.ts";
import { OK } from "../support/framing.ts";
import { ftpModem } from "../support/ftp-modem.ts";
import { PacketHost, payloadOf } from "../support/packet-host.ts";
import { startVsftpd, type Vsftpd, vsftpdPresent } from "./vsftpd.ts";

const SIZES = [0, 1, 1023, 1024, 1025, 65_535, 1_048_576] as const;

describe.skipIf(!vsftpdPresent)("the modem and vsftpd", () => {
  let server: Vsftpd;
  beforeAll(async () => {
    server = await startVsftpd();
  });
  afterAll(() => server?.close());

  describe.each(["active", "passive"] as const)("in %s mode", (mode) => {
    async function ready() {
      const parts = await ftpModem({ server: { host: "127.0.0.1", port: server.port }, mode });
      await parts.dte.command('AT+CFTPUN="anonymous";+CFTPPW="secret@vmodem"\r', OK);
      const reader = new PacketHost(() => parts.host.take());
      const lines = async (command: string, ...answer: readonly string[]) => {
        parts.dte.send(`AT${command}\r`);
        for (const expected of answer) expect(await reader.line()).toBe(expected);
      };
      return { ...parts, reader, lines };
    }

    test.each(SIZES)("%d bytes go by all four commands", async (size) => {
      const { reader, lines, host, files } = await ready();
      const content = randomBytes(size);
      const name = `${mode}-${size}`;
      await lines(`+CFTPPUT="/pub/${name}"`, "+CFTPPUT: BEGIN");
      await host.write(encodeEtx(content));
      await host.write("\x1a");
      expect(await reader.line()).toBe("OK");
      expect((await readFile(join(server.directory, name))).equals(content)).toBe(true);
      await lines(`+CFTPGET="/pub/${name}"`, "OK");
      const { packets, last } = await reader.packets();
      expect([last, payloadOf(packets).equals(content)]).toEqual(["+CFTPGET: 0", true]);
      await lines(`+CFTPGETFILE="/pub/${name}",1`, "OK", "+CFTPGETFILE: 0");
      expect((await files.read(`C/Picture/${name}`)).equals(content)).toBe(true);
      await files.write(`C/Picture/back-${name}`, content);
      await lines(`+CFTPPUTFILE="/pub/back-${name}",1`, "OK", "+CFTPPUTFILE: 0");
      expect((await readFile(join(server.directory, `back-${name}`))).equals(content)).toBe(true);
    });

    test("what it refuses has its code", async () => {
      const { lines, dte } = await ready();
      await writeFile(join(server.directory, "there"), "x", { mode: 0o666 });
      await lines('+CFTPGET="/pub/missing"', "OK", "+CFTPGET: 211");
      await lines('+CFTPPUT="/missing/x"', "+CME ERROR: FTP command rejected by server");
      await dte.command('AT+CFTPPW="wrong"\r', OK);
      await lines('+CFTPGET="/pub/there"', "OK", "+CFTPGET: 208");
    });

    test("a listing, a directory and a removal", async () => {
      const { lines, reader } = await ready();
      await lines(`+CFTPMKD="/pub/d-${mode}"`, "OK");
      await lines('+CFTPLIST="/pub"', "OK");
      const { packets, last } = await reader.packets();
      expect(last).toBe("+CFTPLIST: 0");
      expect(payloadOf(packets).toString()).toContain(`d-${mode}`);
      await lines(`+CFTPRMD="/pub/d-${mode}"`, "OK");
      await lines(`+CFTPDELE="/pub/d-${mode}"`, "+CFTPDELE:211", "ERROR");
    });
  });
});
