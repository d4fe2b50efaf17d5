import { describe, test } from "vitest";
import { ALL_COMMANDS } from "../../src/commands/all-commands.ts";
import { ERROR, framed, info, OK, socketContexts } from "../support/framing.ts";
import { modemOnMemory } from "../support/modem-on-memory.ts";

/** Lines without AT and CR, in order, and what they answer: `OK` and `ERROR` alone, information before its `OK`. */
type Row = readonly [name: string, ...exchanges: readonly (readonly [line: string, answer: string])[]];

const NOT_ALLOWED = framed("+CME ERROR: operation not allowed");
const HTTP_PARAMETER = framed("+CME ERROR: Invalid parameter");

const settingRows: readonly Row[] = [
  ["V0 prints numbers", ["V0", "0\r"], ["+CMEE?", "+CMEE: 2\r\n0\r"], ["+NOSUCH", "4\r"], ["V1", OK]],
  ["V0 has no number for +CME ERROR", ["V0", "0\r"], ["+CPIN=1", "+CME ERROR: operation not allowed\r\n"]],
  ["V0 with CMEE 0", ["+CMEE=0", OK], ["V0", "0\r"], ["+CPIN=1", "4\r"]],
  ["V0 and NO CARRIER", ["V0", "0\r"], ["O", "3\r"]],
  ["Q1 suppresses result codes only", ["Q1", ""], ["+CMEE?", framed("+CMEE: 2")], ["+NOSUCH", ""], ["Q0", OK]],
  ["Q1 suppresses +CME ERROR", ["Q1", ""], ["+CPIN=1", ""], ["Q0", OK]],
  [
    "CMEE",
    ["+CMEE?", info("+CMEE: 2")],
    ["+CPIN=1", NOT_ALLOWED],
    ["+CMEE=1", OK],
    ["+CPIN=1", framed("+CME ERROR: 3")],
    ["+CMEE=0", OK],
    ["+CPIN=1", ERROR],
    ["+CMEE=2", OK],
    ["+CPIN=1", NOT_ALLOWED],
    ["+CMEE=?", info("+CMEE: (0-2)")],
  ],
  ["S3 changed", ["S3=30", "\x1e\nOK\x1e\n"]],
  ["S4 changed", ["S4=11", "\r\vOK\r\v"], ["S4=10", OK]],
  ["S-registers are read with three digits", ["S0?", info("000")], ["S0=003", OK], ["S0?", info("003")]],
  [
    "S-registers without a number",
    ["S7=1", OK],
    ["S7=", OK],
    ["S7?", info("050")],
    ["S7=1", OK],
    ["S7", OK],
    ["S7?", info("050")],
  ],
  ["S0?=000", ["S0?=000", framed("000") + ERROR]],
  ["S0=? changes nothing", ["S0=7", OK], ["S0=?", ERROR], ["S0?", info("007")]],
  ["S0 out of range", ["S0=256", ERROR], ["S0=99999999999", ERROR], ["S0=-1", ERROR], ["S0?", info("000")]],
  ["no such register", ["S99=1", ERROR], ["S99?", ERROR]],
  ["basic ranges", ["E2", ERROR], ["V2", ERROR], ["Q2", ERROR], ["X5", ERROR], ["&C3", ERROR], ["&D3", ERROR]],
  [
    "AT&V",
    [
      "&V",
      info(
        "&C: 0; &D: 2; &F: 0; E: 0; L: 0; M: 0; Q: 0; V: 1; X: 0; Z: 0; S0: 0;",
        "S3: 13; S4: 10; S5: 8; S6: 2; S7: 50; S8: 2; S9: 6; S10: 14; S11: 95;",
        "+FCLASS: 0; +ICF: 3,3; +IFC: 0,0; +IPR: 115200; +DR: 0; +DS: 0,0,2048,6;",
        "+WS46: 12; +CBST: 0,0,1;",
      ),
    ],
  ],
  [
    "&W keeps, Z brings back, &F sets the factory values",
    ["S0=5&W", OK],
    ["S0=6", OK],
    ["Z", OK],
    ["S0?", info("005")],
    // E0 was stored, too.
    ["&FE0", OK],
    ["S0?", info("000")],
    ["Z0", OK],
    ["S0?", info("005")],
  ],
  ["profiles that do not exist", ["Z1", ERROR], ["&W1", ERROR], ["&F2", ERROR]],
];

