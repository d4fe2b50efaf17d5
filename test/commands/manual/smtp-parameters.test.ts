import { describe, expect, test } from "vitest";
import { lines, MailHost } from "../../support/mail-host.ts";

const OK = lines("OK");
const ERROR = lines("ERROR");
const long = (length: number) => "x".repeat(length);

/** A command line and its whole answer, in order. */
type Exchange = readonly [line: string, answer: string];
const cleared = (line: string): Exchange => [line, OK];

async function converse(exchanges: readonly Exchange[], prepare: (host: MailHost) => void = () => undefined) {
  const host = await MailHost.start();
  prepare(host);
  for (const [line, answer] of exchanges) await host.ok(line, answer);
  await host.silence();
}

describe("the test command of", () => {
  test.each<[string, readonly string[]]>([
    ["SRV", ["+SMTPSRV: (1-65535)"]],
    ["AUTH", ["+SMTPAUTH: (0,1)"]],
    ["FROM", []],
    ["RCPT", ["+SMTPRCPT: (0-2), (0-4)"]],
    ["SUB", []],
    ["BODY", []],
    ["BCH", []],
    ["FILE", ["+SMTPFILE: (1-10)"]],
    ["SEND", []],
    ["STOP", []],
  ])("SMTP%s prints %j and OK", async (name, answer) => {
    await converse([[`AT+SMTP${name}=?`, lines(...answer, "OK")]]);
  });
});

