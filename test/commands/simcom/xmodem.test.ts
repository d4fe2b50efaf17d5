import { describe, expect, test } from "vitest";
import { frameBlock } from "../../../src/protocols/xmodem/framing.ts";
import { ERROR, framed, info, OK } from "../../support/framing.ts";
import { modemOnMemory } from "../../support/modem-on-memory.ts";

const [ACK, NAK, EOT, CAN] = ["\x06", "\x15", "\x04", "\x18"];
const CANCEL = CAN.repeat(5);
const block = (number: number, data: string, check: "crc" | "checksum" = "crc") =>
  frameBlock(number, Buffer.from(data, "latin1"), 128, check).toString("latin1");

async function ready(options?: Parameters<typeof modemOnMemory>[0]) {
  const parts = await modemOnMemory(options);
  await parts.dte.command("ATE0\r", `ATE0\r${OK}`);
  return parts;
}

type Dte = Awaited<ReturnType<typeof ready>>["dte"];

async function upload(dte: Dte, path: string, content: string) {
  await dte.command(`AT+CFTRANRX="${path}",${content.length}\r`, "\r\n>");
  await dte.command(content, OK);
}

/** The module's sender leaves its receiver 10 ms. */
async function answered(dte: Dte, reply: string, answer: string) {
  dte.send(reply);
  await dte.expect(answer, { within: 10 });
}

const download = (dte: Dte, path: string, content: string) =>
  dte.command(
    `AT+CFTRANTX="${path}"\r`,
    `${framed(`+CFTRANTX: DATA, ${content.length}`)}${content}${framed("+CFTRANTX: 0")}${OK}`,
  );

describe("CRXFILE", () => {
  test("takes a file after CMWAIT seconds, without echo, and says nothing after it", async () => {
    const { dte } = await ready();
    await dte.command("ATE1\r", OK);
    await dte.command('AT+CRXFILE="a.bin"\r\n', `AT+CRXFILE="a.bin"\r${OK}`);
    await dte.expectNothing(9_999);
    await dte.expect("C", { within: 10 });
    // As a Waspmote does it: a zero byte after each block.
    await dte.command(`${block(1, "AT\r".repeat(42))}\0`, ACK);
    await dte.command(`${block(2, "end")}\0`, ACK);
    await dte.command(EOT, ACK);
    await dte.command("ATE0\r", `ATE0\r${OK}`);
    const pad = (text: string) => text.padEnd(128, "\x1a");
    await download(dte, "C:/a.bin", pad("AT\r".repeat(42)) + pad("end"));
  });

  test("waits as long as CMWAIT says", async () => {
    const { dte } = await ready();
    await dte.command("AT+CMWAIT=0\r", OK);
    await dte.command("AT+CRXFILE=a,4\r", `${OK}C`);
    await dte.command(`${block(1, "x")}`, ACK);
    await dte.command(EOT, ACK);
    await dte.command("AT+FSATTRI=D:/Picture/a\r", info("+FSATTRI: 128, 2010/02/05 12:00:00 Fri"));
  });

  test.each([
    ["a name that is taken", "there", framed("FILE IS EXISTING") + ERROR],
    ["a directory's name", "Picture", framed("FILE IS EXISTING") + ERROR],
    ["no such directory", "none/a", ERROR],
    ["a bad name", "a*", ERROR],
    ["a directory's number", "a,9", ERROR],
    ["a third parameter", "a,0,0", ERROR],
  ])("refused: %s", async (_, parameters, answer) => {
    const { dte } = await ready();
    await upload(dte, "C:/there", "x");
    await dte.command(`AT+CRXFILE=${parameters}\r`, answer);
  });

  test("a full EFS cancels, and nothing is left", async () => {
    const { dte } = await ready({ efs: { sizes: { C: 200 } } });
    await dte.command("AT+CMWAIT=0;+CRXFILE=a\r", `${OK}C`);
    await dte.command(block(1, "1"), ACK);
    await dte.command(block(2, "2"), CANCEL);
    await dte.command("AT+FSMEM\r", info("+FSMEM: C:(200, 0), D:(255533056, 0)"));
    await dte.command("AT+FSLS=2\r", OK);
  });

  test("a card pulled in mid-transfer cancels", async () => {
    const { dte, modem } = await ready();
    await dte.command("AT+CMWAIT=0;+CRXFILE=D:/a\r", `${OK}C`);
    await dte.command(block(1, "1"), ACK);
    await modem.pullCard();
    await dte.command(block(2, "2"), CANCEL);
    await dte.command("AT\r", OK);
  });

  test("a reset in mid-transfer ends it, and nothing is left", async () => {
    const { dte, modem, clock } = await ready();
    await dte.command("AT+CMWAIT=0;+CRXFILE=a\r", `${OK}C`);
    await dte.command(block(1, "1"), ACK);
    await modem.reset();
    await dte.command("ATE0\r", `ATE0\r${OK}`);
    await dte.command("AT+FSATTRI=a\r", ERROR);
    expect(clock.pendingAlarms).toBe(0);
  });

  test("--timeout-scale shortens the start, and leaves CMWAIT", async () => {
    const { dte } = await ready({ timeoutScale: 0.01 });
    await dte.command("AT+CRXFILE=a\r", OK);
    await dte.expectNothing(9_999);
    await dte.clock.advance(601);
    expect(dte.take().endsWith(CANCEL)).toBe(true);
    await dte.command("AT\r", OK);
  });
});

