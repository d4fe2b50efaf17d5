import { describe, expect, test } from "vitest";
import { ALL_COMMANDS } from "../../../src/commands/all-commands.ts";
import { IDENTITIES, type Identity, type IdentityName } from "../../../src/module/identity.ts";
import { Nvram } from "../../../src/module/settings/nvram.ts";
import type { EventBody } from "../../../src/platform/events.ts";
import { ERROR, framed, info, OK } from "../../support/framing.ts";
import { modemOnMemory } from "../../support/modem-on-memory.ts";

async function quietModem(options: Parameters<typeof modemOnMemory>[0] = {}) {
  const parts = await modemOnMemory(options);
  await parts.dte.command("ATE0\r", `ATE0\r${OK}`);
  return parts;
}

const CELLS = info(
  "+CCINFO:[SCELL],UARFCN:10688,MCC:001,MNC:001,LAC:60718,ID:1,PSC:9,SSC:0,RSCP:69,ECIO:6.0,RXLev:-69dbm,TXPWR:0",
  "",
  "+CCINFO:[NCell1],UARFCN:10688,PSC:230,SSC:0,RSCP:78,ECIO:15.5,RXLev:-78dbm",
);

/** Lines without their `AT` and what all identities that have the command answer. */
const ROWS: readonly (readonly [line: string, answer: string])[] = [
  ["+CCINFO", CELLS],
  ["+CSPN?", info('+CSPN: "TEST",1')],
  ["+CGFUNC=?", info("+CGFUNC: (1,2,3,4,7,9,10,11,12,13,14,17,18,19),(0,1)")],
  ["+CGFUNC=10,1", OK],
  ["+CGFUNC=10", info("+CGFUNC: 1")],
  ["+CGFUNC=10,0;+CGFUNC=10", info("+CGFUNC: 0")],
  ["+CGFUNC=5", ERROR],
  ["+CGFUNC=10,2", ERROR],
  ["+CGFUNC=11,0;+IFC=0,0", ERROR],
  ["+CGFUNC=11,0;+CGFUNC=11,1;+IFC=0,0", OK],
  ["+CGDRT=2,1", OK],
  ["+CGDRT=2,1,1", OK],
  ["+CGDRT=64,1", ERROR],
  ["+CGDRT=2,2", ERROR],
  ["+CGSETV=2,1", OK],
  ["+CGSETV=2", ERROR],
  ["+CGGETV=2", info("+CGGETV: 0")],
  ["+CGSETV=2,1;+CGGETV=2", info("+CGGETV: 0")],
  ["+CGDRT=2,1;+CGSETV=2,1;+CGGETV=2", info("+CGGETV: 1")],
  ["+CVAUXV=?", info("+CVAUXV:(30-61)")],
  ["+CVAUXV?", info("+CVAUXV: 52")],
  ["+CVAUXV=40;+CVAUXV?", info("+CVAUXV: 40")],
  ["+CVAUXV=29", ERROR],
  ["+CVAUXS?", info("+CVAUXS: 1")],
  ["+CVAUXS=0;+CVAUXS?", info("+CVAUXS: 0")],
  ["+CADC=?", info("+CADC:(0-2)")],
  ["+CADC", info("+CADC: 187")],
  ["+CADC=1", info("+CADC: 30")],
  ["+CADC=2", info("+CADC: 187")],
  ["+CADC?", info("+CADC: 1,187")],
  ["+CADC=3", ERROR],
  ["+CVALARM?", info("+CVALARM: 0,3400")],
  ["+CVALARM=1,3300;+CVALARM?", info("+CVALARM: 1,3300")],
  ["+CVALARM=1;&F;+CVALARM?", info("+CVALARM: 0,3400")],
  ["+CALM=1;&F;+CALM?", info("+CALM: 0")],
  ["+CATR=1;&F;+CATR?", info("+CATR: 0")],
  ["+CSUART=1;&F;+CSUART?", info("+CSUART: 0")],
  ["+CSUART=1;Z;E0;+CSUART?", info("+CSUART: 1")],
  ["+CMTE=1;+CMTE?", info("+CMTE: 30")],
  ["+CSCLK=1;+CSCLK?", info("+CSCLK: 1")],
  ["+CSCLK=2", ERROR],
  ["+CNTP", ERROR],
  ["+CSSLCFG=?", ERROR],
  ["+CGPSOUT=1", ERROR],
  ["+CLIR=?", info("+CLIR:(0-2)")],
  ["+CLIR?", info("+CLIR: 0,4")],
  ["+CLIR=1;+CLIR?", info("+CLIR: 1,4")],
  ["+CCWA=?", info("+CCWA:(0-1)")],
  ["+CCWA?", info("+CCWA: 0")],
  ["+CCWA=0,2", info("+CCWA: 0,7")],
  ["+CCWA=1,1;+CCWA=1,2", info("+CCWA: 1,1")],
  ["+CCWA=1,0;+CCWA=1,2", info("+CCWA: 0,7")],
  ["+CCFC=?", info("+CCFC: (0,1,2,3,4,5)")],
  ["+CCFC=0,2", info("+CCFC: 0,255")],
  ["+CCFC=4,2", info("+CCFC: 0,255")],
  ['+CCFC=0,3,"+15555550199";+CCFC=0,2', info('+CCFC: 1,1,"+15555550199",145')],
  ['+CCFC=2,3,"123",129,1,,,5;+CCFC=2,0;+CCFC=5,2', info('+CCFC: 0,1,"123",129,,,5')],
  ['+CCFC=4,3,"123";+CCFC=0,4;+CCFC=0,2', info("+CCFC: 0,255")],
  ["+CCFC=0,0", OK],
  ["+CCFC=0,1", framed("+CME ERROR: operation not allowed")],
  ["+CCFC=0,3", ERROR],
  ['+CCFC=0,3,"x"', ERROR],
  ["+CCFC=6,2", ERROR],
  ["+CPOL=?", info("+CPOL: (1-8),(0-2)")],
  ["+CPOL?", info('+CPOL: 1,2,"00101",0,0,1')],
  ['+CPOL=1,2,"46001",1,0,0;+CPOL?', info('+CPOL: 1,2,"46001",1,0,0')],
  ['+CPOL=,0,"yes optus";+CPOL?', info('+CPOL: 1,2,"00101",0,0,1', '+CPOL: 2,2,"50502",0,0,1')],
  ["+CPOL=1;+CPOL?", OK],
  ['+CPOL=,0,"Nobody"', framed("+CME ERROR: not found")],
  ['+CPOL=9,2,"46001"', ERROR],
  ['+CPOL=2,2,"4600"', framed("+CME ERROR: not found")],
  ["+CPOL=", ERROR],
  ["*CNTI?", info("*CNTI: 0,UMTS")],
  ["*cnti=1", info("*CNTI: 1,UMTS")],
  ["*CNTI=2;*CNTI=0", framed("*CNTI: 2,GSM,GPRS,EDGE,UMTS,HSDPA,HSUPA") + info("*CNTI: 0,UMTS")],
  ["*CNTI=3", ERROR],
  ["*CSQ", ERROR],
  ["+CNAOP?", info("+CNAOP: 2")],
  ["+CNAOP=3", ERROR],
  ["+CNSDP=1;+CNSDP?", info("+CNSDP: 1")],
  ["+CNBP=0x0002000000400183;+CNBP?", info("+CNBP: 0x0002000000400183")],
  ["+CNBP=12", ERROR],
  ["+CPWRONCHK?", OK],
  ["+STK=1;+STK?", info("+STK: 1")],
  ["+IPR2=9600;+IPR2?;+IPR?", framed("+IPR2: 9600") + info("+IPR: 115200")],
  ["+CRUS?", info("+CRUS: 0")],
  ["+CSCHN=1", OK],
  ["+CSRP?", info("+CSRP: 0")],
  ["S0?", info("000")],
];