test.each<[string, readonly Exchange[]]>([
  [
    "SMTPSRV",
    [
      ["AT+SMTPSRV?", lines('+SMTPSRV: "", 25', "OK")],
      ['AT+SMTPSRV="smtp.server.com",587', OK],
      ["AT+SMTPSRV?", lines('+SMTPSRV: "smtp.server.com", 587', "OK")],
      [`AT+SMTPSRV="${long(128)}" , "65535"`, OK],
      ["AT+SMTPSRV?", lines(`+SMTPSRV: "${long(128)}", 65535`, "OK")],
      ['AT+SMTPSRV="port.of.its.own"', OK],
      ["AT+SMTPSRV?", lines('+SMTPSRV: "port.of.its.own", 25', "OK")],
      cleared("AT+SMTPSRV"),
      ["AT+SMTPSRV?", lines('+SMTPSRV: "", 25', "OK")],
    ],
  ],
  [
    "SMTPAUTH",
    [
      ["AT+SMTPAUTH?", lines('+SMTPAUTH: 0, "", ""', "OK")],
      ['AT+SMTPAUTH=1,"username","password"', OK],
      ["AT+SMTPAUTH?", lines('+SMTPAUTH: 1, "username", "password"', "OK")],
      ['AT+SMTPAUTH=1,"u",""', OK],
      ["AT+SMTPAUTH?", lines('+SMTPAUTH: 1, "u", ""', "OK")],
      ["AT+SMTPAUTH=0", OK],
      ["AT+SMTPAUTH?", lines('+SMTPAUTH: 0, "", ""', "OK")],
      [`AT+SMTPAUTH=1,"${long(128)}","${long(128)}"`, OK],
      cleared("AT+SMTPAUTH"),
      ["AT+SMTPAUTH?", lines('+SMTPAUTH: 0, "", ""', "OK")],
    ],
  ],
  [
    "SMTPFROM",
    [
      ["AT+SMTPFROM?", lines('+SMTPFROM: "", ""', "OK")],
      ['AT+SMTPFROM="senderaddress@server.com","sendername"', OK],
      ["AT+SMTPFROM?", lines('+SMTPFROM: "senderaddress@server.com", "sendername"', "OK")],
      ['AT+SMTPFROM="only@address"', OK],
      ["AT+SMTPFROM?", lines('+SMTPFROM: "only@address", ""', "OK")],
      [`AT+SMTPFROM="${long(128)}","${long(64)}"`, OK],
      cleared("AT+SMTPFROM"),
      ["AT+SMTPFROM?", lines('+SMTPFROM: "", ""', "OK")],
    ],
  ],
  [
    "SMTPRCPT",
    [
      ["AT+SMTPRCPT?", OK],
      ['AT+SMTPRCPT=2,0,"bcc@b"', OK],
      ['AT+SMTPRCPT=1,4,"cc4@b","CC 4"', OK],
      ['AT+SMTPRCPT=1,1,"cc1@b"', OK],
      ['AT+SMTPRCPT=0, 0, "to@b", "To"', OK],
      [
        "AT+SMTPRCPT?",
        lines(
          [
            '+SMTPRCPT: 0, 0, "to@b", "To"',
            '+SMTPRCPT: 1, 1, "cc1@b", ""',
            '+SMTPRCPT: 1, 4, "cc4@b", "CC 4"',
            '+SMTPRCPT: 2, 0, "bcc@b", ""',
          ].join("\r\n"),
          "OK",
        ),
      ],
      ["AT+SMTPRCPT=1,4", OK],
      ['AT+SMTPRCPT=0,0,"other@b"', OK],
      ["AT+SMTPRCPT=2", OK],
      ["AT+SMTPRCPT?", lines('+SMTPRCPT: 0, 0, "other@b", ""\r\n+SMTPRCPT: 1, 1, "cc1@b", ""', "OK")],
      ["AT+SMTPRCPT=2,3", OK],
      cleared("AT+SMTPRCPT"),
      ["AT+SMTPRCPT?", OK],
    ],
  ],
  [
    "SMTPSUB",
    [
      ["AT+SMTPSUB?", lines('+SMTPSUB: ""', "OK")],
      ['AT+SMTPSUB="THIS IS A TEST MAIL"', OK],
      ["AT+SMTPSUB?", lines('+SMTPSUB: "THIS IS A TEST MAIL"', "OK")],
      ['AT+SMTPSUB={non-ascii}"E6B58BE8AF95E982AEE4BBB6"', OK],
      ["AT+SMTPSUB?", lines(`+SMTPSUB: "${Buffer.from("测试邮件").toString("latin1")}"`, "OK")],
      ['AT+SMTPSUB="say \\22hi\\22 \\5C \\0D"', OK],
      ["AT+SMTPSUB?", lines('+SMTPSUB: "say \\22hi\\22 \\ \\0D"', "OK")],
      [`AT+SMTPSUB="${long(512)}"`, OK],
      ['AT+SMTPSUB=""', OK],
      ["AT+SMTPSUB?", lines('+SMTPSUB: ""', "OK")],
      ['AT+SMTPSUB="x"', OK],
      cleared("AT+SMTPSUB"),
      ["AT+SMTPSUB?", lines('+SMTPSUB: ""', "OK")],
    ],
  ],
  [
    "SMTPBODY",
    [
      ["AT+SMTPBODY?", lines('+SMTPBODY: ""', "OK")],
      ['AT+SMTPBODY="THIS IS A TEST MAIL FROM SIMCOM MODULE"', OK],
      ["AT+SMTPBODY?", lines('+SMTPBODY: "THIS IS A TEST MAIL FROM SIMCOM MODULE"', "OK")],
      [`AT+SMTPBODY="21 \xb0C${long(507)}"`, OK],
      ["AT+SMTPBODY?", lines(`+SMTPBODY: "21 \xb0C${long(507)}"`, "OK")],
    ],
  ],
  [
    "SMTPBCH",
    [
      ["AT+SMTPBCH?", lines('+SMTPBCH: "utf-8"', "OK")],
      ['AT+SMTPBCH="gb2312"', OK],
      ["AT+SMTPBCH?", lines('+SMTPBCH: "gb2312"', "OK")],
      cleared("AT+SMTPBCH"),
      ["AT+SMTPBCH?", lines('+SMTPBCH: "utf-8"', "OK")],
    ],
  ],
  [
    "SMTPSEND and SMTPSTOP with nothing on its way",
    [
      ["AT+SMTPSEND?", lines("+SMTPSEND: 0", "OK")],
      ["AT+SMTPSTOP", ERROR],
    ],
  ],
])("%s is set, read and cleared", async (_, exchanges) => {
  await converse(exchanges);
});

