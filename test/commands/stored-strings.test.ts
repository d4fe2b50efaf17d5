import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Parameter, parseArguments } from "../../src/at/parameter.ts";
import { quoted, unescaped } from "../../src/codec/quoted-string.ts";
import { ALL_COMMANDS } from "../../src/commands/all-commands.ts";
import { STANDARD_CARD } from "../../src/module/sim.ts";
import { framed, info, OK } from "../support/framing.ts";
import { modemOnMemory } from "../support/modem-on-memory.ts";

/** As a host writes it: a quote, a backslash before what would read as a code, and a backslash that is literal. */
const S = '"a\\22b\\5C22c\\d\\22"';

/** Every command that stores strings, with what it reads back. */
const STORED: ReadonlyMap<string, readonly [written: string, read: string]> = new Map([
  ["+SMTPSRV", [`${S},25`, `${S}, 25`]],
  ["+SMTPAUTH", [`1,${S},${S}`, `1, ${S}, ${S}`]],
  ["+SMTPFROM", [`"\\22a\\5C\\5Cb\\22@c.example",${S}`, `"\\22a\\\\b\\22@c.example", ${S}`]],
  ["+SMTPRCPT", [`1,4,"\\22a b\\22@c.example",${S}`, `1, 4, "\\22a b\\22@c.example", ${S}`]],
  ["+SMTPSUB", [S, S]],
  // The body is printed as it was entered: line ends and quotes are literal.
  ["+SMTPBODY", [S, '"a"b\\22c\\d""']],
  ["+POP3SRV", [`${S},${S},${S},110`, `${S}, ${S}, ${S}, 110`]],
  ["+CFTPSERV", [S, S]],
  ["+CFTPUN", [S, S]],
  ["+CFTPPW", [S, S]],
  ["+CGDCONT", [`1,"IP",${S},${S}`, `1,"IP",${S},${S},0,0`]],
  ["+CSOCKAUTH", [`1,1,${S},${S}`, `1,1,${S}`]],
  ["+CGAUTH", [`1,1,${S},${S}`, `1,1,${S}`]],
  ["+CGPSURL", [S, S]],
]);

/** Commands that print no blank behind the colon. */
const WITHOUT_BLANK = ["+CGPSURL"];

/** Commands that take a string and have a read command, but store nothing that could hold a quote, or read back more than that. */
const OTHERS = [
  "+SMTPBCH",
  "+SMTPFILE",
  "+CSCA",
  "+CPIN",
  "+CCLK",
  "+COPS",
  "+FSCD",
  "+CSCB",
  "+CUSD",
  "+CGSOCKCONT",
  "+CIPOPEN",
  "+CIPSEND",
  "+CPOL",
  "+CNBP",
  "+CHTPSERV",
  "+CFTPSPUT",
];

test("no command that stores a string is missing here", () => {
  const storing = ALL_COMMANDS.filter(
    ({ read, parameters }) => read !== undefined && parameters.some(({ kind }) => kind === "string"),
  ).map(({ name }) => name);
  expect(storing.filter((name) => !STORED.has(name) && !OTHERS.includes(name))).toEqual([]);
});

test.each([...STORED].map(([name, [written, read]]) => [name, written, read] as const))(
  "AT%s=%s reads back as %s",
  async (name, written, read) => {
    const { dte } = await modemOnMemory();
    await dte.command("ATE0\r", `ATE0\r${OK}`);
    await dte.command(`AT${name}=${written}\r`, OK);
    await dte.command(`AT${name}?\r`, info(`${name}:${WITHOUT_BLANK.includes(name) ? "" : " "}${read}`));
  },
);

describe("a quote in what the control interface has set is escaped", () => {
  test("in the own number", async () => {
    const { dte } = await modemOnMemory({ sim: { inserted: { ...STANDARD_CARD, number: '"' } } });
    await dte.command("ATE0\r", `ATE0\r${OK}`);
    await dte.command("AT+CNUM\r", info('+CNUM: ,"\\22",129'));
  });

  test("in the names of the operator", async () => {
    const { dte, modem } = await modemOnMemory();
    modem.module.radio.move({ operator: { long: 'a"b', short: '"', numeric: "00101" } });
    await dte.command("ATE0\r", `ATE0\r${OK}`);
    await dte.command("AT+COPS?\r", info('+COPS: 0,0,"a\\22b",2'));
    await dte.command("AT+COPS=?\r", info('+COPS: (2,"a\\22b","\\22","00101",2),,(0,1,2,3,4),(0,1,2)'));
  });

  test("in the sender of a short message", async () => {
    const { dte, modem } = await modemOnMemory();
    await dte.command("ATE0+CMGF=1\r", `ATE0+CMGF=1\r${OK}`);
    await modem.module.sms.receive({ from: 'a"b', text: 'c"d' });
    await dte.expect(framed('+CMTI: "SM",0'));
    dte.send("AT+CMGR=0\r");
    await dte.expect('\r\n+CMGR: "REC UNREAD","a\\22b","",');
    expect(dte.take()).toContain(`\r\nc"d\r\n${framed("OK")}`);
  });
});

test("any string survives quoting and parsing", () => {
  const parameter: Parameter = { kind: "string", name: "text", maxLength: 100 };
  const text = fc.array(fc.constantFrom("\\", "2", "5", "c", "C", '"', ",", ";", "a"), { maxLength: 20 });
  fc.assert(
    fc.property(
      text.map((characters) => characters.join("")),
      (value) => {
        expect(parseArguments(quoted(value), [parameter])).toEqual({ text: value });
        expect(unescaped(quoted(value).slice(1, -1))).toBe(value);
      },
    ),
  );
});