/** The name of the first command of a line. */
const nameOf = (line: string) => (/^([+*][A-Z]+|S0)/i.exec(line)?.[0] ?? "").toUpperCase();
const known = new Set(ALL_COMMANDS.map(({ name }) => name));

describe.each(Object.keys(IDENTITIES) as IdentityName[])("%s", (identity) => {
  const { lacks }: Identity = IDENTITIES[identity];

  test.each(ROWS)("AT%s", async (line, answer) => {
    const events: EventBody[] = [];
    const { dte } = await quietModem({ identity, events: { active: true, emit: (event) => void events.push(event) } });
    const isLacking = !known.has(nameOf(line)) || lacks.includes(nameOf(line));
    await dte.command(`AT${line}\r`, isLacking ? ERROR : answer);
    await dte.expectNothing();
    const unknown = events.filter(({ type }) => type === "unknown");
    const isOthers = known.has(nameOf(line));
    expect(unknown).toMatchObject(isLacking ? [{ text: nameOf(line), ...(isOthers ? { lacking: true } : {}) }] : []);
  });
});

test.each<readonly [IdentityName, name: string, has: boolean]>([
  ["wcdma", "+CSCLK", true],
  ["sim5320", "+CSCLK", false],
  ["sim5360", "+CMTE", true],
  ["sim5320", "+CMTE", true],
  ["sim5218", "+CMTE", false],
  ["sim5216", "+CMTE", false],
  ["sim5218", "+CNBP", false],
  ["sim5216", "+CNBP", true],
])("%s: whether it has AT%s is %s", (identity, name, has) => {
  const { lacks }: Identity = IDENTITIES[identity];
  expect(lacks.includes(name)).toBe(!has);
});

