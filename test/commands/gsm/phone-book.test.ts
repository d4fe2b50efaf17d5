import { describe, expect, test } from "vitest";
import { Nvram } from "../../../src/module/settings/nvram.ts";
import { ERROR, framed, info, OK } from "../../support/framing.ts";
import { modemOnMemory } from "../../support/modem-on-memory.ts";

const cme = (code: number) => framed(`+CME ERROR: ${code}`);

async function bookModem(nvram = Nvram.inMemory()) {
  const modem = await modemOnMemory({ nvram });
  await modem.dte.command("ATE0+CMEE=1\r", `ATE0+CMEE=1\r${OK}`);
  return modem;
}

test("entries are written, read, found and removed", async () => {
  const { dte } = await bookModem();
  await dte.command('AT+CPBW=1,"123456",129,"James"\r', OK);
  await dte.command('AT+CPBW=,"+15555550142",,"Jane \\22J\\22"\r', OK);
  await dte.command('AT+CPBW=200,"*1#",161\r', OK);
  await dte.command("AT+CPBS?\r", info('+CPBS: "SM",3,200'));
  const [one, two, last] = ['1,"123456",129,"James"', '2,"+15555550142",145,"Jane \\22J\\22"', '200,"*1#",161,""'];
  await dte.command("AT+CPBR=1\r", info(`+CPBR: ${one}`));
  await dte.command("AT+CPBR=1,200\r", info(`+CPBR: ${one}`, `+CPBR: ${two}`, `+CPBR: ${last}`));
  await dte.command("AT+CPBR=3,199\r", OK);
  await dte.command('AT+CPBF="JA"\r', info(`+CPBF: ${one}`, `+CPBF: ${two}`));
  await dte.command('AT+CPBF=""\r', info(`+CPBF: ${one}`, `+CPBF: ${two}`, `+CPBF: ${last}`));
  await dte.command('AT+CPBF="Joe"\r', OK);
  await dte.command("AT+CPBW=1\r", OK);
  await dte.command("AT+CPBR=1\r", OK);
  await dte.command('AT+CPBW=,"5"\r', OK);
  await dte.command("AT+CPBR=1\r", info('+CPBR: 1,"5",129,""'));
});

test("names are in the character set of the host", async () => {
  const { dte } = await bookModem();
  await dte.command('AT+CSCS="UCS2";+CPBW=1,"5",129,"042F"\r', OK);
  await dte.command("AT+CPBR=1\r", info('+CPBR: 1,"5",129,"042F"'));
  await dte.command('AT+CPBF="044F"\r', info('+CPBF: 1,"5",129,"042F"'));
  await dte.command('AT+CPBF="1"\r', cme(25));
  await dte.command('AT+CSCS="IRA";+CPBR=1\r', info('+CPBR: 1,"5",129,"?"'));
});

test.each([
  ["+CPBS=?", info('+CPBS: ("SM","DC","FD","LD","MC","ME","RC","EN","ON","SN")')],
  ['+CPBS="ME";+CPBS?', info('+CPBS: "ME",0,100')],
  ['+CPBS="ME";+CPBS;+CPBS?', info('+CPBS: "SM",0,200')],
  ['+CPBS="XX"', ERROR],
  ["+CPBR=?", info("+CPBR: (1-200),40,18")],
  ['+CPBS="EN";+CPBR=?', info("+CPBR: (1-50),40,18")],
  ['+CPBS="EN";+CPBR=1,50', info('+CPBR: 1,"112",129,""', '+CPBR: 2,"911",129,""')],
  ["+CPBR=0", cme(21)],
  ["+CPBR=201", cme(21)],
  ["+CPBR=1,201", cme(21)],
  ["+CPBR=2,1", cme(21)],
  ["+CPBR", ERROR],
  ["+CPBF=?", info("+CPBF: 40,18")],
  ["+CPBF", ERROR],
  ["+CPBW=?", info("+CPBW: (1-200),40,(128,129,145,161,177),18")],
  ["+CPBW", ERROR],
  ["+CPBW=0", cme(21)],
  ['+CPBW=201,"1"', cme(21)],
  ['+CPBW=1,"1",127', ERROR],
  ['+CPBW=1,""', cme(27)],
  ['+CPBW=1,"12x"', cme(27)],
  [`+CPBW=1,"${"1".repeat(40)}"`, OK],
  [`+CPBW=1,"${"1".repeat(41)}"`, cme(26)],
  [`+CPBW=1,"1",129,"${"a".repeat(18)}"`, OK],
  [`+CPBW=1,"1",129,"${"a".repeat(19)}"`, cme(24)],
  ['+CSCS="UCS2";+CPBW=1,"1",129,"a"', cme(25)],
  ["+CNUM", info('+CNUM: ,"+15555550123",145')],
])("AT%s", async (line, answer) => {
  const { dte } = await bookModem();
  await dte.command(`AT${line}\r`, answer);
});

test.each(["DC", "MC", "RC", "LD", "EN", "SN"])("%s is not the host's to write", async (storage) => {
  const { dte } = await bookModem();
  await dte.command(`AT+CPBS="${storage}";+CPBW=1,"1"\r`, cme(3));
  await dte.command("AT+CPBW=1\r", cme(3));
});

