import { expect, test } from "vitest";
import { framed, OK } from "../support/framing.ts";
import { play, scenarioFile } from "./bench.ts";

/** What a host sends, how long it waits, in milliseconds, and what it has got by then. */
type Step = readonly [line: string, ms: number, answer: string];

const all = (...texts: readonly string[]) => texts.map(framed).join("");
const FTP = 'AT+CFTPSERV="ftp";+CFTPUN="u";+CFTPPW="p";+CFTPMODE=1\r';
const MAIL = 'AT+SMTPSRV="mail",25;+SMTPFROM="me@a.example";+SMTPRCPT=0,0,"you@a.example";+SMTPBODY="Hi"\r';
const BOOT = all("+STIN: 25", "+STIN: 25", "+CPIN: READY", "SMS DONE", "PB DONE");
const get = (path: string) => `AT+CFTPGETFILE="${path}",0\r`;

const SESSIONS: Readonly<Record<string, readonly Step[]>> = {
  "train-in-tunnels": [
    ["ATE0+CREG=1;+CGREG=1\r", 1, `ATE0+CREG=1;+CGREG=1\r${OK}`],
    ["AT+CREG?;+CSQ\r", 1, all("+CREG: 1,1", "+CSQ: 18,0", "OK")],
    [FTP, 1, OK],
    ["", 24_996, ""],
    ["", 1, all("+CREG: 2", "+CGREG: 2")],
    [get("/timetable.txt"), 1000, all("OK", "+CFTPGETFILE: 214")],
    ["AT+CSQ\r", 1, all("+CSQ: 99,99", "OK")],
    ["", 13_999, all("+CREG: 1", "+CGREG: 1")],
    [get("/timetable.txt"), 1, all("OK", "+CFTPGETFILE: 0")],
    ["", 29_999, all("+CREG: 2", "+CGREG: 2")],
    ["", 25_000, all("+CREG: 5", "+CGREG: 5")],
  ],
  "greylisting-mail-server": [
    ["ATE0\r", 1, `ATE0\r${OK}`],
    [MAIL, 1, OK],
    ["AT+SMTPSEND\r", 1, all("+SMTP: OK", "OK", "+SMTP: SERVER ERROR")],
    ["AT+SMTPSEND\r", 1, all("+SMTP: OK", "OK", "+SMTP: SUCCESS")],
  ],
  "stalling-gprs": [
    ["ATE0\r", 1, `ATE0\r${OK}`],
    [FTP, 1, OK],
    [get("/firmware.txt"), 60_000, OK],
    ["AT\r", 10_000, all("OK", "+CFTPGETFILE: 204")],
    ["AT+FSLS=2\r", 1, OK],
  ],
  "full-card": [
    ["ATE0\r", 1, `ATE0\r${OK}`],
    [`${FTP}AT+FSCD=D:\r`, 1, OK + all("+FSCD: D:/", "OK")],
    [get("/small.txt"), 1, all("OK", "+CFTPGETFILE: 0")],
    [get("/large.txt"), 1, all("OK", "+CFTPGETFILE: 206")],
    ["AT+FSLS=2\r", 1, framed("+FSLS: FILES:\r\nlog-1.txt\r\nlog-2.txt\r\nsmall.txt") + OK],
  ],
  "reset-in-upload": [
    ["", 5000, framed("START") + BOOT],
    ["ATE0\r", 1, `ATE0\r${OK}`],
    [FTP, 1, OK],
    ['AT+CFTPPUTFILE="/report.txt",0\r', 1000, all("OK", "START")],
    ["", 3999, ""],
    ["", 1, BOOT],
    ["AT\r", 1, `AT\r${OK}`],
  ],
  "pin-after-power-cut": [
    ["ATE0+CMEE=1\r", 1, `ATE0+CMEE=1\r${OK}`],
    ["AT+SMTPSRV?\r", 1, all('+SMTPSRV: "", 25', "OK")],
    ["", 59_998, ""],
    ["AT\r", 2000, ""],
    ["", 1000, all("START", "+CPIN: SIM PIN")],
    ["ATE0+CMEE=1;+SMTPSRV?\r", 1, `ATE0+CMEE=1;+SMTPSRV?\r${framed("+CME ERROR: 11")}`],
    ["AT+CPIN=0000\r", 1, framed("+CME ERROR: 16")],
    ["AT+CPIN=4711\r", 1, all("OK", "+CPIN: READY", "SMS DONE", "PB DONE")],
    ["AT+SMTPSRV?\r", 1, all('+SMTPSRV: "", 25', "OK")],
  ],
};

test.each(Object.entries(SESSIONS))("%s", async (name, steps) => {
  const { hear } = await play(scenarioFile(name));
  for (const [index, [line, ms, answer]] of steps.entries()) {
    expect([index, line, await hear(line, ms)]).toEqual([index, line, answer]);
  }
});

test("in a tunnel the train has no fix, and two seconds behind it has one again", async () => {
  const { hear } = await play(scenarioFile("train-in-tunnels"));
  const position = async () => (await hear("AT+CGPSINFO\r", 0)).split("\r\n")[1];
  const at = (place: string, time: string, altitude: string) =>
    `+CGPSINFO:${place},050210,${time},${altitude},59.4,325.3`;
  await hear("ATE0+CGPSHOT\r", 10_000);
  expect(await position()).toBe(at("4721.249515,N,00754.323565,E", "120010.0", "400.5"));
  await hear("", 15_000);
  expect(await position()).toBe("+CGPSINFO:,,,,,,,,");
  await hear("", 16_999);
  expect(await position()).toBe("+CGPSINFO:,,,,,,,,");
  await hear("", 1);
  expect(await position()).toBe(at("4721.683146,N,00753.880494,E", "120042.0", "414.9"));
});

test("the mail that was refused first came once", async () => {
  const { rig, hear } = await play(scenarioFile("greylisting-mail-server"));
  for (const line of ["ATE0\r", MAIL, "AT+SMTPSEND\r", "AT+SMTPSEND\r"]) await hear(line);
  expect(rig.sandbox?.smtp.mails).toHaveLength(1);
});

test("the upload that the reset cuts leaves no file on the server, and the next one goes through", async () => {
  const { rig, hear } = await play(scenarioFile("reset-in-upload"));
  await hear("", 5000);
  await hear(`ATE0\r${FTP}AT+CFTPPUTFILE="/report.txt",0\r`, 6000);
  expect(await rig.sandbox?.ftp.files.get("report.txt")).toBeUndefined();
  expect(await hear(`${FTP}AT+CFTPPUTFILE="/report.txt",0\r`)).toContain(framed("+CFTPPUTFILE: 0"));
  expect(String(await rig.sandbox?.ftp.files.get("report.txt"))).toBe("This is the report.\r\n");
});