const parameterRows: readonly Row[] = [
  ["too many", ["+CMEE=1,1", ERROR], ["+CMEE=1,", ERROR], ["+CMEE?", info("+CMEE: 2")]],
  ["missing", ["+CMEE=", ERROR], ["+CMEE", ERROR]],
  ["malformed", ["+CMEE=x", ERROR], ["+CMEE=1 1", ERROR], ["+CMEE=0x1", ERROR], ["+CMEE=+1", ERROR], ["+CMEE1", ERROR]],
  ["out of range", ["+CMEE=3", ERROR], ["+CMEE=-1", ERROR], ["+CMEE=4294967297", ERROR]],
  ["numbers may be quoted", ['+CMEE="1"', OK], ["+CMEE?", info("+CMEE: 1")]],
  ["spaces", ["+CMEE = 1 ", OK], ["+CMEE = ?", info("+CMEE: (0-2)")], ["+CMEE ?", info("+CMEE: 1")], ["+ CMEE= 0", OK]],
  ["an unterminated quote", ['+CGSOCKCONT=1,"IP","abc', ERROR], ['+CMEE="1', ERROR], ['+CPIN="', ERROR]],
  ["text beside a quote", ['+CMEE="1"1', ERROR], ['+CMEE=1"1"', ERROR]],
  [
    "backslash-hex",
    ['+CGSOCKCONT=1,"IP","a\\22b\\5Cc\\5cd\\41e\\"', OK],
    ["+CGSOCKCONT?", socketContexts({ 1: "a\\22b\\c\\d\\41e\\" })],
  ],
  [
    "commas and spaces in quotes",
    ['+CGSOCKCONT= 2 , "IP" , " a, b " ', OK],
    ["+CGSOCKCONT?", socketContexts({ 2: " a, b " })],
  ],
  [
    "words in either case, bare too",
    ["+CGSOCKCONT=1,ip", OK],
    ['+CGSOCKCONT=1,"Ip"', OK],
    ['+CGSOCKCONT=1,"IPX"', ERROR],
  ],
  ["bytes above 0x7F", ['+CGSOCKCONT=1,"IP","\xe9\xff"', OK], ["+CGSOCKCONT?", socketContexts({ 1: "\xe9\xff" })]],
  [
    "HTTP",
    ["+CHTTPACT", HTTP_PARAMETER],
    ["+CHTTPACT?", HTTP_PARAMETER],
    ['+CHTTPACT="a"', HTTP_PARAMETER],
    ['+CHTTPACT="",80', HTTP_PARAMETER],
    ["+CHTTPACT=a,80", HTTP_PARAMETER],
    ['+CHTTPACT="a",0', HTTP_PARAMETER],
    ['+CHTTPACT="a",65536', HTTP_PARAMETER],
    ['+CHTTPACT="a",80,1', HTTP_PARAMETER],
    [`+CHTTPACT="${"a".repeat(256)}",80`, HTTP_PARAMETER],
    ["+CMEE=1", OK],
    ['+CHTTPACT="a', framed("+CME ERROR: 226")],
    ["+CHTTPACT=?", info('+CHTTPACT: "ADDRESS",(1-65535)')],
  ],
];

const nameRows: readonly Row[] = [
  [
    "unknown ones",
    ["+NOSUCH", ERROR],
    ["+NOSUCH?", ERROR],
    ["+NOSUCH=?", ERROR],
    ["+", ERROR],
    ["Y", ERROR],
    ["\\Y1", ERROR],
  ],
  ["in any case", ["+cmee?", info("+CMEE: 2")], ["+CmEe=1;+cMeE?", info("+CMEE: 1")]],
  [
    "# and $ for +",
    ["#CHTTPACT=?", info('+CHTTPACT: "ADDRESS",(1-65535)')],
    ["$chttpact=?", info('+CHTTPACT: "ADDRESS",(1-65535)')],
    ["#CMEE=1;$CMEE?", info("+CMEE: 1")],
    ["# CSQ", info("+CSQ: 22,0")],
  ],
  ["# and $ for nothing else", ["#CNTI?", ERROR], ["$NOSUCH", ERROR], ["#E0", ERROR], ["#", ERROR], ["$&F", ERROR]],
  [
    "forms that do not exist",
    ["+CMEE", ERROR],
    ["+CSQ?", ERROR],
    ["+CSQ=1", ERROR],
    ["+CLAC?", ERROR],
    ["E?", ERROR],
    ["&V?", ERROR],
    ["V=0", ERROR],
  ],
  ["CLAC lists the table", ["+CLAC", info(...ALL_COMMANDS.map(({ name }) => `AT${name}`))]],
  ["CLAC has a test form", ["+CLAC=?", OK]],
];

const clockRows: readonly Row[] = [
  ["the clock of the program", ["+CCLK?", info('+CCLK: "10/02/05,12:00:00+00"')]],
  ["set", ['+CCLK="08/11/28,12:30:35+32"', OK], ["+CCLK?", info('+CCLK: "08/11/28,12:30:35+32"')]],
  [
    "set without a zone",
    ['+CCLK="08/11/28,12:30:35-08"', OK],
    ['+CCLK="09/01/02,03:04:05"', OK],
    ["+CCLK?", info('+CCLK: "09/01/02,03:04:05-08"')],
  ],
  ["the year 80", ['+CCLK="80/01/06,00:00:00+00"', OK], ["+CCLK?", info('+CCLK: "80/01/06,00:00:00+00"')]],
  ["a leap day", ['+CCLK="12/02/29,23:59:59+00"', OK], ["+CCLK?", info('+CCLK: "12/02/29,23:59:59+00"')]],
  ...[
    "11/02/29,00:00:00+00",
    "00/00/01,00:00:00+00",
    "10/13/01,00:00:00+00",
    "10/04/31,00:00:00+00",
    "10/01/01,24:00:00+00",
    "10/01/01,00:60:00+00",
    "10/01/01,00:00:60+00",
    "10/01/01,00:00:00+57",
    "10/01/01,00:00:00-49",
    "2010/01/01,00:00:00+00",
    "10/1/1,00:00:00",
    "",
  ].map(
    (time): Row => [
      `no moment: ${time}`,
      [`+CCLK="${time}"`, ERROR],
      ["+CCLK?", info('+CCLK: "10/02/05,12:00:00+00"')],
    ],
  ),
];

