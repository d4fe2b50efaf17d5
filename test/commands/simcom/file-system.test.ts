import { describe, expect, test } from "vitest";
import { ERROR, framed, info, OK } from "../../support/framing.ts";
import { modemOnMemory } from "../../support/modem-on-memory.ts";

/** Command lines without their `AT`, and the exact answers to them. */
type Row = readonly [name: string, ...exchanges: (readonly [line: string, answer: string])[]];

/** Puts a file on the EFS. */
const put = (path: string, content: string): readonly [string, string] => [
  `+CFTRANRX="${path}",${content.length}\r${content}`,
  `\r\n>${OK}`,
];
const utf8 = (text: string) => Buffer.from(text).toString("latin1");
const hex = (text: string) => Buffer.from(text).toString("hex").toUpperCase();

const directoryRows: readonly Row[] = [
  ["FSCD reads the root first", ["+FSCD?", info("+FSCD: C:/")]],
  [
    "FSCD as in the manual's example",
    ["+FSCD=C:", info("+FSCD: C:/")],
    ["+FSCD=Picture", info("+FSCD: C:/Picture/")],
    ["+FSCD=..", info("+FSCD: C:/")],
    ["+FSCD=..", info("+FSCD: C:/")],
  ],
  [
    "FSCD takes paths of every kind",
    ['+FSCD="C:/Audio"', info("+FSCD: C:/Audio/")],
    ["+FSCD= d:\\video\\ ", info("+FSCD: D:/Video/")],
    ["+FSCD=/Picture", info("+FSCD: D:/Picture/")],
    ["+FSCD=../Audio/.", info("+FSCD: D:/Audio/")],
    [`+FSCD={non-ascii}"${hex("C:/Video")}"`, info("+FSCD: C:/Video/")],
    ["+FSCD?", info("+FSCD: C:/Video/")],
  ],
  [
    "FSCD to what is no directory",
    put("C:/file", "x"),
    ["+FSCD=file", ERROR],
    ["+FSCD=none", ERROR],
    ["+FSCD=picture", ERROR],
    ["+FSCD=E:/", ERROR],
    ["+FSCD=a*b", ERROR],
    ['+FSCD=""', ERROR],
    ["+FSCD=", ERROR],
    ["+FSCD", ERROR],
    ["+FSCD=a,b", ERROR],
    ["+FSCD?", info("+FSCD: C:/")],
  ],
  [
    "FSMKDIR and FSRMDIR",
    ["+FSMKDIR= SIMTech", OK],
    ["+FSMKDIR=SIMTech", ERROR],
    ['+FSMKDIR="C:/SIMTech/deep"', OK],
    ["+FSMKDIR=none/deep", ERROR],
    ["+FSRMDIR=SIMTech", ERROR],
    ["+FSRMDIR=SIMTech/deep", OK],
    ["+FSRMDIR=SIMTech", OK],
    ["+FSRMDIR=SIMTech", ERROR],
    ["+FSMKDIR", ERROR],
    ["+FSRMDIR", ERROR],
    ["+FSMKDIR=con|in", ERROR],
    ["+FSMKDIR=dot.", ERROR],
    ["+FSRMDIR=C:/", ERROR],
  ],
  ["FSRMDIR removes no file", put("C:/file", "x"), ["+FSRMDIR=file", ERROR]],
  [
    "C: tells upper from lower case, D: does not",
    ["+FSMKDIR=PICTURE", OK],
    ["+FSMKDIR=D:/PICTURE", ERROR],
    ["+FSCD=D:/pICTURE", info("+FSCD: D:/Picture/")],
  ],
  [
    "a name in UTF-8, one in GBK and one as hex are the same",
    [`+FSMKDIR=${utf8("测试")}`, OK],
    ["+FSCD=\xb2\xe2\xca\xd4", info(`+FSCD: C:/${utf8("测试")}/`)],
    ["+FSCD=..", info("+FSCD: C:/")],
    ['+FSRMDIR={non-ascii}"E6B58BE8AF95"', OK],
    ['+FSRMDIR={non-ascii}"E6B58BE8AF9"', ERROR],
  ],
];

