import { test } from "vitest";
import { ERROR, framed, OK } from "../../support/framing.ts";
import { modemOnMemory } from "../../support/modem-on-memory.ts";

async function ready(options?: Parameters<typeof modemOnMemory>[0]) {
  const parts = await modemOnMemory(options);
  await parts.dte.command("ATE0\r", `ATE0\r${OK}`);
  return parts;
}

async function upload(dte: Awaited<ReturnType<typeof ready>>["dte"], path: string, content: string) {
  await dte.command(`AT+CFTRANRX="${path}",${content.length}\r`, "\r\n>");
  await dte.command(content, OK);
}

const percents = (...lines: string[]) => lines.map((line) => framed(`+FSCOPY: ${line}`)).join("");
const refused = (text: string) => framed(text) + ERROR;

test("a small file is copied with its first and last percentage", async () => {
  const { dte } = await ready();
  await upload(dte, "C:/TESTFILE", "content");
  await dte.command("AT+FSCOPY= C:/TESTFILE,COPYFILE\r", percents("1.0", "100.0") + OK);
  await dte.command(
    "AT+CFTRANTX=C:/COPYFILE\r",
    `${framed("+CFTRANTX: DATA, 7")}content${framed("+CFTRANTX: 0")}${OK}`,
  );
});

test("an empty file is copied too, to the other volume", async () => {
  const { dte } = await ready();
  await upload(dte, "C:/empty", "");
  await dte.command('AT+FSCOPY="empty","D:/Picture/empty",0\r', percents("1.0", "100.0") + OK);
  await dte.command("AT+FSATTRI=D:/Picture/empty\r", framed("+FSATTRI: 0, 2010/02/05 12:00:00 Fri") + OK);
});

test("a big file is reported on as it goes", async () => {
  const { dte } = await ready();
  await upload(dte, "C:/big", "x".repeat(5 * 65536));
  await dte.command("AT+FSCOPY=big,D:/big\r", percents("1.0", "20.0", "40.0", "60.0", "80.0", "100.0") + OK);
});

test("with 1 it goes on behind the command line", async () => {
  const { dte } = await ready();
  await upload(dte, "C:/a", "content");
  await dte.command("AT+FSCOPY=a,b,1\r", OK + percents("1.0", "100.0", "END"));
  await dte.command("AT+FSCOPY=a,b,1\r", refused("FILE IS EXISTING"));
  await dte.command("AT+FSCOPY=a,c\r", percents("1.0", "100.0") + OK);
});

test.each([
  ["a source that is not there", "none,x", "FILE NOT EXISTING"],
  ["a source that is a directory", "Picture,x", "FILE NOT EXISTING"],
  ["the source's directory", "none/a,x", "DIRECTORY NOT EXISTED"],
  ["the source's directory, which is a file", "a/b,x", "DIRECTORY NOT EXISTED"],
  ["the target's directory", "a,C:/none/x", "DIRECTORY NOT EXISTED"],
  ["the target's directory, which is a file", "a,C:/b/x", "DIRECTORY NOT EXISTED"],
  ["a target that is there", "a,b", "FILE IS EXISTING"],
  ["a target that is the source", "a,a", "FILE IS EXISTING"],
  ["a target that is a directory", "a,Audio", "DIRECTORY IS EXISTED"],
  ["a target that is a root", "a,D:/", "DIRECTORY IS EXISTED"],
  ["the name of the source", "a*,x", "INVALID FILE NAME"],
  ["the name of the target", "a,C:/Picture/x.", "INVALID FILE NAME"],
  ["the path of the target", "a,E:/x", "INVALID PATH NAME"],
  ["the path of the source", 'C:/a?/x,"x"', "INVALID PATH NAME"],
  ["no room on C:", "D:/huge,x", "EFS HAVE NO ENOUGH MEMORY"],
  ["no room on D:", "big,D:/x", "SD CARD HAVE NO ENOUGH MEMORY"],
])("refused: %s", async (_, files, text) => {
  const { dte } = await ready({ efs: { sizes: { C: 2000, D: 1500 } } });
  await upload(dte, "C:/a", "content");
  await upload(dte, "C:/b", "content");
  await upload(dte, "C:/big", "x".repeat(700));
  await upload(dte, "D:/huge", "x".repeat(1400));
  await dte.command(`AT+FSCOPY=${files}\r`, refused(text));
  await dte.command("AT+FSLS?\r", framed("+FSLS: SUBDIRECTORIES: 4, FILES: 3") + OK);
});

test.each(["D:/a,x", "a,D:/x"])("refused without a card: %s", async (files) => {
  const { dte } = await ready({ efs: { card: false } });
  await upload(dte, "C:/a", "content");
  await dte.command(`AT+FSCOPY=${files}\r`, refused("SD CARD NOT PLUGGED IN"));
});

test.each(["", "a", "a,b,2", "a,b,0,0", ",b"])("parameters that are wrong: %s", async (parameters) => {
  const { dte } = await ready();
  await upload(dte, "C:/a", "content");
  await dte.command(`AT+FSCOPY=${parameters}\r`, ERROR);
});
