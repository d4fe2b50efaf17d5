import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import { encodeEtx } from "../../../src/codec/etx/encoder.ts";
import { type Action, fakeServer } from "../../protocols/ftp/fake-server.ts";
import { framed, OK } from "../../support/framing.ts";
import { type FtpModemOptions, ftpModem, ftpServer } from "../../support/ftp-modem.ts";
import { HandServer, until } from "../../support/loopback.ts";
import { PacketHost, payloadOf } from "../../support/packet-host.ts";

const SIZES = [0, 1, 1023, 1024, 1025, 65_535] as const;
const MODES = ["active", "passive"] as const;
const DIALECTS = [
  { dialect: "manual", separator: ", ", limit: 1024 },
  { dialect: "field", separator: ",", limit: 1460 },
] as const;

async function withSandbox(options: Partial<FtpModemOptions> = {}) {
  const { server, root, local } = await ftpServer();
  return { server, root, ...(await ftpModem({ server: local, packetGap: 0, mode: "passive", ...options })) };
}

async function playing(actions: Record<string, Action>, options: Partial<FtpModemOptions> = {}) {
  const server = await fakeServer(actions);
  onTestFinished(() => server.close());
  return { server, ...(await ftpModem({ server, packetGap: 0, mode: "passive", ...options })) };
}

type Parts = Awaited<ReturnType<typeof ftpModem>>;

/** Uploads what is a valid code already, in these pieces. */
async function enter({ dte, host }: Parts, path: string, pieces: readonly Uint8Array[]): Promise<void> {
  dte.send(`AT+CFTPPUT="${path}"\r`);
  await dte.expect(framed("+CFTPPUT: BEGIN"), { within: 50 });
  for (const piece of pieces) await host.write(piece);
  await dte.command("\x1a", OK);
}

function pieces(bytes: Uint8Array, size: number): Uint8Array[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) => bytes.subarray(at * size, (at + 1) * size));
}

const put = (parts: Parts, path: string, content: Buffer, size = 4096) =>
  enter(parts, path, pieces(encodeEtx(content), size));

async function get({ dte, host }: Parts, path: string) {
  const reader = new PacketHost(() => host.take());
  dte.send(`AT+CFTPGET="${path}"\r`);
  expect(await reader.line()).toBe("OK");
  const { packets, last } = await reader.packets();
  expect(last).toBe("+CFTPGET: 0");
  return packets;
}

describe.each(MODES)("in %s mode", (mode) => {
  test.each(SIZES)("%d bytes go to the server's disk and back by way of the EFS", async (size) => {
    const parts = await withSandbox({ mode });
    const content = randomBytes(size);
    await parts.files.write("C/Audio/up.bin", content);
    await parts.dte.command('AT+CFTPPUTFILE="/up.bin",7\r', `${OK}${framed("+CFTPPUTFILE: 0")}`);
    expect(parts.root.readFile("/up.bin")?.equals(content)).toBe(true);
    parts.root.writeFile("/dir/down.bin", content);
    await parts.dte.command('AT+CFTPGETFILE="dir/down.bin",8\r', `${OK}${framed("+CFTPGETFILE: 0")}`);
    expect((await parts.files.read("D/Audio/down.bin")).equals(content)).toBe(true);
    expect(await parts.files.list("D/Audio")).toEqual(["down.bin"]);
  });

  describe.each(DIALECTS)("and in the dialect $dialect", ({ dialect, separator, limit }) => {
    test.each(SIZES)("%d bytes go from the host to the server and back", async (size) => {
      const parts = await withSandbox({ mode, dialect });
      const content = randomBytes(size);
      await put(parts, "/a.bin", content);
      expect(parts.root.readFile("/a.bin")?.equals(content)).toBe(true);
      const packets = await get(parts, "/a.bin");
      expect(payloadOf(packets).equals(content)).toBe(true);
      for (const { head, payload } of packets) {
        expect(head).toBe(`+CFTPGET: DATA${separator}${payload.length}`);
        expect(payload.length).toBeGreaterThan(0);
        expect(payload.length).toBeLessThanOrEqual(limit);
      }
      if (dialect === "manual") expect(packets.length).toBe(Math.ceil(size / limit));
      expect(parts.recording.connections.length).toBeGreaterThan(0);
    });
  });
});

