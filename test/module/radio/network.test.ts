import { describe, expect, test } from "vitest";
import type { Surroundings } from "../../../src/module/radio/radio.ts";
import { cardInState } from "../../../src/module/sim.ts";
import { ERROR, framed, info, OK } from "../../support/framing.ts";
import { modemOnMemory } from "../../support/modem-on-memory.ts";

async function quietModem(options: Parameters<typeof modemOnMemory>[0] = {}) {
  const modem = await modemOnMemory(options);
  await modem.dte.command("ATE0+CMEE=1\r", `ATE0+CMEE=1\r${OK}`);
  return modem;
}

/** Where the module is, and what the commands then say of it. */
const PLACES: readonly (readonly [
  name: string,
  place: Partial<Surroundings>,
  ...answers: readonly [string, string][],
])[] = [
  [
    "home",
    {},
    ["+CREG?", "+CREG: 0,1"],
    ["+CGREG?", "+CGREG: 0,1"],
    ["+COPS?", '+COPS: 0,0,"Test PLMN 1-1",2'],
    ["+CPSI?", "+CPSI: WCDMA,Online,001-01,0xED2E,1,WCDMA IMT 2000,9,10688,0,6,62,43,45,500"],
    ["+CNSMOD?", "+CNSMOD: 0,4"],
    ["+COPS=?", '+COPS: (2,"Test PLMN 1-1","TEST","00101",2),,(0,1,2,3,4),(0,1,2)'],
  ],
  [
    "roaming",
    { registration: "roaming", technology: "gsm", operator: { long: "Other", short: "O", numeric: "26201" } },
    ["+CREG?", "+CREG: 0,5"],
    ["+COPS?", '+COPS: 0,0,"Other",0'],
    ["+CPSI?", "+CPSI: GSM,Online,262-01,0xed2e,1,27 EGSM 900,-64,2110,42-42"],
    ["+CNSMOD?", "+CNSMOD: 0,1"],
  ],
  [
    "searching",
    { registration: "searching" },
    ["+CREG?", "+CREG: 0,2"],
    ["+CGREG?", "+CGREG: 0,2"],
    ["+COPS?", "+COPS: 0"],
    ["+CPSI?", "+CPSI: NO SERVICE,Online"],
    ["+CNSMOD?", "+CNSMOD: 0,0"],
    ["+CGATT?", "+CGATT: 0"],
    ["+COPS=?", "+COPS: ,(0,1,2,3,4),(0,1,2)"],
  ],
  ["denied", { registration: "denied" }, ["+CREG?", "+CREG: 0,3"], ["+COPS?", "+COPS: 0"]],
  ["a weak signal", { signal: { kind: "fixed", rssi: 3, ber: 7 } }, ["+CSQ", "+CSQ: 3,7"]],
];

describe("what the network commands say", () => {
  const rows = PLACES.map(([name, place, ...answers]) => [name, place, answers] as const);
  test("in dialect field a search takes three seconds, and what was found in the end is told", async () => {
    const { dte, modem, clock } = await modemOnMemory({ dialect: "field" });
    await dte.command("ATE0\r", `ATE0\r${OK}`);
    dte.send("AT+COPS=?\r");
    await dte.expectNothing(2999);
    modem.module.radio.move({ registration: "denied" });
    await dte.expect(info('+COPS: (3,"Test PLMN 1-1","TEST","00101",2),,(0,1,2,3,4),(0,1,2)'), { within: 1 });
    dte.send("AT+COPS=?\r");
    await dte.expectNothing(1000);
    await modem.reset();
    await dte.expectNothing(5000);
    expect(clock.pendingAlarms).toBe(0);
  });

  test.each(rows)("%s", async (_, place, answers) => {
    const { dte, modem } = await quietModem();
    modem.module.radio.move(place);
    for (const [line, answer] of answers) await dte.command(`AT${line}\r`, info(answer));
  });

  test.each([
    [0, "Low Power Mode"],
    [4, "Low Power Mode"],
    [5, "Factory Test Mode"],
    [7, "Offline"],
  ])("CFUN=%i silences the radio, CFUN=1 brings it back", async (level, mode) => {
    const { dte } = await quietModem();
    await dte.command(`AT+CFUN=${level}\r`, OK);
    await dte.command("AT+CFUN?\r", info(`+CFUN: ${level}`));
    await dte.command("AT+CREG?\r", info("+CREG: 0,0"));
    await dte.command("AT+CSQ\r", info("+CSQ: 99,99"));
    await dte.command("AT+CGATT?\r", info("+CGATT: 0"));
    await dte.command("AT+CPSI?\r", info(`+CPSI: NO SERVICE,${mode}`));
    await dte.command("AT+CFUN=1\r", OK);
    await dte.command("AT+CREG?\r", info("+CREG: 0,1"));
    await dte.command("AT+CGATT?\r", info("+CGATT: 1"));
  });

  test("COPS chooses, leaves and names the operator", async () => {
    const { dte } = await quietModem();
    await dte.command("AT+COPS=3,2\r", OK);
    await dte.command("AT+COPS?\r", info('+COPS: 0,2,"00101",2'));
    await dte.command("AT+COPS=3,1\r", OK);
    await dte.command("AT+COPS?\r", info('+COPS: 0,1,"TEST",2'));
    await dte.command('AT+COPS=1,2,"00101"\r', OK);
    await dte.command("AT+COPS?\r", info('+COPS: 1,2,"00101",2'));
    await dte.command('AT+COPS=1,2,"26201"\r', framed("+CME ERROR: 30"));
    await dte.command("AT+COPS=1\r", ERROR);
    await dte.command("AT+COPS=3\r", ERROR);
    await dte.command("AT+COPS=2\r", OK);
    await dte.command("AT+COPS?\r", info("+COPS: 2"));
    await dte.command("AT+CREG?\r", info("+CREG: 0,0"));
    await dte.command("AT+COPS=0\r", OK);
    await dte.command("AT+CREG?\r", info("+CREG: 0,1"));
  });

  test("the contexts: defined, activated, with an address", async () => {
    const { dte } = await quietModem();
    await dte.command("AT+CGDCONT?\r", info('+CGDCONT: 1,"IP","","0.0.0.0",0,0'));
    await dte.command('AT+CGDCONT=3,"IP","apn"\r', OK);
    await dte.command("AT+CGACT?\r", info("+CGACT: 1,0", "+CGACT: 3,0"));
    await dte.command("AT+CGACT=1,3\r", OK);
    await dte.command("AT+CGPADDR\r", info('+CGPADDR: 1,"0.0.0.0"', '+CGPADDR: 3,"10.146.130.153"'));
    await dte.command("AT+CGACT=1,2\r", framed("+CME ERROR: 30"));
    await dte.command("AT+CGATT=0\r", OK);
    await dte.command("AT+CGACT?\r", info("+CGACT: 1,0", "+CGACT: 3,0"));
  });
});