describe("what the user of the emulator sets", () => {
  test("battery, temperature and converter", async () => {
    const { modem, dte } = await quietModem();
    expect(await modem.patch({ hardware: { charge: 7, voltage: 3391, temperature: -12, adc: 1200 } })).toBeUndefined();
    await dte.command("AT+CBC\r", info("+CBC: 0,7,3.391V"));
    await dte.command("AT+CMTE?\r", info("+CMTE: -12"));
    await dte.command("AT+CADC=1\r", info("+CADC: -12"));
    await dte.command("AT+CADC?\r", info("+CADC: 1,1200"));
  });

  test("a pin that is an input shows the board's level, and an output the module's", async () => {
    const events: EventBody[] = [];
    const { modem, dte } = await quietModem({ events: { active: true, emit: (event) => void events.push(event) } });
    await modem.patch({ hardware: { pins: { 5: 1 } } });
    await dte.command("AT+CGGETV=5\r", info("+CGGETV: 1"));
    await dte.command("AT+CGDRT=5,1;+CGGETV=5\r", info("+CGGETV: 0"));
    await dte.command("AT+CGSETV=5,1\r", OK);
    await modem.patch({ hardware: { pins: { 5: 0 } } });
    expect(modem.snapshot().hardware.pins).toEqual({ 5: 1 });
    await dte.command("AT+CGDRT=5,0;+CGGETV=5\r", info("+CGGETV: 0"));
    const levels = events.flatMap((event) => (event.type === "state" && event.what === "pin" ? [event.value] : []));
    expect(levels).toEqual([
      { pin: 5, level: 0 },
      { pin: 5, level: 1 },
      { pin: 5, level: 0 },
    ]);
  });

  test("a card without a provider's name, and none", async () => {
    const { modem, dte } = await quietModem();
    await modem.patch({ sim: { provider: "" } });
    await dte.command("AT+CSPN?\r", OK);
    await modem.patch({ sim: { state: "absent" } });
    await dte.command("AT+CSPN?\r", framed("+CME ERROR: SIM not inserted"));
  });

  test("the cell of a GSM network, and no network", async () => {
    const { modem, dte } = await quietModem();
    modem.module.radio.move({
      technology: "edge",
      lac: 6189,
      cell: 12401,
      signal: { kind: "fixed", rssi: 10, ber: 0 },
    });
    await dte.command(
      "AT+CCINFO\r",
      info(
        "+CCINFO:[SCELL],ARFCN:27,MCC:001,MNC:001,LAC:6189,ID:12401,BSIC:42,RXLev:-93dbm,C1:32,C2:32,TA:1,TXPWR:0",
        "",
        "+CCINFO:[NCell1],ARFCN:35,BSIC:17,RXLev:-102dbm,C1:23,C2:23",
      ),
    );
    await dte.command("AT*CNTI?\r", info("*CNTI: 0,EDGE"));
    modem.module.radio.move({ registration: "none" });
    await dte.command("AT+CCINFO\r", OK);
    await dte.command("AT*CNTI?;*CNTI=1\r", framed("*CNTI: 0,NONE") + info("*CNTI: 1,EDGE"));
  });
});

test("what is saved survives the power, and the rest does not", async () => {
  const nvram = Nvram.inMemory();
  const first = await quietModem({ nvram });
  await first.dte.command('AT+CGFUNC=1,0;+CGDRT=3,1,1;+CGDRT=4,1;+CNBP=0xFF;+CPOL=2,2,"46000"\r', OK);
  await first.dte.command("AT+CNAOP=1;+CVAUXV=33;+CGSETV=3,1;+CGGETV=3\r", info("+CGGETV: 1"));
  await first.modem.close();
  const { dte, modem } = await quietModem({ nvram });
  await dte.command("AT+CGFUNC=1;+CNBP?;+CNAOP?\r", framed("+CGFUNC: 0") + framed("+CNBP: 0xFF") + info("+CNAOP: 1"));
  await dte.command("AT+CPOL?\r", info('+CPOL: 1,2,"00101",0,0,1', '+CPOL: 2,2,"46000",0,0,1'));
  await dte.command("AT+CGGETV=3;+CVAUXV?\r", framed("+CGGETV: 0") + info("+CVAUXV: 52"));
  await modem.patch({ hardware: { pins: { 3: 1, 4: 1 } } });
  await dte.command("AT+CGGETV=3;+CGGETV=4\r", framed("+CGGETV: 0") + info("+CGGETV: 1"));
});