test("any bytes come back, whatever pieces the host writes", async () => {
  const parts = await withSandbox();
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 3000 }), fc.integer({ min: 1, max: 700 }), async (bytes, size) => {
      const content = Buffer.from(bytes);
      await put(parts, "/any.bin", content, size);
      expect(parts.root.readFile("/any.bin")?.equals(content)).toBe(true);
      expect(payloadOf(await get(parts, "/any.bin")).equals(content)).toBe(true);
    }),
    { numRuns: 60 },
  );
});

test("all byte values pass CFTPPUT, whichever place the host's writes are split at", async () => {
  const parts = await withSandbox();
  const content = Buffer.from([...Array(256).keys(), 0x03, 0x1a, 0x03, 0x03, 0x1a, 0x1a]);
  const code = encodeEtx(content);
  for (let at = 0; at <= code.length; at++) {
    await enter(parts, "/all.bin", [code.subarray(0, at), code.subarray(at)]);
    expect(parts.root.readFile("/all.bin")?.equals(content)).toBe(true);
  }
});

test("type A leaves the bytes alone", async () => {
  const parts = await withSandbox();
  await parts.dte.command("AT+CFTPTYPE=A\r", OK);
  await put(parts, "/a.txt", Buffer.from("a\nb\r\nc\rd"));
  expect(parts.root.readFile("/a.txt")?.toString()).toBe("a\nb\r\nc\rd");
  expect(payloadOf(await get(parts, "/a.txt")).toString()).toBe("a\nb\r\nc\rd");
});

describe("files of the EFS", () => {
  test.each(
    [
      "C/",
      "C/Picture/",
      "C/Video/",
      "C/VideoCall/",
      "D/Picture/",
      "D/Video/",
      "D/VideoCall/",
      "C/Audio/",
      "D/Audio/",
    ].map((folder, directory) => ({ folder, directory })),
  )("<dir> $directory is $folder", async ({ folder, directory }) => {
    const { root, dte, files } = await withSandbox();
    root.writeFile("/x/y.txt", Buffer.from("y"));
    await dte.command(`AT+CFTPGETFILE="/x/y.txt",${directory}\r`, `${OK}${framed("+CFTPGETFILE: 0")}`);
    expect((await files.read(`${folder}y.txt`)).toString()).toBe("y");
    await files.write(`${folder}z.txt`, Buffer.from("z"));
    await dte.command(`AT+CFTPPUTFILE="/z.txt",${directory}\r`, `${OK}${framed("+CFTPPUTFILE: 0")}`);
    expect(root.readFile("/z.txt")?.toString()).toBe("z");
  });

  test("a file appears when it is complete, replaces the old one, and a failure leaves the old one", async () => {
    const { faults, root, dte, files } = await withSandbox();
    const fetch = (code: number) =>
      dte.command('AT+CFTPGETFILE="a.txt",1\r', `${OK}${framed(`+CFTPGETFILE: ${code}`)}`);
    root.writeFile("/a.txt", Buffer.alloc(5000, "1"));
    await fetch(0);
    root.writeFile("/a.txt", Buffer.alloc(6000, "2"));
    const cut = { kind: "reset_peer", timeout: 0, service: "ftp-data" };
    for (const fault of [cut, { kind: "reply", verb: "END", text: "451 No." }]) {
      faults.clear();
      faults.add(fault);
      await fetch(210);
      expect((await files.read("C/Picture/a.txt")).equals(Buffer.alloc(5000, "1"))).toBe(true);
      expect(await files.list("C/Picture")).toEqual(["a.txt"]);
    }
    faults.clear();
    await fetch(0);
    expect((await files.read("C/Picture/a.txt")).equals(Buffer.alloc(6000, "2"))).toBe(true);
  });

  test("names are UTF-8 where they can be, else GBK", async () => {
    const { root, dte, files } = await withSandbox();
    const utf8 = Buffer.from("größe.txt");
    root.writeFile(`/${utf8.toString("latin1")}`, Buffer.from("u"));
    await dte.command(`AT+CFTPGETFILE={non-ascii}"${utf8.toString("hex")}",0\r`, `${OK}${framed("+CFTPGETFILE: 0")}`);
    expect((await files.read("C/größe.txt")).toString()).toBe("u");
    dte.send(Buffer.concat([Buffer.from('AT+CFTPPUTFILE="/new/'), utf8, Buffer.from('",0\r')]));
    await dte.expect(`${OK}${framed("+CFTPPUTFILE: 211")}`);
  });
});