const listingRows: readonly Row[] = [
  ["FSLS=?", ["+FSLS=?", info("+FSLS: (0-2)")]],
  [
    "FSLS of directories and files",
    ["+FSCD=Picture", info("+FSCD: C:/Picture/")],
    ["+FSLS?", info("+FSLS: SUBDIRECTORIES: 0, FILES: 0")],
    ["+FSLS", OK],
    ["+FSMKDIR=SecondDir", OK],
    ["+FSMKDIR=FirstDir", OK],
    ["+FSLS", info("+FSLS: SUBDIRECTORIES:", "FirstDir", "SecondDir")],
    ["+FSLS=2", OK],
    put("C:/Picture/image_1.jpg", ""),
    put("C:/Picture/image_0.jpg", "abc"),
    ["+FSLS?", info("+FSLS: SUBDIRECTORIES: 2, FILES: 2")],
    [
      "+FSLS",
      framed("+FSLS: SUBDIRECTORIES:\r\nFirstDir\r\nSecondDir") + info("+FSLS: FILES:", "image_0.jpg", "image_1.jpg"),
    ],
    [
      "+FSLS=0",
      framed("+FSLS: SUBDIRECTORIES:\r\nFirstDir\r\nSecondDir") + info("+FSLS: FILES:", "image_0.jpg", "image_1.jpg"),
    ],
    ["+FSLS=1", info("+FSLS: SUBDIRECTORIES:", "FirstDir", "SecondDir")],
    ["+FSLS=2", info("+FSLS: FILES:", "image_0.jpg", "image_1.jpg")],
    ["+FSLS=3", ERROR],
    ["+FSLS=0,0", ERROR],
  ],
  [
    "FSLS in a directory that is gone",
    ["+FSCD=Picture", info("+FSCD: C:/Picture/")],
    ["+FSRMDIR=/Picture", OK],
    ["+FSLS", ERROR],
    ["+FSLS?", ERROR],
  ],
  [
    "FSLS prints names in UTF-8",
    ["+FSCD=Audio", info("+FSCD: C:/Audio/")],
    put(utf8("C:/Audio/é.mp3"), "x"),
    ["+FSLS", info("+FSLS: FILES:", utf8("é.mp3"))],
  ],
];

const fileRows: readonly Row[] = [
  [
    "FSDEL",
    put("C:/a.txt", "x"),
    put("C:/b.txt", "x"),
    put("C:/c.txt", "x"),
    ["+FSDEL=a.txt", OK],
    ["+FSDEL=a.txt", ERROR],
    ['+FSDEL="b.txt"', OK],
    ["+FSDEL=C:/c.txt", OK],
    ["+FSDEL=Picture", ERROR],
    ["+FSDEL", ERROR],
    ["+FSDEL=*", ERROR],
    ["+FSLS=2", OK],
  ],
  [
    "FSDEL=*.* deletes the files and leaves the directories",
    put("C:/a.txt", "x"),
    put("C:/b", "x"),
    ["+FSDEL=*.*", OK],
    ["+FSLS?", info("+FSLS: SUBDIRECTORIES: 4, FILES: 0")],
    ["+FSDEL=*.*", OK],
    put("C:/Video/v", "x"),
    ['+FSDEL="C:/Video/*.*"', OK],
    ["+FSDEL=none/*.*", ERROR],
    ["+FSRMDIR=Video", OK],
  ],
  [
    "FSRENAME",
    put("C:/Picture/a", "x"),
    ["+FSRENAME=Picture/a, b", OK],
    ["+FSATTRI=/Picture/b", info("+FSATTRI: 1, 2010/02/05 12:00:00 Fri")],
    ["+FSRENAME=Picture/b,C:/c", OK],
    ["+FSRENAME=Picture/b,d", ERROR],
    ["+FSRENAME=c,Audio", ERROR],
    ['+FSRENAME="c","D:/c"', ERROR],
    ["+FSRENAME=c", ERROR],
    ["+FSRENAME=Audio,Music", OK],
    [`+FSRENAME={non-ascii}"${hex("c")}",{non-ascii}"${hex("ü")}"`, OK],
    [
      "+FSLS",
      framed("+FSLS: SUBDIRECTORIES:\r\nMusic\r\nPicture\r\nVideo\r\nVideoCall") + info("+FSLS: FILES:", utf8("ü")),
    ],
  ],
  [
    "FSATTRI",
    ['+CCLK="08/04/28,10:24:46+32"', OK],
    put("C:/image_0.jpg", "x".repeat(8604)),
    ["+FSATTRI=image_0.jpg", info("+FSATTRI: 8604, 2008/04/28 10:24:46 Mon")],
    ["+FSATTRI=/image_0.jpg", info("+FSATTRI: 8604, 2008/04/28 10:24:46 Mon")],
    ["+FSATTRI=none", ERROR],
    ["+FSATTRI=Picture", ERROR],
    ["+FSATTRI", ERROR],
  ],
];