describe("what is told unasked", () => {
  test("CREG and CGREG by their modes", async () => {
    const { dte, modem } = await quietModem();
    const { radio } = modem.module;
    radio.move({ registration: "searching" });
    await dte.expectNothing();
    await dte.command("AT+CREG=1;+CGREG=2\r", OK);
    radio.move({ registration: "roaming" });
    await dte.expect(framed("+CREG: 5") + framed("+CGREG: 5,ED2E,1"));
    radio.move({ cell: 0xabcdef });
    await dte.expect(framed("+CGREG: 5,ED2E,ABCDEF"));
    await dte.command("AT+CGATT=0\r", OK + framed("+CGREG: 0"));
    await dte.command("AT+CGATT=1\r", OK + framed("+CGREG: 5,ED2E,ABCDEF"));
    await dte.command("AT+CFUN=4\r", OK + framed("+CREG: 0") + framed("+CGREG: 0"));
    await dte.command("AT+CREG=0;+CGREG=0;+CFUN=1\r", OK);
    await dte.expectNothing();
  });

  test("CNSMOD", async () => {
    const { dte, modem } = await quietModem();
    await dte.command("AT+CNSMOD=1\r", OK);
    modem.module.radio.move({ technology: "hspa" });
    await dte.expect(framed("+CNSMOD: 7"));
    modem.module.radio.move({ lac: 1 });
    await dte.expectNothing();
  });

  test("CPSI every so many seconds, until 0 or a restart", async () => {
    const { dte, modem, clock } = await quietModem();
    await dte.command("AT+CPSI=5\r", OK);
    const line = framed("+CPSI: WCDMA,Online,001-01,0xED2E,1,WCDMA IMT 2000,9,10688,0,6,62,43,45,500");
    await dte.expectNothing(4999);
    await clock.advance(1);
    await dte.expect(line);
    await clock.advance(5000);
    await dte.expect(line);
    await dte.command("AT+CPSI=0\r", OK);
    await dte.expectNothing(20_000);
    await dte.command("AT+CPSI=5\r", OK);
    await modem.powerOff();
    await dte.expectNothing(20_000);
    expect(clock.pendingAlarms).toBe(0);
  });

  test.each([
    [0, true],
    [1, true],
    [2, false],
    [7, false],
  ])("CATR=%i", async (port, ours) => {
    const { dte, modem } = await quietModem();
    await dte.command(`AT+CREG=1;+CATR=${port}\r`, OK);
    modem.module.radio.move({ registration: "searching" });
    if (ours) await dte.expect(framed("+CREG: 2"));
    await dte.expectNothing();
    await dte.command("AT+CATR?\r", info(`+CATR: ${port}`));
  });

  test("CATR leads packets and outcomes away, too, and nothing waits for them", async () => {
    const { dte, network } = await quietModem();
    network.script({ acts: ["HTTP/1.0 200 OK\r\n\r\nx"] });
    await dte.command('AT+CATR=2;+CHTTPACT="a",80\r', framed("+CHTTPACT: REQUEST"));
    await dte.command("GET / HTTP/1.0\r\n\r\n\x1a", OK);
    await dte.expectNothing(10_000);
    expect(network.connections[0]?.closed).toBe(true);
  });

  test("the time of the network: CTZU sets the clock, CTZR tells", async () => {
    const { dte, modem } = await quietModem();
    const time = { epoch: Date.UTC(2020, 0, 2, 3, 4, 5), zone: -8 };
    modem.module.rtc.networkTime.tell(time);
    await dte.command("AT+CCLK?\r", info('+CCLK: "10/02/05,12:00:00+00"'));
    await dte.command("AT+CTZU=1;+CTZR=1\r", OK);
    modem.module.rtc.networkTime.tell(time);
    await dte.expect(framed("+CTZV: -08"));
    await dte.command("AT+CCLK?\r", info('+CCLK: "20/01/02,01:04:05-08"'));
  });
});