test.each([
  ["pin functions", { 1: 2 }],
  ["pin directions", { 99: 1 }],
  ["preferred operators", { 9: { numeric: "00101", technologies: [0, 0, 1] } }],
  ["preferred operators", { 1: { numeric: "x", technologies: [0, 0, 1] } }],
  ["preferred operators", { 1: { numeric: "00101", technologies: [0, 0, 2] } }],
  ["bands", "all"],
])("what NVRAM holds of %s wrongly is dropped", async (section, content) => {
  const { dte } = await quietModem({ nvram: Nvram.inMemory({ [section]: content }) });
  await dte.command("AT+CGFUNC=1;+CNBP?\r", framed("+CGFUNC: 1") + info("+CNBP: 0xFFFFFFFFFFFFFFFF"));
  await dte.command("AT+CPOL?\r", info('+CPOL: 1,2,"00101",0,0,1'));
});

test("a full list of preferred operators", async () => {
  const { dte } = await quietModem();
  for (let place = 2; place <= 8; place++) await dte.command(`AT+CPOL=,2,"4600${place}"\r`, OK);
  await dte.command('AT+CPOL=,2,"46001"\r', framed("+CME ERROR: memory full"));
});

test("COPN lists the operators that CPOL knows", async () => {
  const { dte } = await quietModem();
  dte.send("AT+COPN\r");
  await dte.expect('\r\n+COPN: "00101","Test PLMN 1-1"\r\n');
  expect(dte.take()).toMatch(/^(\+COPN: "\d{5,6}","[^"]+"\r\n)+\r\nOK\r\n$/);
});

describe("what the network does with calls", () => {
  test("a call that is forwarded does not reach the module", async () => {
    const { dte, modem } = await quietModem();
    await dte.command('AT+CCFC=0,3,"123"\r', OK);
    expect(modem.module.calls.ring({ from: "1" })).toBeUndefined();
    await dte.command("AT+CCFC=0,0\r", OK);
    expect(modem.module.calls.ring({ from: "1" })).toBe(1);
    await dte.expect(framed("RING"));
  });

  test("a call that nobody answers goes elsewhere after the time, and is missed here", async () => {
    const { dte, modem } = await quietModem();
    await dte.command('AT+CCFC=2,3,"123",,,,,10\r', OK);
    modem.module.calls.ring({ from: "77" });
    await dte.expect(framed("RING"));
    await dte.clock.advance(9999);
    await dte.expect(framed("RING") + framed("RING"));
    await dte.expect(framed("MISSED_CALL: 12:00PM 77"), { within: 1 });
    await dte.expectNothing(60_000);
  });

  test("without call waiting a second call finds the module busy", async () => {
    const { dte, modem } = await quietModem();
    await dte.command("AT+CCWA=1,0\r", OK);
    modem.module.calls.ring({ from: "1" });
    await dte.expect(framed("RING"));
    await dte.command("ATA\r", framed("VOICE CALL: BEGIN") + OK);
    expect(modem.module.calls.ring({ from: "2" })).toBeUndefined();
    await dte.command("AT+CCWA=1,1\r", OK);
    expect(modem.module.calls.ring({ from: "2" })).toBe(2);
    await dte.expect(framed('+CCWA: "2",129,1,,0'));
  });

  test("without a network none of it can be asked or changed", async () => {
    const { dte, modem } = await quietModem();
    modem.module.radio.move({ registration: "none" });
    const none = framed("+CME ERROR: no network service");
    await dte.command("AT+CCFC=0,2\r", none);
    await dte.command("AT+CCWA=1,2\r", none);
    await dte.command("AT+CCWA=1\r", OK);
  });
});

test("NETOPEN? of SIM5360 tells the state alone", async () => {
  const { dte } = await quietModem({ identity: "sim5360" });
  await dte.command("AT+NETOPEN?\r", info("+NETOPEN: 0"));
  await dte.command("AT+NETOPEN\r", OK + framed("+NETOPEN: 0"));
  await dte.command("AT+NETOPEN?\r", info("+NETOPEN: 1"));
});
