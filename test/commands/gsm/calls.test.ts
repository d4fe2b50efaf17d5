import { describe, expect, test } from "vitest";
import { IDENTITIES } from "../../../src/module/identity.ts";
import { cardInState } from "../../../src/module/sim.ts";
import { ERROR, framed, info, OK } from "../../support/framing.ts";
import { modemOnMemory } from "../../support/modem-on-memory.ts";

async function quietModem(options: Parameters<typeof modemOnMemory>[0] = {}) {
  const modem = await modemOnMemory(options);
  await modem.dte.command("ATE0+CMEE=1\r", `ATE0+CMEE=1\r${OK}`);
  return { ...modem, calls: modem.modem.module.calls };
}

type Quiet = Awaited<ReturnType<typeof quietModem>>;

const NUMBER = "+15555550142";
const BEGIN = framed("VOICE CALL: BEGIN");
const NO_CARRIER = framed("NO CARRIER");
const end = (time?: string) => framed(time === undefined ? "VOICE CALL: END" : `VOICE CALL: END: ${time}`);
const RING = framed("RING");

/** An incoming call that was answered. */
async function talk({ dte, calls }: Quiet, from = NUMBER): Promise<number> {
  const id = calls.ring({ from }) ?? 0;
  await dte.expect(RING);
  await dte.command("ATA\r", BEGIN + OK);
  return id;
}

