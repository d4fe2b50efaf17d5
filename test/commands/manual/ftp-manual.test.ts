import { describe, expect, test } from "vitest";
import { framed, info, OK } from "../../support/framing.ts";
import { ftpModem, ftpServer } from "../../support/ftp-modem.ts";

const CHINESE = "\xb2\xe2\xca\xd4.txt";

/** The settings of the examples: line, answer. @spec manual 5.1-5.6, decisions 1.10 and 5 */
const settings = (port: string): ReadonlyArray<readonly [string, string]> => [
  ["AT+CFTPPORT=21", OK],
  ["AT+CFTPPORT?", info(`+CFTPPORT:${port}`)],
  ["AT+CFTPPORT=?", info("+CFTPPORT: (1-65535)")],
  ["AT+CFTPMODE=1", OK],
  ["AT+CFTPMODE?", info("+CFTPMODE: 1")],
  ["AT+CFTPMODE=?", info("+CFTPMODE: (0,1)")],
  ["AT+CFTPTYPE=A", OK],
  ["AT+CFTPTYPE?", info("+CFTPTYPE: A")],
  ['AT+CFTPTYPE="I"', OK],
  ["AT+CFTPTYPE?", info("+CFTPTYPE: I")],
  ["AT+CFTPTYPE=?", info("+CFTPTYPE: (A,I)")],
  ['AT+CFTPSERV="www.mydomain.com"', OK],
  ["AT+CFTPSERV?", info('+CFTPSERV: "www.mydomain.com"')],
  ["AT+CFTPSERV=?", info('+CFTPSERV: "ADDRESS"')],
  ['AT+CFTPSERV="10.0.0.127"', OK],
  ["AT+CFTPSERV?", info('+CFTPSERV: "10.0.0.127"')],
  ['AT+CFTPUN="myname"', OK],
  ["AT+CFTPUN?", info('+CFTPUN: "myname"')],
  ["AT+CFTPUN=?", info('+CFTPUN: "NAME"')],
  ['AT+CFTPPW="mypass"', OK],
  ["AT+CFTPPW?", info('+CFTPPW: "mypass"')],
  ["AT+CFTPPW=?", info('+CFTPPW: "password"')],
  ["AT+CFTPGETFILE=?", info('+CFTPGETFILE: [{non-ascii}]"FILEPATH", (0-8)')],
  ["AT+CFTPPUTFILE=?", info('+CFTPPUTFILE: [{non-ascii}]"FILEPATH", (0-8)')],
  ["AT+CFTPGET=?", info('+CFTPGET: [{non-ascii}]"FILEPATH"')],
  ["AT+CFTPPUT=?", info('+CFTPPUT: [{non-ascii}]"FILEPATH"')],
  ["AT+CFTPLIST=?", info('+CFTPLIST: [{non-ascii}]"FILEPATH"')],
];

const content = Buffer.from(Array.from({ length: 3000 }, (_, at) => at % 253));

describe.each([
  { dialect: "manual", separator: ", ", size: 1024 },
  { dialect: "field", separator: ",", size: 1460 },
] as const)("the manual's examples ($dialect)", ({ dialect, separator, size }) => {
  const payloads = [0, 1, 2].map((index) => content.subarray(index * size, (index + 1) * size));

  test("of 5.1 to 5.6, and every test command", async () => {
    const { local } = await ftpServer();
    const { dte } = await ftpModem({ server: local, dialect });
    for (const [line, answer] of [
      ["AT+CFTPMODE?", info("+CFTPMODE: 0")],
      ["AT+CFTPTYPE?", info("+CFTPTYPE: I")],
      ["AT+CFTPSERV?", info('+CFTPSERV: ""')],
      ...settings(dialect === "manual" ? " 21" : "21"),
    ] as const) {
      await dte.command(`${line}\r`, answer);
    }
  });

  describe.each(["active", "passive"] as const)("in %s mode", (mode) => {
    async function ready() {
      const { root, local } = await ftpServer();
      root.writeFile("/pub/mydir/test1.txt", content);
      root.writeFile(`/testdir/${CHINESE}`, content);
      return { ...(await ftpModem({ server: local, dialect, mode, packetGap: 0 })), root };
    }

    test("of 5.7", async () => {
      const { dte, root, files } = await ready();
      for (const [path, name, argument, directory, folder] of [
        ["/pub/mydir/test1.txt", "test1.txt", '"/pub/mydir/test1.txt"', 1, "C/Picture"],
        ["/tes2.txt", "tes2.txt", '"tes2.txt"', 2, "C/Video"],
        [`/${CHINESE}`, "测试.txt", '{non-ascii}" B2E2CAD42E747874"', 2, "C/Video"],
      ] as const) {
        root.writeFile(path, Buffer.from(`content of ${name}`));
        await dte.command(`AT+CFTPGETFILE=${argument},${directory}\r`, `${OK}${framed("+CFTPGETFILE: 0")}`);
        expect((await files.read(`${folder}/${name}`)).toString()).toBe(`content of ${name}`);
      }
    });

    test("of 5.8", async () => {
      const { dte, root, files } = await ready();
      await files.write("C/Picture/test1.txt", Buffer.from("1"));
      await files.write("C/Picture/test2.txt", Buffer.from("2"));
      await files.write("C/Picture/测试.txt", Buffer.from("3"));
      for (const [path, argument, uploaded] of [
        ["/pub/mydir/test1.txt", '"/pub/mydir/test1.txt"', "1"],
        ["/test2.txt", '"test2.txt"', "2"],
        [`/${CHINESE}`, '{non-ascii} "B2E2CAD42E747874"', "3"],
      ] as const) {
        await dte.command(`AT+CFTPPUTFILE=${argument},1\r`, `${OK}${framed("+CFTPPUTFILE: 0")}`);
        expect(root.readFile(path)?.toString()).toBe(uploaded);
      }
    });

    test("of 5.9", async () => {
      const { dte } = await ready();
      for (const argument of ['"/pub/mydir/test1.txt"', '{non-ascii}"/2F74657374646972/B2E2CAD42E747874"']) {
        dte.send(`AT+CFTPGET=${argument}\r`);
        await dte.expect(OK);
        for (const payload of payloads) {
          await dte.expect(`${framed(`+CFTPGET: DATA${separator}${payload.length}`)}${payload.toString("latin1")}`);
        }
        await dte.expect(framed("+CFTPGET: 0"));
      }
    });

    test("of 5.10", async () => {
      const { dte, root } = await ready();
      for (const [path, argument] of [
        ["/pub/mydir/new.txt", '"/pub/mydir/new.txt"'],
        [`/testdir/${CHINESE}`, '{non-ascii}"/2F74657374646972/B2E2CAD42E747874"'],
      ] as const) {
        dte.send(`AT+CFTPPUT=${argument}\r`);
        await dte.expect(framed("+CFTPPUT: BEGIN"), { within: 50 });
        await dte.command("ab\x03\x03c\x03\x1ad\r\n\x1a", OK);
        expect(root.readFile(path)?.toString("latin1")).toBe("ab\x03c\x1ad\r\n");
      }
    });
  });
});