test("a full storage is 20", async () => {
  const { dte } = await bookModem();
  await dte.command('AT+CPBS="FD"\r', OK);
  for (let count = 0; count < 10; count++) await dte.command('AT+CPBW=,"1"\r', OK);
  await dte.command('AT+CPBW=,"1"\r', cme(20));
});

describe("own numbers", () => {
  test("are the card's and those that the host has written; a message to each comes back", async () => {
    const { dte, modem, clock } = await bookModem();
    await dte.command('AT+CPBS="ON";+CPBW=2,"5551",129,"work";+CNMI=2,0\r', OK);
    await dte.command("AT+CNUM\r", info('+CNUM: ,"+15555550123",145', '+CNUM: "work","5551",129'));
    await dte.command('AT+CMGSO="5551","hi"\r', info("+CMGSO: 0"));
    await clock.advance(1000);
    expect(modem.module.sms.store.list("SM")).toMatchObject([{ message: { from: "5551" } }]);
  });

  test("one that the host has removed stays away", async () => {
    const { dte } = await bookModem();
    await dte.command('AT+CPBS="ON";+CPBW=1\r', OK);
    await dte.command("AT+CNUM\r", OK);
    await dte.command('AT+CPBW=1,"+4930"\r', OK);
    await dte.command("AT+CNUM\r", info('+CNUM: ,"+4930",145'));
  });
});

test("calls are in the lists of calls, the newest first", async () => {
  const { dte, modem, clock } = await bookModem();
  const { calls, phoneBook } = modem.module;
  await dte.command("ATD5551;\r", OK);
  calls.endByFarEnd(1, "busy");
  calls.ring({ from: "5552" });
  calls.answer();
  calls.endByFarEnd(1, "far end");
  for (const from of ["5553", "", "5554"]) {
    calls.ring({ from });
    calls.endByFarEnd(1, "far end");
  }
  await clock.advance(0);
  const numbers = (storage: "DC" | "LD" | "RC" | "MC") => phoneBook.list(storage).map(({ number }) => number);
  expect((["DC", "LD", "RC", "MC"] as const).map(numbers)).toEqual([["5551"], ["5551"], ["5552"], ["5554", "5553"]]);
});

test("what the host has written is in NVRAM", async () => {
  const nvram = Nvram.inMemory();
  const first = await bookModem(nvram);
  await first.dte.command('AT+CPBW=3,"1",129,"James"\r', OK);
  await first.modem.close();
  const { dte } = await bookModem(nvram);
  await dte.command("AT+CPBR=1,200\r", info('+CPBR: 3,"1",129,"James"'));
});

test.each([
  [[]],
  [{ SM0: null }],
  [{ SM201: null }],
  [{ XX1: null }],
  [{ SM1: { number: "1", type: "129", name: "" } }],
])("what NVRAM holds is dropped where it is wrong: %j", async (book) => {
  const { dte } = await bookModem(Nvram.inMemory({ "phone book": book }));
  await dte.command("AT+CPBS?\r", info('+CPBS: "SM",0,200'));
});

describe("a call of a number in the phone book has its name", () => {
  test.each([
    ["SM", '"+15555550142",145', "+15555550142", undefined, '"Ann"'],
    ["SM", '"15555550142",145', "+15555550142", undefined, '"Ann"'],
    ["ME", '"02152063113",129', "02152063113", undefined, '"Ann"'],
    ["SM", '"+15555550142",145', "+15555550142", "of the network", '"of the network"'],
    ["SM", '"+15555550142",145', "5555550142", undefined, ""],
    ["ON", '"+15555550142",145', "+15555550142", undefined, ""],
    ["SM", '"+15555550142",145', "", undefined, ""],
  ])("written to %s as %s, with a call from %j", async (storage, entry, from, name, shown) => {
    const { dte, modem } = await bookModem();
    await dte.command(`AT+CPBS="${storage}";+CPBW=1,${entry},"Ann";+CLIP=1\r`, OK);
    modem.module.calls.ring({ from, name });
    const type = from.startsWith("+") ? 145 : 128;
    await dte.expect(framed("RING") + framed(`+CLIP: "${from}",${type},,,${shown},${from === "" ? 1 : 0}`));
    await dte.command("AT+CHUP\r", info("VOICE CALL: END"));
  });

  test("one that waits, too", async () => {
    const { dte, modem } = await bookModem();
    await dte.command('AT+CPBW=1,"10011",129,"sm";+CCWA=1\r', OK);
    modem.module.calls.ring({ from: "1" });
    await dte.expect(framed("RING"));
    await dte.command("ATA\r", info("VOICE CALL: BEGIN"));
    modem.module.calls.ring({ from: "10011" });
    await dte.expect(framed('+CCWA: "10011",129,1,"sm",0'));
    await dte.command("AT+CHLD=0\r", info("VOICE CALL: END"));
    await dte.command("AT+CHUP\r", info("VOICE CALL: END: 000000"));
  });

  test("one that the host makes, too", async () => {
    const { dte } = await bookModem();
    await dte.command('AT+CPBW=1,"10011",129,"sm"\r', OK);
    await dte.command("ATD10011;\r", OK);
    await dte.command("AT+CLCC\r", info('+CLCC: 1,0,2,0,0,"10011",129,"sm"'));
    await dte.command("AT+CHUP\r", info("VOICE CALL: END"));
  });
});