describe("dialling", () => {
  test("OK comes at once, and BEGIN when the far end answers", async () => {
    const { dte, calls } = await quietModem();
    await dte.command("ATD0123456789;\r", OK);
    await dte.expectNothing(2999);
    expect(calls.list).toMatchObject([{ id: 1, direction: "outgoing", state: "alerting", number: "0123456789" }]);
    await dte.expect(BEGIN, { within: 1 });
    await dte.expectNothing(3_723_000);
    await dte.command("ATH\r", end("010203") + OK);
    expect(calls.list).toEqual([]);
  });

  test.each([
    ["busy", 0, 1000, "NO CARRIER", "User busy"],
    ["busy", 3, 1000, "BUSY", "User busy"],
    ["no-answer", 0, 31_000, "NO CARRIER", "User alerting, no answer"],
    ["no-answer", 4, 31_000, "NO ANSWER", "User alerting, no answer"],
  ] as const)("a far end that is %s: with ATX%d after %d ms %s", async (farEnd, level, ms, code, cause) => {
    const { dte, calls } = await quietModem();
    calls.farEnd = farEnd;
    await dte.command(`ATX${level}D1;\r`, OK);
    await dte.expectNothing(ms - 1);
    await dte.expect(framed(code), { within: 1 });
    await dte.command("AT+CEER\r", info(`+CEER: ${cause}`));
  });

  test("a far end that only rings is hung up without a time", async () => {
    const { dte, calls, clock } = await quietModem();
    calls.farEnd = "ring";
    await dte.command("ATD1;\r", OK);
    await dte.expectNothing(600_000);
    await dte.command("AT+CHUP\r", end() + OK);
    expect(clock.pendingAlarms).toBe(0);
  });

  test.each([
    ["D+1 (555) 555-0142I;", NUMBER],
    ["dt0123,4;", "01234"],
    ["D*31#0123i;", "*31#0123"],
  ])("AT%s calls %s", async (line, number) => {
    const { dte, calls } = await quietModem();
    await dte.command(`AT${line}\r`, OK);
    expect(calls.list).toMatchObject([{ number }]);
  });

  test.each([
    ["D0123456789", NO_CARRIER],
    ["D", NO_CARRIER],
    ["D;", NO_CARRIER],
    ["D12Z;", NO_CARRIER],
    ["DL", NO_CARRIER],
    ["D>3;", framed("+CME ERROR: 22")],
    ['D>"a;b";', framed("+CME ERROR: 22")],
    ["D>0;", framed("+CME ERROR: 22")],
    ["D>XX1;", framed("+CME ERROR: 22")],
    ['D>"";', framed("+CME ERROR: 22")],
    ["D>;", NO_CARRIER],
    ["D>name;", NO_CARRIER],
    ["D>1", NO_CARRIER],
  ])("AT%s makes no call", async (line, answer) => {
    const { dte, calls } = await quietModem();
    await dte.command(`AT${line}\r`, answer);
    expect(calls.list).toEqual([]);
    await dte.expectNothing(60_000);
  });

  test.each([
    ["D>1;", "111"],
    ["D> 2 ;", "222"],
    ["D>ME3;", "333"],
    ['D>"ME"3I;', "333"],
    ['d>"sm"1;', "111"],
    ['D>"Jane \\22J\\22 I";', "222"],
    ['D>"JIM; AT HOME"g;', "333"],
    ['D>"12";', "444"],
    ["D>4;", "4445"],
  ])("AT%s calls the entry of the phone book", async (line, number) => {
    const { dte, calls } = await quietModem();
    await dte.command('AT+CPBW=1,"111";+CPBW=2,"222",129,"jane \\22J\\22 i";+CPBW=4,"444,5"\r', OK);
    await dte.command('AT+CPBS="ME";+CPBW=3,"333",129,"Jim; at home";+CPBW=4,"444",129,"12";+CPBS="SM"\r', OK);
    await dte.command(`AT${line}\r`, OK);
    expect(calls.list).toMatchObject([{ number }]);
  });

  test("the entry is that of the storage that is chosen, and a code of one goes to the network", async () => {
    const { dte, calls } = await quietModem();
    await dte.command('AT+CPBW=1,"111";+CPBW=2,"*100#";+CPBS="ME";+CPBW=1,"999"\r', OK);
    await dte.command("ATD>1;H\r", end() + OK);
    expect(calls.lastNumber).toBe("999");
    await dte.command('AT+CUSD=1;D>"SM"2;\r', OK);
    await dte.expect(framed("+CUSD: 4"), { within: 1000 });
  });

  test("a name is in the character set of the host", async () => {
    const { dte, calls } = await quietModem();
    await dte.command('AT+CSCS="UCS2";+CPBW=1,"5",129,"042F"\r', OK);
    await dte.command('ATD>"044F";\r', OK);
    expect(calls.list).toMatchObject([{ number: "5" }]);
    await dte.command('ATD>"1";\r', framed("+CME ERROR: 22"));
  });

  test("ATDL calls the last number again", async () => {
    const { dte, calls } = await quietModem();
    await dte.command("ATD123;H\r", end() + OK);
    await dte.command("ATDL\r", OK);
    expect(calls.list).toMatchObject([{ number: "123" }]);
  });

  test.each([
    [
      "searching",
      "No service available",
      (modem: Quiet) => modem.modem.module.radio.move({ registration: "searching" }),
    ],
    ["CFUN=4", "Phone is offline", (modem: Quiet) => modem.modem.module.radio.setFunctionality(4)],
  ] as const)("%s: NO CARRIER, and CEER says %s", async (_, cause, lose) => {
    const modem = await quietModem();
    lose(modem);
    await modem.dte.command("ATD1;\r", NO_CARRIER);
    await modem.dte.command("AT+CEER\r", info(`+CEER: ${cause}`));
    expect(modem.calls.ring({ from: NUMBER })).toBeUndefined();
  });

  test("without a SIM it is refused", async () => {
    const { dte } = await quietModem({ sim: { inserted: cardInState("absent") } });
    for (const line of ["D1;", "A", "+CHUP", "+CLCC"]) await dte.command(`AT${line}\r`, framed("+CME ERROR: 10"));
    await dte.command("ATH\r", OK);
  });
});