const statusRows: readonly Row[] = [
  [
    "CPIN",
    ["+CPIN?", info("+CPIN: READY")],
    ["+CPIN=1234", NOT_ALLOWED],
    ['+CPIN="1234","5678"', NOT_ALLOWED],
    ["+CPIN=****", NOT_ALLOWED],
    ["+CPIN", ERROR],
  ],
  [
    "CREG",
    ["+CREG?", info("+CREG: 0,1")],
    ["+CREG=2", OK],
    ["+CREG?", info("+CREG: 2,1,ED2E,1")],
    ["+CREG=1", OK],
    ["+CREG?", info("+CREG: 1,1")],
    ["+CREG=3", ERROR],
    ["+CREG=?", info("+CREG: (0-2)")],
  ],
  ["CGREG", ["+CGREG?", info("+CGREG: 0,1")], ["+CGREG=2", OK], ["+CGREG?", info("+CGREG: 2,1,ED2E,1")]],
  ["CSQ", ["+CSQ", info("+CSQ: 22,0")]],
  [
    "CGATT",
    ["+CGATT?", info("+CGATT: 1")],
    ["+CGATT=0", OK],
    ["+CGATT?", info("+CGATT: 0")],
    ["+CGATT=1", OK],
    ["+CGATT=2", ERROR],
    ["+CGATT=?", info("+CGATT: (0,1)")],
  ],
  ["CFUN", ["+CFUN?", info("+CFUN: 1")], ["+CFUN=1", OK], ["+CFUN=9", ERROR]],
  [
    "CSOCKAUTH",
    ['+CSOCKAUTH=1,1,"p","u"', OK],
    ["+CSOCKAUTH?", info('+CSOCKAUTH: 1,1,"u"')],
    ["+CSOCKAUTH=1,0", OK],
    ["+CSOCKAUTH?", OK],
    ["+CSOCKAUTH=?", info("+CSOCKAUTH: (1-16),(0-3),132,132")],
  ],
  ["CSOCKSETPN", ["+CSOCKSETPN=2", OK], ["+CSOCKSETPN?", info("+CSOCKSETPN: 2")], ["+CSOCKSETPN=17", ERROR]],
  ["CIPMODE", ["+CIPMODE=1", OK], ["+CIPMODE?", info("+CIPMODE: 1")]],
  [
    "IPR",
    ["+IPR=2400", OK],
    ["+IPR=4800", OK],
    ["+IPR=115200", OK],
    ["+IPR?", info("+IPR: 115200")],
    ["+IPR=1234", ERROR],
  ],
  [
    "NETOPEN and NETCLOSE",
    ["+NETCLOSE", framed("+IP ERROR: Network is already closed") + ERROR],
    ['+NETOPEN="TCP",2101', info("Network opened")],
    ["+IPADDR", info("+IPADDR: 10.146.130.153")],
    ["+NETCLOSE", info("Network closed")],
    ["+NETOPEN=,,1", info("Network opened")],
  ],
  ["CHTTPSSTART and CHTTPSSTOP", ["+CHTTPSSTART", OK], ["+CHTTPSSTOP", OK]],
  [
    "who it is",
    [
      "I",
      info(
        "Manufacturer: SIMCOM INCORPORATED",
        "Model: SIMCOM_WCDMA",
        "Revision: WCDMA_V1.00",
        "IMEI: 351602000330570",
        "+GCAP: +CGSM,+DS,+ES",
      ),
    ],
    ["+CGSN", info("351602000330570")],
    ["+CGMR", info("+CGMR: WCDMA_V1.00")],
  ],
];

describe.each([
  ["settings", settingRows],
  ["parameters", parameterRows],
  ["names", nameRows],
  ["the clock", clockRows],
  ["the module's state", statusRows],
] as const)("answers: %s", (_, rows) => {
  test.each(rows.map(([name, ...exchanges]) => [name, exchanges] as const))("%s", async (_name, exchanges) => {
    const { dte } = await modemOnMemory();
    await dte.command("ATE0\r", `ATE0\r${OK}`);
    for (const [line, answer] of exchanges) await dte.command(`AT${line}\r`, answer);
    await dte.expectNothing();
  });
});
