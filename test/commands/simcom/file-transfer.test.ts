import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ERROR, framed, OK } from "../../support/framing.ts";
import { modemOnMemory } from "../../support/modem-on-memory.ts";

const SIZES = [0, 1, 511, 512, 513, 1023, 1024, 1025, 65535];

/** Bytes of every value, none of them first twice in a row; the first is a line feed. */
const bytes = (size: number) => Buffer.from(Array.from({ length: size }, (_, index) => (index * 167 + 10) & 0xff));

async function ready(options?: Parameters<typeof modemOnMemory>[0]) {
  const parts = await modemOnMemory(options);
  await parts.dte.command("ATE0\r", `ATE0\r${OK}`);
  return parts;
}

type Dte = Awaited<ReturnType<typeof ready>>["dte"];

async function upload(dte: Dte, path: string, content: Buffer) {
  await dte.command(`AT+CFTRANRX="${path}",${content.length}\r`, "\r\n>");
  await dte.command(content.toString("latin1"), OK);
}

function packets(content: Buffer, size: number, separator: string): string {
  let printed = "";
  for (let at = 0; at < content.length; at += size) {
    const packet = content.subarray(at, at + size);
    printed += framed(`+CFTRANTX: DATA${separator}${packet.length}`) + packet.toString("latin1");
  }
  return printed + framed("+CFTRANTX: 0") + OK;
}

