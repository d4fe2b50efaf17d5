import { describe, expect, test } from "vitest";
import { ERROR, framed, info, OK } from "../../support/framing.ts";
import { modemOnMemory } from "../../support/modem-on-memory.ts";

const MENU = { text: "1 Balance\n2 More", answers: { 1: "12.50", 2: { text: "1 Back", answers: {} } } };
const TABLE = { "*100#": "Balance 5 EUR", "*101#": MENU, "*102#": "5 €", "*103#": "баланс", "1": "a code" };
const cme = (code: number) => framed(`+CME ERROR: ${code}`);

async function ussdModem() {
  const modem = await modemOnMemory();
  expect(await modem.modem.patch({ ussd: TABLE })).toBeUndefined();
  await modem.dte.command("ATE0+CMEE=1;+CUSD=1\r", `ATE0+CMEE=1;+CUSD=1\r${OK}`);
  return modem;
}

test.each([
  ['+CUSD=1,"*100#",15', "IRA", '+CUSD: 0,"Balance 5 EUR",15'],
  ["+CUSD=1,*100#", "IRA", '+CUSD: 0,"Balance 5 EUR",15'],
  ["D*100#;", "IRA", '+CUSD: 0,"Balance 5 EUR",15'],
  ['+CUSD=1,"*102#"', "GSM", '+CUSD: 0,"5 \x1be",15'],
  ['+CUSD=1,"*103#"', "IRA", '+CUSD: 0,"04310430043B0430043D0441",72'],
  ['+CUSD=1,"002A0031003000300023",72', "IRA", '+CUSD: 0,"Balance 5 EUR",15'],
  ['+CUSD=1,"002A0031003000320023"', "UCS2", '+CUSD: 0,"0035002020AC",15'],
  ['+CUSD=1,"*99#"', "IRA", "+CUSD: 4"],
  ['+CUSD=1,"constructor"', "IRA", "+CUSD: 4"],
])("AT%s in %s answers OK, and a second later %s", async (line, charset, report) => {
  const { dte } = await ussdModem();
  await dte.command(`AT+CSCS="${charset}"\r`, OK);
  await dte.command(`AT${line}\r`, OK);
  await dte.expectNothing(999);
  await dte.expect(framed(report), { within: 1 });
  await dte.expectNothing();
});

describe("a dialogue", () => {
  const asks = framed('+CUSD: 1,"1 Balance\n2 More",15');

  test("goes on with the host's answers, which are no codes", async () => {
    const { dte } = await ussdModem();
    await dte.command('AT+CUSD=1,"*101#"\r', OK);
    await dte.expect(asks, { within: 1000 });
    await dte.command('AT+CUSD=1,"1"\r', OK);
    await dte.expect(framed('+CUSD: 0,"12.50",15'), { within: 1000 });
    await dte.command('AT+CUSD=1,"1"\r', OK);
    await dte.expect(framed('+CUSD: 0,"a code",15'), { within: 1000 });
  });

  test("is ended by the network where the answer is none of those", async () => {
    const { dte } = await ussdModem();
    await dte.command('AT+CUSD=1,"*101#"\r', OK);
    await dte.expect(asks, { within: 1000 });
    await dte.command('AT+CUSD=1,"7"\r', OK);
    await dte.expect(framed("+CUSD: 2"), { within: 1000 });
  });

  test("runs out of time", async () => {
    const { dte } = await ussdModem();
    await dte.command('AT+CUSD=1,"*101#"\r', OK);
    await dte.expect(asks, { within: 1000 });
    await dte.expectNothing(119_999);
    await dte.expect(framed("+CUSD: 5"), { within: 1 });
  });

  test("is cancelled by the host, and by the end of the power", async () => {
    const { dte, modem, clock } = await ussdModem();
    await dte.command('AT+CUSD=1,"*101#"\r', OK);
    await dte.expect(asks, { within: 1000 });
    await dte.command("AT+CUSD=2\r", OK);
    await dte.command('AT+CUSD=1,"*100#"\r', OK);
    await modem.powerOff();
    expect(clock.pendingAlarms).toBe(0);
    await dte.expectNothing(120_000);
  });
});

test("with 0 the code is sent and the answer not shown", async () => {
  const { dte } = await ussdModem();
  await dte.command('AT+CUSD=0,"*100#"\r', OK);
  await dte.command("AT+CUSD?\r", info("+CUSD: 0"));
  await dte.expectNothing(10_000);
});

test.each([
  ["+CUSD=?", info("+CUSD: (0-2)")],
  ["+CUSD?", info("+CUSD: 1")],
  ["+CUSD;+CUSD?", info("+CUSD: 0")],
  ["+CUSD=3", ERROR],
  ['+CUSD=1,""', ERROR],
  [`+CUSD=1,"${"1".repeat(729)}"`, ERROR],
])("AT%s", async (line, answer) => {
  const { dte } = await ussdModem();
  await dte.command(`AT${line}\r`, answer);
});

test("without a network it is 30", async () => {
  const { dte, modem } = await ussdModem();
  modem.module.radio.move({ registration: "searching" });
  await dte.command('AT+CUSD=1,"*100#"\r', cme(30));
  await dte.command("ATD*100#;\r", framed("NO CARRIER"));
});

test.each([
  [[]],
  [{ "*1#": 5 }],
  [{ "": "x" }],
  [{ "*1#": "x".repeat(183) }],
  [{ "*1#": "я".repeat(81) }],
  [{ "*1#": { text: "x" } }],
  [{ "*1#": { text: "x", answers: { 1: null } } }],
  [{ "*1#": { text: "x", answers: {}, more: 1 } }],
])("a table like %j is refused", async (ussd) => {
  const { modem } = await modemOnMemory();
  expect(await modem.patch({ ussd })).toMatchObject({ at: "/ussd" });
  expect(modem.snapshot().ussd).toEqual({});
});