describe("a call that comes in", () => {
  test.each([
    ["", NUMBER, undefined, [RING]],
    ["+CRC=1", NUMBER, undefined, [framed("+CRING: VOICE")]],
    ["+CLIP=1", NUMBER, undefined, [RING, framed(`+CLIP: "${NUMBER}",145,,,,0`)]],
    ["+CLIP=1", "02152063113", "gongsi", [RING, framed('+CLIP: "02152063113",128,,,"gongsi",0')]],
    ["+CLIP=1", "", undefined, [RING, framed('+CLIP: "",128,,,,1')]],
    ["V0", NUMBER, undefined, ["2\r"]],
  ])("with AT%s rings every 4 s", async (setting, from, name, lines) => {
    const { dte, calls } = await quietModem();
    await dte.command(`AT${setting}\r`, setting === "V0" ? "0\r" : OK);
    expect(calls.ring({ from, name })).toBe(1);
    await dte.expect(lines.join(""));
    for (let count = 0; count < 3; count++) {
      await dte.expectNothing(3999);
      await dte.expect(lines.join(""), { within: 1 });
    }
  });

  test("the far end hangs up after 3 min 52 s", async () => {
    const modem = await quietModem();
    const id = await talk(modem);
    await modem.dte.expectNothing(232_999);
    expect(modem.calls.endByFarEnd(id, "far end")).toBe(true);
    await modem.dte.expect(end("000352") + NO_CARRIER);
    await modem.dte.command("AT+CEER\r", info("+CEER: Normal call clearing"));
    await modem.dte.expectNothing(60_000);
  });

  test.each([
    ["2009-01-01T11:53:00+08:00", "08020866256", "MISSED_CALL: 11:53AM 08020866256"],
    ["2009-01-01T00:05:00+00:00", NUMBER, `MISSED_CALL: 12:05AM ${NUMBER}`],
    ["2009-01-01T13:05:00+00:00", "", "MISSED_CALL: 01:05PM"],
  ])("one that is missed at %s prints only that", async (time, from, line) => {
    const { dte, calls, modem } = await quietModem();
    await modem.patch({ clock: { time } });
    const id = calls.ring({ from }) ?? 0;
    await dte.expect(RING);
    calls.endByFarEnd(id, "far end");
    await dte.expect(framed(line));
    await dte.expectNothing(60_000);
  });

  test.each([["ATH"], ["AT+CHUP"]])("%s turns it away", async (line) => {
    const { dte, calls } = await quietModem();
    calls.ring({ from: NUMBER });
    await dte.expect(RING);
    await dte.command(`${line}\r`, end() + OK);
    await dte.expectNothing(60_000);
  });

  test("S0=2 answers after the second RING, also where the host wrote ATATS0", async () => {
    const { dte, calls } = await quietModem();
    await dte.command("ATATS0=2\r", OK);
    await dte.command("ATATS0?\r", info("002"));
    calls.ring({ from: NUMBER });
    await dte.expect(RING);
    await dte.expectNothing(3999);
    await dte.expect(RING + BEGIN, { within: 1 });
    await dte.expectNothing(60_000);
  });

  test("ATATA answers", async () => {
    const { dte, calls } = await quietModem();
    calls.ring({ from: NUMBER });
    await dte.expect(RING);
    await dte.command("ATATA\r", BEGIN + OK);
  });
});

describe("without a call", () => {
  test.each([
    ["A", NO_CARRIER],
    ["H", OK],
    ["+CHUP", OK],
    ["+CLCC", OK],
    ["+CLCC?", info("+CLCC: 0")],
    ["+CLCC=?", info("+CLCC: (0-1)")],
    ["+CPAS", info("+CPAS: 0")],
    ["+VTS=1", ERROR],
    ["+VTS=?", info("+VTS: (0-9,*,#,A,B,C,D)")],
    ["+CHLD=0", ERROR],
    ["+CHLD=1", ERROR],
    ["+CHLD=2", ERROR],
    ["+CHLD=3", ERROR],
    ["+CHLD=11", ERROR],
    ["+CHLD=5", ERROR],
    ["+CHLD=?", info("+CHLD: (0,1,1x,2,2x,3,4)")],
    ["+CEER", info("+CEER: Client ended call")],
    ["+VMUTE=1", ERROR],
    ["+CMUT=1", ERROR],
    ["+VMUTE?", info("+VMUTE:0")],
    ["+CLVL?", info("+CLVL:2")],
    ["+CLVL=9", ERROR],
    ["+CRSL?", info("+CRSL:2")],
    ["+CSDVC?", info("+CSDVC: 1")],
    ["+CSDVC=2", ERROR],
    ["+CPTONE=26", OK],
    ["+CPTONE=27", ERROR],
    ["S0?", info("000")],
    ["+CVHU?", info("+CVHU: 0")],
  ])("AT%s", async (line, answer) => {
    const { dte } = await quietModem();
    await dte.command(`AT${line}\r`, answer);
  });

  test("volumes and the stored device outlive the power", async () => {
    const { dte, modem } = await quietModem();
    await dte.command("AT+CLVL=7;+CRSL=0;+CSDVC=3,1;+CALM=1\r", OK);
    await modem.reset();
    await dte.command("ATE0\r", `ATE0\r${OK}`);
    await dte.command("AT+CLVL?;+CRSL?;+CSDVC?\r", framed("+CLVL:7") + framed("+CRSL:0") + info("+CSDVC: 3"));
    await dte.command("AT+CALM?\r", info("+CALM: 0"));
  });
});