describe("later firmware's additions", () => {
  test("a listing comes in packets", async () => {
    const { root, dte, host } = await withSandbox();
    root.writeFile("/testd/19800106_000128.jpg", Buffer.alloc(2017));
    const reader = new PacketHost(() => host.take());
    dte.send('AT+CFTPLIST="/testd"\r');
    expect(await reader.line()).toBe("OK");
    const { packets, last } = await reader.packets();
    expect(last).toBe("+CFTPLIST: 0");
    expect(packets.map(({ head, payload }) => head === `+CFTPLIST: DATA,${payload.length}`)).toEqual([true]);
    // A widely used driver takes the fifth word of the first line for the size.
    expect(payloadOf(packets).toString().split(/ +/)[4]).toBe("2017");
  });

  test("directories are made and removed, and files removed", async () => {
    const { root, dte } = await withSandbox();
    await dte.command('AT+CFTPMKD="/d"\r', OK);
    await dte.command('AT+CFTPMKD="/d"\r', `${framed("+CFTPMKD:211")}${framed("ERROR")}`);
    root.writeFile("/d/a", Buffer.from("a"));
    await dte.command('AT+CFTPRMD="/d"\r', `${framed("+CFTPRMD:211")}${framed("ERROR")}`);
    await dte.command('AT+CFTPDELE="/d/a"\r', OK);
    await dte.command('AT+CFTPDELE="/d/a"\r', `${framed("+CFTPDELE:211")}${framed("ERROR")}`);
    await dte.command('AT+CFTPRMD="/d"\r', OK);
    await dte.command('AT+CFTPLIST=""\r', OK + framed("+CFTPLIST: 0"));
  });

  test("<rest_size> goes on with a file in the middle, each way", async () => {
    const { root, dte, files } = await withSandbox();
    root.writeFile("/a", Buffer.from("0123456789"));
    await dte.command('AT+CFTPGET="/a",6\r', `${OK}${framed("+CFTPGET: DATA, 4")}6789${framed("+CFTPGET: 0")}`);
    await dte.command('AT+CFTPPUT="/a",3\r', framed("+CFTPPUT: BEGIN"));
    await dte.command("xyz\x1a", OK);
    expect(root.readFile("/a")?.toString()).toBe("012xyz");
    await files.write("C/a", Buffer.from("abcdefghij"));
    await dte.command('AT+CFTPPUTFILE="/a",0,5\r', `${OK}${framed("+CFTPPUTFILE: 0")}`);
    expect(root.readFile("/a")?.toString()).toBe("012xyfghij");
    await dte.command('AT+CFTPGETFILE="/a",0,4\r', `${OK}${framed("+CFTPGETFILE: 0")}`);
    expect((await files.read("C/a")).toString()).toBe("abcdyfghij");
    await dte.command('AT+CFTPPUTFILE="/a",0,11\r', `${OK}${framed("+CFTPPUTFILE: 205")}`);
    await dte.command('AT+CFTPGETFILE="/a",0,11\r', `${OK}${framed("+CFTPGETFILE: 205")}`);
    expect((await files.read("C/a")).toString()).toBe("abcdyfghij");
  });
});