describe("CTXFILE", () => {
  test.each([
    ["checksum", NAK],
    ["crc", "C"],
  ] as const)("gives a file with %s", async (check, start) => {
    const { dte } = await ready();
    await upload(dte, "C:/a", "x".repeat(130));
    await dte.command('AT+CTXFILE="a"\r\n', OK);
    await dte.expectNothing(5_000);
    await answered(dte, start, block(1, "x".repeat(128), check));
    await dte.expectNothing(3_000);
    await answered(dte, ACK, block(2, "xx", check));
    await answered(dte, ACK, EOT);
    await dte.command(`${ACK}AT\r`, OK);
  });

  test("gives 1K blocks with protocol 1", async () => {
    const { dte } = await ready();
    await upload(dte, "C:/Audio/a", "x".repeat(1024));
    await dte.command("AT+CTXFILE=a,7,1\r", OK);
    await answered(dte, "C", frameBlock(1, Buffer.alloc(1024, "x"), 1024, "crc").toString("latin1"));
    await answered(dte, ACK, EOT);
    await dte.command(ACK, "");
  });

  test.each([
    ["no such file", "none", framed("FILE NOT EXISTING") + ERROR],
    ["no such file in the directory", "there,1", framed("FILE NOT EXISTING") + ERROR],
    ["a directory", "Picture", ERROR],
    ["a bad name", "a*", ERROR],
    ["a directory's number", "there,9", ERROR],
    ["a protocol's number", "there,0,2", ERROR],
  ])("refused: %s", async (_, parameters, answer) => {
    const { dte } = await ready();
    await upload(dte, "C:/there", "x");
    await dte.command(`AT+CTXFILE=${parameters}\r`, answer);
  });

  test("the host may cancel", async () => {
    const { dte } = await ready();
    await upload(dte, "C:/a", "x");
    await dte.command("AT+CTXFILE=a\r", OK);
    await dte.command(`${CAN}${CAN}AT\r`, OK);
  });
});

test("CMWAIT", async () => {
  const { dte } = await ready();
  await dte.command("AT+CMWAIT?\r", info("+CMWAIT: 10"));
  await dte.command("AT+CMWAIT=60\r", OK);
  await dte.command("AT+CMWAIT?\r", info("+CMWAIT: 60"));
  await dte.command("AT+CMWAIT=61\r", ERROR);
  await dte.command("AT+CMWAIT\r", OK);
  await dte.command("AT+CMWAIT?\r", info("+CMWAIT: 10"));
});