test.each([
  'AT+SMTPSRV=""',
  `AT+SMTPSRV="${long(129)}"`,
  'AT+SMTPSRV="a",0',
  'AT+SMTPSRV="a",65536',
  'AT+SMTPSRV="a",25,1',
  "AT+SMTPSRV=a,25",
  'AT+SMTPSRV="a',
  "AT+SMTPSRV=,25",
  'AT+SMTPSRV="m\xc3\xa4il.example",25',
  'AT+SMTPSRV="\xe9.example"',
  "AT+SMTPAUTH=2",
  "AT+SMTPAUTH=1",
  'AT+SMTPAUTH=1,"u"',
  'AT+SMTPAUTH=1,,"p"',
  'AT+SMTPAUTH=1,"","p"',
  'AT+SMTPAUTH=0,"u","p"',
  'AT+SMTPAUTH=0,"u"',
  'AT+SMTPAUTH=0,,"p"',
  `AT+SMTPAUTH=1,"${long(129)}","p"`,
  `AT+SMTPAUTH=1,"u","${long(129)}"`,
  'AT+SMTPFROM=""',
  `AT+SMTPFROM="${long(129)}"`,
  `AT+SMTPFROM="a","${long(65)}"`,
  'AT+SMTPFROM="from@a.example> BODY=8BITMIME"',
  'AT+SMTPFROM="<from@a.example>","Sender"',
  'AT+SMTPFROM="from @a.example"',
  'AT+SMTPFROM="j\xf6@a.example"',
  'AT+SMTPFROM="\\22from@a.example"',
  'AT+SMTPRCPT=3,0,"a"',
  'AT+SMTPRCPT=0,5,"a"',
  'AT+SMTPRCPT=0,,"a"',
  'AT+SMTPRCPT=0,0,,"n"',
  'AT+SMTPRCPT=0,0,""',
  'AT+SMTPRCPT=0,0,"to@b.example> SIZE=1 <x"',
  'AT+SMTPRCPT=0,1,"a><b"',
  'AT+SMTPRCPT=1,0,"j\xc3\xb6@b.example"',
  'AT+SMTPRCPT=2,4,"a@b.example, c@d.example"',
  `AT+SMTPRCPT=0,0,"${long(129)}"`,
  `AT+SMTPRCPT=0,0,"a","${long(65)}"`,
  `AT+SMTPSUB="${long(513)}"`,
  "AT+SMTPSUB=bare",
  'AT+SMTPSUB={non-ascii}"E6B"',
  'AT+SMTPSUB={non-ascii}"XY"',
  `AT+SMTPSUB={non-ascii}"${"61".repeat(513)}"`,
  'AT+SMTPSUB={non-ascii}"0D0A4263633A2078"',
  'AT+SMTPSUB={non-ascii}"610A"',
  'AT+SMTPSUB={non-ascii}"6100"',
  'AT+SMTPBODY={non-ascii}"61"',
  `AT+SMTPBODY="${long(513)}"`,
  'AT+SMTPBCH=""',
  `AT+SMTPBCH="${long(31)}"`,
  'AT+SMTPBCH="not a token"',
  'AT+SMTPBCH="utf-8;x"',
  "AT+SMTPFILE=0",
  "AT+SMTPFILE=11",
  'AT+SMTPFILE=1,""',
  'AT+SMTPFILE=1,"there-is-none"',
  'AT+SMTPFILE=1,"Picture"',
  'AT+SMTPFILE=1,"D:/there-is-none"',
  'AT+SMTPFILE=1,"../../../../etc/passwd"',
  "AT+SMTPFILE=1,bare",
  "AT+SMTPSEND=1",
  "AT+SMTPSTOP=1",
  "AT+SMTPSTOP?",
])("%s is ERROR and changes nothing", async (line) => {
  const host = await MailHost.start();
  host.file("C/bare", "x");
  await host.draft({ host: "a.example", port: 26 });
  await host.ok('AT+SMTPAUTH=1,"user","password"');
  await host.ok('AT+SMTPFILE=2,"bare"');
  const reads = "AT+SMTPSRV?;+SMTPAUTH?;+SMTPFROM?;+SMTPRCPT?;+SMTPSUB?;+SMTPBODY?;+SMTPBCH?;+SMTPFILE?";
  host.send(`${reads}\r`);
  const before = await host.until(OK);
  await host.ok(line, ERROR);
  host.send(`${reads}\r`);
  expect(await host.until(OK)).toBe(before);
});