describe("packets", () => {
  const dripping =
    (parts: readonly string[], next: () => Promise<void>): Action =>
    async (dialogue) => {
      dialogue.say("150 coming");
      const data = await dialogue.data();
      for (const part of parts) {
        data.write(part);
        await next();
      }
      data.end();
      dialogue.say("226 done");
    };

  test("are filled across the server's pieces, but one that waits goes out after half a second", async () => {
    let go: () => void = () => undefined;
    const next = () => new Promise<void>((resolve) => (go = resolve));
    const { dte, clock } = await playing({ RETR: dripping(["a".repeat(1000), "b".repeat(100)], next) });
    await dte.command('AT+CFTPGET="a"\r', OK);
    await until(() => clock.pendingAlarms === 2, "a packet that waits");
    await dte.expectNothing(499);
    await clock.advance(1);
    await dte.expect(`${framed("+CFTPGET: DATA, 1000")}${"a".repeat(1000)}`);
    go();
    await until(() => clock.pendingAlarms === 2, "a packet that waits");
    go();
    await dte.expect(`${framed("+CFTPGET: DATA, 100")}${"b".repeat(100)}${framed("+CFTPGET: 0")}`);
  });

  test("have a gap before each and before the code where one is set", async () => {
    const { dte, clock } = await withSandboxFile(1025, { packetGap: 200 });
    await dte.command('AT+CFTPGET="/a"\r', OK);
    const packet = (length: number) => `${framed(`+CFTPGET: DATA, ${length}`)}${"x".repeat(length)}`;
    for (const printed of [packet(1024), packet(1), framed("+CFTPGET: 0")]) {
      const before = clock.now();
      await dte.expect(printed, { within: 200 });
      expect(clock.now() - before).toBe(200);
    }
  });

  async function withSandboxFile(size: number, options: Partial<FtpModemOptions>) {
    const parts = await withSandbox(options);
    parts.root.writeFile("/a", Buffer.alloc(size, "x"));
    return parts;
  }

  test("of one service are never split by those of another", async () => {
    const page = await HandServer.listen();
    onTestFinished(() => page.close());
    const { server, root, local } = await ftpServer();
    root.writeFile("/big.bin", Buffer.alloc(500_000, "f"));
    const { dte, host } = await ftpModem({
      server: local,
      mode: "passive",
      rules: [
        { name: "page", port: undefined, target: page.local },
        { name: "*", port: 21, target: server.endpoint },
      ],
    });
    dte.send('AT+CHTTPACT="page",80\r');
    await dte.expect(framed("+CHTTPACT: REQUEST"));
    dte.send("GET / HTTP/1.1\r\n\r\n\x1a");
    const connection = await page.accept();
    await dte.expect(OK);
    const body = 500_000;
    const serving = (async () => {
      await connection.write(`HTTP/1.1 200 OK\r\nContent-Length: ${body}\r\n\r\n`, page.signal);
      for (let sent = 0; sent < body; sent += 5000) await connection.write(Buffer.alloc(5000, "h"), page.signal);
    })();
    dte.send('AT+CFTPGET="/big.bin"\r');
    const reader = new PacketHost(() => host.take());
    const amounts: Record<string, number> = { CFTPGET: 0, CHTTPACT: 0 };
    const ends: string[] = [];
    while (ends.length < 3) {
      const { packets, last } = await reader.packets();
      for (const { head, payload } of packets) {
        const name = head.slice(1, head.indexOf(":"));
        const letters = name === "CFTPGET" ? /^f+$/ : /^(HTTP[\s\S]*\r\n\r\n)?h+$/;
        expect(payload.toString("latin1")).toMatch(letters);
        amounts[name] = (amounts[name] ?? 0) + payload.length;
      }
      ends.push(last);
    }
    await serving;
    expect(ends.toSorted()).toEqual(["+CFTPGET: 0", "+CHTTPACT: 0", "OK"]);
    expect(amounts.CFTPGET).toBe(500_000);
    expect(amounts.CHTTPACT).toBeGreaterThan(body);
  });
});

test("commands in one line run one after the other, and the line has one OK", async () => {
  const parts = await withSandbox();
  parts.root.writeFile("/a", Buffer.from("a"));
  const packet = `${framed("+CFTPGET: DATA, 1")}a${framed("+CFTPGET: 0")}`;
  await parts.dte.command(
    'AT+CFTPMODE?;+CFTPGET="/a";+CFTPTYPE?\r',
    `${framed("+CFTPMODE: 1")}${packet}${framed("+CFTPTYPE: I")}${OK}`,
  );
  await parts.dte.command('AT+CFTPMODE?;+CFTPGET="/a"\r', `${framed("+CFTPMODE: 1")}${OK}${packet}`);
});