describe("the services without the network", () => {
  const LOSSES: readonly (readonly [string, (modem: Awaited<ReturnType<typeof quietModem>>["modem"]) => unknown])[] = [
    ["searching", ({ module }) => module.radio.move({ registration: "searching" })],
    ["denied", ({ module }) => module.radio.move({ registration: "denied" })],
    ["detached", ({ module }) => module.packetService.attach(false)],
    ["CFUN=4", ({ module }) => module.radio.setFunctionality(4)],
  ];

  test.each(LOSSES)("%s: nothing is reached, and 227 says so", async (_, lose) => {
    const { dte, modem, network } = await quietModem();
    lose(modem);
    await dte.command('AT+CHTTPACT="a",80\r', framed("+CME ERROR: 227"));
    expect(network.targets).toEqual([]);
  });

  test.each(LOSSES)("%s while a connection is made", async (_, lose) => {
    const { dte, modem, network } = await quietModem();
    network.script({ unanswered: true });
    dte.send('AT+CHTTPACT="a",80\r');
    await dte.expectNothing();
    lose(modem);
    await dte.expect(framed("+CME ERROR: 227"));
  });

  test.each([...LOSSES, ["no SIM", ({ module }) => module.sim.insert(undefined)] as (typeof LOSSES)[number]])(
    "%s while a response runs: 224, and the connection is closed",
    async (_, lose) => {
      const { dte, modem, network, clock } = await quietModem();
      network.script({ acts: ["HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", "silence"] });
      await dte.command('AT+CHTTPACT="a",80\r', framed("+CHTTPACT: REQUEST"));
      await dte.command("GET / HTTP/1.1\r\n\r\n\x1a", OK);
      await clock.advance(1000);
      await dte.expect(`${framed("+CHTTPACT: DATA, 38")}HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n`);
      lose(modem);
      await dte.expect(framed("+CHTTPACT: 224"));
      expect(network.connections[0]?.closed).toBe(true);
    },
  );

  test("attachment, activation and NETOPEN are refused without registration", async () => {
    const { dte, modem } = await quietModem();
    modem.module.radio.move({ registration: "searching" });
    await dte.command("AT+CGATT=1\r", framed("+CME ERROR: 30"));
    await dte.command("AT+CGACT=1,1\r", framed("+CME ERROR: 30"));
    await dte.command("AT+NETOPEN\r", OK + framed("+NETOPEN: 1"));
    await dte.command("AT+CGATT=0\r", OK);
  });

  test("after the network has come back the services work", async () => {
    const { dte, modem, network } = await quietModem();
    modem.module.radio.move({ registration: "searching" });
    modem.module.radio.move({ registration: "home" });
    network.script({ acts: ["silence"] });
    await dte.command('AT+CHTTPACT="a",80\r', framed("+CHTTPACT: REQUEST"));
  });
});

test("a drifting signal wanders within its bounds, and the same way for the same seed", async () => {
  const courses = await Promise.all(
    [1, 1, 2].map(async (seed) => {
      const { modem, clock } = await quietModem({ sim: { inserted: cardInState("ready") } });
      modem.module.radio.move({ signal: { kind: "drifting", mean: 15, spread: 6, seed } });
      const course: number[] = [];
      for (let minute = 0; minute < 30; minute++) {
        await clock.advance(20_000);
        course.push(modem.module.radio.signal.rssi);
      }
      return course;
    }),
  );
  const [first, same, other] = courses;
  expect(first).toEqual(same);
  expect(first).not.toEqual(other);
  expect(new Set(first).size).toBeGreaterThan(3);
  expect(Math.min(...(first ?? []))).toBeGreaterThanOrEqual(9);
  expect(Math.max(...(first ?? []))).toBeLessThanOrEqual(21);
});