describe("SMTPFILE", () => {
  test("selects files of the current directory, lists them by index and forgets them", async () => {
    await converse(
      [
        ["AT+SMTPFILE?", OK],
        ['AT+SMTPFILE=2,"file2.txt"', OK],
        ['AT+SMTPFILE=1,"file1.txt"', OK],
        ["AT+SMTPFILE?", lines('+SMTPFILE: 1, "C:/file1.txt", 5\r\n+SMTPFILE: 2, "C:/file2.txt", 0', "OK")],
        ["AT+SMTPFILE=1", OK],
        ["AT+SMTPFILE?", lines('+SMTPFILE: 2, "C:/file2.txt", 0', "OK")],
        cleared("AT+SMTPFILE"),
        ["AT+SMTPFILE?", OK],
      ],
      (host) => {
        host.file("C/file1.txt", "12345");
        host.file("C/file2.txt", "");
      },
    );
  });

  test("takes a name in hexadecimal and prints it as bytes", async () => {
    const name = Buffer.from("测试附件.jpg").toString("latin1");
    await converse(
      [
        ['AT+SMTPFILE=1,{non-ascii}"E6B58BE8AF95E99984E4BBB62E6A7067"', OK],
        ["AT+SMTPFILE?", lines(`+SMTPFILE: 1, "C:/${name}", 3`, "OK")],
        ["AT+SMTPFILE", OK],
        [`AT+SMTPFILE=10,"${name}"`, OK],
      ],
      (host) => host.file("C/测试附件.jpg", "abc"),
    );
  });

  test("refuses a second file of one name, also from another directory, but not at its own index", async () => {
    await converse(
      [
        ['AT+SMTPFILE=1,"D:/a.txt"', OK],
        ['AT+SMTPFILE=1,"d:/A.TXT"', OK],
        ['AT+SMTPFILE=2,"D:/A.txt"', ERROR],
        ['AT+SMTPFILE=2,"C:/a.txt"', ERROR],
        ['AT+SMTPFILE=2,"D:/Audio/a.txt"', ERROR],
        ['AT+SMTPFILE=2,"C:/A.txt"', OK],
        ["AT+SMTPFILE?", lines('+SMTPFILE: 1, "D:/a.txt", 2\r\n+SMTPFILE: 2, "C:/A.txt", 3', "OK")],
        ['AT+SMTPFILE=1,"C:/a.txt"', OK],
        ["AT+SMTPFILE?", lines('+SMTPFILE: 1, "C:/a.txt", 1\r\n+SMTPFILE: 2, "C:/A.txt", 3', "OK")],
      ],
      (host) => {
        host.file("D/a.txt", "dd");
        host.file("D/Audio/a.txt", "audio");
        host.file("C/a.txt", "c");
        host.file("C/A.txt", "ccc");
      },
    );
  });

  test("more than 10 MB in all is OVERSIZE, and the selection stays", async () => {
    const half = 5 * 1024 * 1024;
    await converse(
      [
        ['AT+SMTPFILE=1,"D:/a"', OK],
        ['AT+SMTPFILE=2,"D:/b"', OK],
        ['AT+SMTPFILE=3,"D:/one"', lines("+SMTP: OVERSIZE", "ERROR")],
        ['AT+SMTPFILE=2,"D:/c"', lines("+SMTP: OVERSIZE", "ERROR")],
        ["AT+SMTPFILE?", lines(`+SMTPFILE: 1, "D:/a", ${half}\r\n+SMTPFILE: 2, "D:/b", ${half}`, "OK")],
        ['AT+SMTPFILE=2,"D:/one"', OK],
      ],
      (host) => {
        for (const name of ["a", "b"]) host.file(`D/${name}`, Buffer.alloc(half));
        host.file("D/c", Buffer.alloc(half + 1));
        host.file("D/one", "1");
      },
    );
  });

  test("an 11th file has no index", async () => {
    const host = await MailHost.start();
    for (let index = 1; index <= 11; index++) host.file(`C/f${index}`, "x");
    for (let index = 1; index <= 10; index++) await host.ok(`AT+SMTPFILE=${index},"f${index}"`);
    await host.ok('AT+SMTPFILE=11,"f11"', ERROR);
  });
});

test("a reset forgets the draft", async () => {
  const host = await MailHost.start();
  await host.draft({ host: "a", port: 25 });
  await host.modem.reset();
  await host.ok("ATE0", "ATE0\r\r\nOK\r\n");
  await host.ok("AT+SMTPSRV?", lines('+SMTPSRV: "", 25', "OK"));
  await host.ok("AT+SMTPRCPT?", OK);
});