describe("CFTRANRX and CFTRANTX", () => {
  test.each(SIZES)("%i bytes come back as they went", async (size) => {
    const { dte } = await ready();
    await upload(dte, "c:/t1.txt", bytes(size));
    await dte.command('AT+CFTRANTX="C:/t1.txt"\r', packets(bytes(size), 1024, ", "));
    await dte.expectNothing();
  });

  test("the field dialect has its own packets, 200 ms apart", async () => {
    const { dte, clock } = await ready({ dialect: "field" });
    dte.send('AT+CFTRANRX="c:/t1.txt",2000\r');
    await dte.expect("\r\n>", { within: 50 });
    await dte.command(bytes(2000).toString("latin1"), OK);
    const start = clock.now();
    dte.send('AT+CFTRANTX="C:/t1.txt"\r');
    await dte.expect(packets(bytes(2000), 1460, ","), { within: 600 });
    expect(clock.now() - start).toBe(600);
  });

  test("the manual's example", async () => {
    const { dte } = await ready();
    await dte.command('AT+FSMKDIR="MyDir"\r', OK);
    await dte.command('AT+CFTRANRX="c:/MyDir/t1.txt",10\r\n', "\r\n>");
    await dte.command("testcontent\r\n", OK);
    await dte.command(
      'AT+CFTRANTX="c:/MyDir/t1.txt"\r',
      `${framed("+CFTRANTX: DATA, 10")}testconten${framed("+CFTRANTX: 0")}${OK}`,
    );
  });

  test("any bytes survive any chunking", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 20 }), async (chunks) => {
        const { dte } = await ready();
        const content = Buffer.concat(chunks);
        await dte.command(`AT+CFTRANRX="c:/a",${content.length}\r`, "\r\n>");
        for (const chunk of chunks) dte.send(chunk);
        await dte.expect(OK);
        await dte.command("AT+CFTRANTX=c:/a\r", packets(content, 1024, ", "));
      }),
      { numRuns: 50 },
    );
  });

  test("the line feed of a host that ends its lines with CR LF is dropped though it comes after the prompt", async () => {
    const { dte } = await ready();
    await dte.command("AT\r\n", OK);
    await dte.command("AT+CFTRANRX=c:/a,2\r", "\r\n>");
    await dte.command("\n\nx", OK);
    await dte.command("AT+CFTRANTX=c:/a\r", packets(Buffer.from("\nx"), 1024, ", "));
  });

  test("data are not echoed, and what follows them is a command line", async () => {
    const { dte } = await modemOnMemory();
    await dte.command("AT+CFTRANRX=c:/a,3\r", "AT+CFTRANRX=c:/a,3\r\r\n>");
    await dte.command("AT\rAT\r\n", `${OK}AT\r${OK}`);
  });

  test("replaces a file, and keeps the old one when it fails", async () => {
    const { dte } = await ready();
    await upload(dte, "c:/a", Buffer.from("old"));
    await upload(dte, "c:/a", Buffer.from("new"));
    await dte.command("AT+CFTRANRX=c:/a,5\r", "\r\n>");
    dte.send("half");
    await dte.expect(ERROR, { within: 121_000 });
    await dte.command("AT+CFTRANTX=c:/a\r", packets(Buffer.from("new"), 1024, ", "));
  });

  test.each([
    ["a relative path", 'AT+CFTRANRX="t1.txt",10'],
    ["no length", 'AT+CFTRANRX="c:/t1.txt"'],
    ["a negative length", 'AT+CFTRANRX="c:/t1.txt",-1'],
    ["no directory", 'AT+CFTRANRX="c:/none/t1.txt",10'],
    ["a directory of the name", 'AT+CFTRANRX="c:/Picture",10'],
    ["no drive", 'AT+CFTRANRX="e:/t1.txt",10'],
    ["a bad name", 'AT+CFTRANRX="c:/t?.txt",10'],
    ["nothing", "AT+CFTRANRX"],
    ["no file", 'AT+CFTRANTX="c:/none"'],
    ["a directory", 'AT+CFTRANTX="c:/Picture"'],
    ["a start beyond the end", 'AT+CFTRANTX="c:/Picture",1'],
    ["nothing to give", "AT+CFTRANTX"],
  ])("refused: %s", async (_, line) => {
    const { dte } = await ready();
    await dte.command(`${line}\r`, ERROR);
    await dte.expectNothing();
  });

  test.each([
    ["2", "cde"],
    ["2,2", "cd"],
    ["0,1", "a"],
    ["5", ""],
    ["1,100", "bcde"],
    [",3", "abc"],
  ])("CFTRANTX of a part: %s", async (part, expected) => {
    const { dte } = await ready();
    await upload(dte, "c:/a", Buffer.from("abcde"));
    await dte.command(`AT+CFTRANTX="c:/a",${part}\r`, packets(Buffer.from(expected), 1024, ", "));
    await dte.command('AT+CFTRANTX="c:/a",6\r', ERROR);
  });

  test("a part that crosses the pieces of a long file", async () => {
    const { dte } = await ready();
    await upload(dte, "c:/a", bytes(65535 + 3000));
    const part = bytes(65535 + 3000).subarray(65530, 65530 + 1500);
    await dte.command("AT+CFTRANTX=c:/a,65530,1500\r", packets(part, 1024, ", "));
  });

  test("a full EFS swallows the data, answers ERROR and keeps nothing", async () => {
    const { dte } = await ready({ efs: { sizes: { C: 1000 } } });
    await upload(dte, "c:/there", bytes(300));
    await dte.command("AT+CFTRANRX=c:/a,2000\r", "\r\n>");
    const data = "AT\r".repeat(666);
    for (let at = 0; at < data.length; at += 100) dte.send(data.slice(at, at + 100));
    await dte.expectNothing();
    await dte.command("ATAT\r", ERROR);
    await dte.expect(OK);
    await dte.command("AT+FSLS=2\r", framed("+FSLS: FILES:\r\nthere") + OK);
    await dte.command("AT+FSMEM\r", framed("+FSMEM: C:(1000, 300), D:(255533056, 0)") + OK);
  });

  test("a card pulled in mid-transfer is ERROR after the last byte", async () => {
    const { dte, modem } = await ready();
    await dte.command("AT+CFTRANRX=d:/a,10\r", "\r\n>");
    dte.send("12345");
    await dte.expectNothing();
    await modem.pullCard();
    await dte.command("67890", ERROR);
    await modem.insertCard();
    await dte.command("AT+FSATTRI=d:/a\r", ERROR);
  });

  test("a card pulled while it is read ends the packets with ERROR", async () => {
    const { dte, modem } = await ready({ packetGap: 100 });
    await upload(dte, "d:/a", bytes(70_000));
    dte.send("AT+CFTRANTX=d:/a\r");
    await dte.expect(framed("+CFTRANTX: DATA, 1024"), { within: 100 });
    await modem.pullCard();
    await dte.clock.advance(10_000);
    expect(dte.take().endsWith(ERROR)).toBe(true);
  });

  test("a reset in mid-transfer leaves nothing, and a line that listens", async () => {
    const { dte, modem, clock } = await ready();
    await dte.command("AT+CFTRANRX=c:/a,10\r", "\r\n>");
    dte.send("12345");
    await dte.expectNothing();
    await modem.reset();
    await dte.command("ATE0\r", `ATE0\r${OK}`);
    await dte.command("AT+FSATTRI=c:/a\r", ERROR);
    await dte.command("AT+FSMEM\r", framed("+FSMEM: C:(11348480, 0), D:(255533056, 0)") + OK);
    expect(clock.pendingAlarms).toBe(0);
  });

  test("the host's silence ends a transfer", async () => {
    const { dte } = await ready();
    await dte.command("AT+CFTRANRX=c:/a,10\r", "\r\n>");
    dte.send("12345");
    await dte.expectNothing(119_000);
    await dte.expect(ERROR, { within: 2_000 });
    await dte.command("AT+FSATTRI=c:/a\r", ERROR);
  });
});