const volumeRows: readonly Row[] = [
  [
    "FSMEM",
    ["+FSMEM", info("+FSMEM: C:(11348480, 0), D:(255533056, 0)")],
    put("C:/a", "12345"),
    put("d:/a", "123"),
    ["+FSMEM", info("+FSMEM: C:(11348480, 5), D:(255533056, 3)")],
    ["+FSMEM?", info("+FSMEM: 0,0")],
    ["+FSMEM=10,5", OK],
    ["+FSMEM?", info("+FSMEM: 10,5")],
    ["+FSMEM=244,5", ERROR],
    ["+FSMEM=10,256", ERROR],
    ["+FSMEM=10", ERROR],
    ["+FSMEM=?", info("+FSMEM: (0-243),(0-255)")],
  ],
  [
    "FSLOCA",
    ["+FSLOCA?", info("+FSLOCA: 0")],
    ["+FSLOCA=1", OK],
    ["+FSLOCA?", info("+FSLOCA: 1")],
    ["+FSLOCA=2", ERROR],
    ["+FSLOCA=0", OK],
    ["+FSLOCA=?", info("+FSLOCA: (0,1)")],
  ],
  [
    "FSFMT",
    put("D:/Picture/a", "123"),
    put("C:/a", "1"),
    ["+FSCD=D:/Picture", info("+FSCD: D:/Picture/")],
    ["+FSFMT", OK],
    ["+FSCD?", info("+FSCD: D:/")],
    ["+FSMEM", info("+FSMEM: C:(11348480, 1), D:(255533056, 0)")],
    ["+FSLS?", info("+FSLS: SUBDIRECTORIES: 4, FILES: 0")],
    ["+FSFMT=1", ERROR],
  ],
];

const testRows: readonly Row[] = [
  ...["+FSCD", "+FSMKDIR", "+FSRMDIR", "+FSDEL", "+FSRENAME", "+FSATTRI", "+FSFMT", "+FSCOPY", "+CMWAIT"].map(
    (name): Row => [`${name}=?`, [`${name}=?`, OK]],
  ),
  ...["+CTXFILE", "+CRXFILE"].map((name): Row => [`${name}=?`, [`${name}=?`, OK]]),
  ["CFTRANRX=?", ["+CFTRANRX=?", info('+CFTRANRX: [{non-ascii}]"FILEPATH"')]],
  ["CFTRANTX=?", ["+CFTRANTX=?", info('+CFTRANTX: [{non-ascii}]"FILEPATH"')]],
];

async function play(rows: Row, options?: Parameters<typeof modemOnMemory>[0]) {
  const [, ...exchanges] = rows;
  const { dte, modem } = await modemOnMemory(options);
  await dte.command("ATE0\r", `ATE0\r${OK}`);
  for (const [line, answer] of exchanges) {
    // Data go after their prompt.
    const [command = "", data] = line.split(/\r(.*)/s);
    if (data === undefined) await dte.command(`AT${line}\r`, answer);
    else {
      await dte.command(`AT${command}\r`, answer.slice(0, 3));
      await dte.command(data, answer.slice(3));
    }
  }
  await dte.expectNothing();
  return { dte, modem };
}

describe.each([
  ["directories", directoryRows],
  ["listings", listingRows],
  ["files", fileRows],
  ["volumes", volumeRows],
  ["test commands", testRows],
] as const)("file system: %s", (_, rows) => {
  test.each(rows.map((row) => [row[0], row] as const))("%s", async (_name, row) => {
    await play(row);
  });
});

test("the field dialect prints the counts of FSLS without spaces", async () => {
  await play(["", ["+FSLS?", info("+FSLS: SUBDIRECTORIES:4,FILES:0")]], { dialect: "field" });
});

test("without a card D: is refused, and FSMEM tells so", async () => {
  await play(
    [
      "",
      ["+FSCD=D:", ERROR],
      ["+FSMKDIR=D:/a", ERROR],
      ["+FSMEM", info("+FSMEM: C:(11348480, 0)")],
      ["+FSMEM?", ERROR],
      ["+FSMEM=1,1", ERROR],
      ["+FSFMT", ERROR],
      ["+FSLOCA=1", ERROR],
      ["+FSLOCA=0", OK],
      ['+CFTRANRX="D:/a",1', ERROR],
    ],
    { efs: { card: false } },
  );
});

test("a card that is pulled takes the current directory along, and comes back with its files", async () => {
  const { dte, modem } = await play(["", put("D:/a", "abc"), ["+FSCD=D:", info("+FSCD: D:/")]]);
  await modem.pullCard();
  expect(modem.cardInserted).toBe(false);
  await dte.command("AT+FSCD?\r", info("+FSCD: C:/"));
  await dte.command("AT+FSATTRI=D:/a\r", ERROR);
  await modem.insertCard();
  expect(modem.cardInserted).toBe(true);
  await dte.command("AT+FSATTRI=D:/a\r", info("+FSATTRI: 3, 2010/02/05 12:00:00 Fri"));
});

test("a reset brings back C:/, FSLOCA 0 and leaves the files", async () => {
  const { dte, modem } = await play([
    "",
    put("C:/a", "abc"),
    ["+FSCD=Video", info("+FSCD: C:/Video/")],
    ["+FSLOCA=1", OK],
  ]);
  await modem.reset();
  await dte.command("ATE0\r", `ATE0\r${OK}`);
  await dte.command("AT+FSCD?\r", info("+FSCD: C:/"));
  await dte.command("AT+FSLOCA?\r", info("+FSLOCA: 0"));
  await dte.command("AT+FSATTRI=a\r", info("+FSATTRI: 3, 2010/02/05 12:00:00 Fri"));
});