describe("in a call", () => {
  test("CPAS and CLCC show it", async () => {
    const modem = await quietModem();
    const { dte, calls } = modem;
    calls.ring({ from: "10011", name: "sm" });
    await dte.expect(RING);
    await dte.command("AT+CPAS;+CLCC\r", framed("+CPAS: 3") + info('+CLCC: 1,1,4,0,0,"10011",128,"sm"'));
    await dte.command("ATA\r", BEGIN + OK);
    await dte.command("AT+CPAS;+CLCC\r", framed("+CPAS: 4") + info('+CLCC: 1,1,0,0,0,"10011",128,"sm"'));
  });

  test("with CVHU=1 ATH leaves it alone, and CHUP ends it", async () => {
    const modem = await quietModem();
    await talk(modem);
    await modem.dte.command("AT+CVHU=1;H\r", OK);
    await modem.dte.command("AT+CHUP\r", end("000000") + OK);
  });

  test.each([
    ["=1", "1", OK],
    ['="1,3,#"', "13#", OK],
    ["=d,20", "D", OK],
    ["=E", "", ERROR],
    ['="1,"', "", ERROR],
    [`="${"1,".repeat(15)}1"`, "", ERROR],
  ])("AT+VTS%s sends %s", async (keys, sent, answer) => {
    const modem = await quietModem();
    await talk(modem);
    await modem.dte.command(`AT+VTS${keys}\r`, answer);
    expect(modem.calls.get(1)?.dtmf).toBe(sent);
  });

  test.each([
    ["wcdma", "", ""],
    ["wcdma", "+DDET=1", framed("+RXDTMF: 5") + framed("+RXDTMF: #")],
    ["sim5218", "", framed("+RXDTMF: 5") + framed("+RXDTMF: #")],
  ] as const)("%s with AT%s prints the keys of the far end: %j", async (identity, setting, lines) => {
    const modem = await quietModem({ identity: IDENTITIES[identity] });
    const id = await talk(modem);
    await modem.dte.command(`AT${setting}\r`, OK);
    expect(modem.calls.press(id, "5#")).toBe(true);
    await modem.dte.expect(lines);
    await modem.dte.expectNothing();
  });

  test("mute ends with it", async () => {
    const modem = await quietModem();
    await talk(modem);
    await modem.dte.command("AT+VMUTE=1;+CMUT=1\r", OK);
    await modem.dte.command("AT+VMUTE?;+CMUT?\r", framed("+VMUTE:1") + info("+CMUT: 1"));
    await modem.dte.command("ATH\r", end("000000") + OK);
    await modem.dte.command("AT+VMUTE?;+CMUT?\r", framed("+VMUTE:0") + info("+CMUT: 0"));
  });

  test("with CLCC=1 and ATH the list comes before the end", async () => {
    const modem = await quietModem();
    await talk(modem, "10011");
    const list = framed('+CLCC: 1,1,6,0,0,"10011",128');
    await modem.dte.command("AT+CLCC=1;H\r", list + end("000000") + OK);
  });

  test("MORING=1 reports that the far end rings", async () => {
    const { dte } = await quietModem();
    await dte.command("AT+MORING=1;D1;\r", OK);
    await dte.expect(framed("VOICE CALL: ALERTING"), { within: 1000 });
  });
});

describe("two calls", () => {
  /** One that is active, and one that waits. */
  async function waiting() {
    const modem = await quietModem();
    await modem.dte.command("AT+CCWA=1\r", OK);
    await talk(modem, "1");
    expect(modem.calls.ring({ from: "2" })).toBe(2);
    await modem.dte.expect(framed('+CCWA: "2",129,1,,0'));
    return { ...modem, states: () => modem.calls.list.map(({ id, state }) => `${id} ${state}`) };
  }

  test.each<readonly [line: string, answer: string, states: readonly string[]]>([
    ["+CHLD=0", end() + OK, ["1 active"]],
    ["+CHLD=1", end("000000") + BEGIN + OK, ["2 active"]],
    ["+CHLD=2", BEGIN + OK, ["1 held", "2 active"]],
    ["+CHLD=2;+CHLD=2", BEGIN + OK, ["1 active", "2 held"]],
    ["+CHLD=2;+CHLD=3", BEGIN + OK, ["1 active", "2 active"]],
    ["+CHLD=2;+CHLD=3;+CHLD=21", BEGIN + OK, ["1 active", "2 held"]],
    ["+CHLD=2;+CHLD=4", BEGIN + end("000000") + end("000000") + OK, []],
    ["+CHLD=2;+CHLD=0", BEGIN + end("000000") + OK, ["2 active"]],
    ["+CHLD=12", ERROR, ["1 active", "2 waiting"]],
    ["+CHLD=3", ERROR, ["1 active", "2 waiting"]],
    ["H", end("000000") + end() + OK, []],
    ["A", NO_CARRIER, ["1 active", "2 waiting"]],
    ["D3;", NO_CARRIER, ["1 active", "2 waiting"]],
  ])("AT%s", async (line, answer, states) => {
    const modem = await waiting();
    await modem.dte.command(`AT${line}\r`, answer);
    expect(modem.states()).toEqual(states);
    await modem.dte.expectNothing(60_000);
  });

  test.each<readonly [string, (modem: Quiet) => Promise<void>]>([
    ["AT+CHLD=11", ({ dte }) => dte.command("AT+CHLD=11\r", end("000000") + OK + RING)],
    [
      "the far end",
      async ({ dte, calls }) => {
        calls.endByFarEnd(1, "far end");
        await dte.expect(end("000000") + NO_CARRIER + RING);
      },
    ],
  ])("the one that waits rings when %s has ended the other", async (_, finish) => {
    const modem = await waiting();
    await finish(modem);
    expect(modem.states()).toEqual(["2 incoming"]);
    expect(modem.calls.ring({ from: "3" })).toBeUndefined();
  });

  test("dialling holds the first", async () => {
    const modem = await quietModem();
    await talk(modem, "1");
    await modem.dte.command("ATD2;\r", OK);
    expect(modem.calls.list.map(({ state }) => state)).toEqual(["held", "dialing"]);
    await modem.dte.expect(BEGIN, { within: 3000 });
    await modem.dte.command("ATD3;\r", NO_CARRIER);
  });
});

describe("calls end", () => {
  test.each([
    [
      "the network is lost",
      "Network ended call",
      ({ modem }: Quiet) => modem.module.radio.move({ registration: "none" }),
    ],
    ["the SIM is taken out", "UIM not present", ({ modem }: Quiet) => modem.patch({ sim: { state: "absent" } })],
  ] as const)("when %s", async (_, cause, lose) => {
    const modem = await quietModem();
    await talk(modem);
    await lose(modem);
    await modem.dte.expect(end("000000") + NO_CARRIER);
    await modem.dte.command("AT+CEER\r", info(`+CEER: ${cause}`));
  });

  test.each<readonly [string, (modem: Quiet) => Promise<void>]>([
    ["the power", ({ modem }) => modem.powerOff()],
    ["a restart", ({ modem }) => modem.reset()],
    ["restore()", ({ modem }) => modem.restore()],
  ])("with %s, without a word", async (_, act) => {
    const modem = await quietModem();
    const { calls, clock, dte } = modem;
    calls.ring({ from: NUMBER });
    await dte.expect(RING);
    await act(modem);
    await dte.expectNothing(60_000);
    expect(calls.list).toEqual([]);
    expect(modem.modem.lines?.outputs.ri).toBe(false);
    expect(clock.pendingAlarms).toBe(0);
  });

  test("and a module that is off cannot be called", async () => {
    const { modem, calls } = await quietModem();
    await modem.powerOff();
    expect(calls.ring({ from: NUMBER })).toBeUndefined();
  });
});
