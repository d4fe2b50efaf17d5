import { describe, expect, test } from "vitest";
import { RING_PULSE } from "../../../support/dte.ts";
import { ERROR, framed, info, OK } from "../../../support/framing.ts";
import { modemOnMemory } from "../../../support/modem-on-memory.ts";

type Options = Parameters<typeof modemOnMemory>[0];

/** A module of 5 February 2010, at noon, in Bern. */
async function quietModem(options: Options = {}) {
  const modem = await modemOnMemory(options);
  await modem.dte.command("ATE0\r", `ATE0\r${OK}`);
  return { ...modem, gps: modem.modem.module.gps };
}

const NOISE = "AmpI/AmpQ: 1057/1057";
const NONE = "+CGPSINFO:,,,,,,,,";
const answer = (line: string) => framed(line) + info(NOISE);
/** In Bern, so many seconds after noon. */
const BERN = (seconds: number) =>
  `+CGPSINFO:4656.880000,N,00726.844000,E,050210,1200${String(seconds).padStart(2, "0")}.0,540.0,0.0,0`;

describe("AT+CGPS", () => {
  test("starts, and stops two seconds after the command", async () => {
    const { dte, clock } = await quietModem();
    await dte.command("AT+CGPS=?\r", info("+CGPS: (0,1),(1-3)"));
    await dte.command("AT+CGPS?\r", info("+CGPS: 0,1"));
    await dte.command("AT+CGPS=1,1\r", OK);
    await dte.command("AT+CGPS?\r", info("+CGPS: 1,1"));
    await dte.command("AT+CGPS=1\r", ERROR);
    await dte.command("AT+CGPS=0\r", OK);
    await dte.expectNothing(1999);
    await dte.command("AT+CGPS?\r", info("+CGPS: 1,1"));
    await dte.command("AT+CGPS=1\r", ERROR);
    await dte.command("AT+CGPS=0\r", OK);
    await dte.expect(framed("+CGPS: 0"), { within: 1 });
    await dte.command("AT+CGPS?\r", info("+CGPS: 0,1"));
    await dte.expectNothing(RING_PULSE);
    expect(clock.pendingAlarms).toBe(0);
  });

  test("is OK when there is nothing to stop", async () => {
    const { dte } = await quietModem();
    await dte.command("AT+CGPS=0\r", OK);
    await dte.expectNothing(10_000);
  });

  test.each(["=", "=2", "=1,0", "=1,4", "=1,1,1", ""])("AT+CGPS%s is an error", async (rest) => {
    const { dte } = await quietModem();
    await dte.command(`AT+CGPS${rest}\r`, ERROR);
  });

  test("mode 3 ends with the position that the network has found", async () => {
    const { dte } = await quietModem();
    await dte.command("AT+CGPS=1,3\r", OK);
    await dte.expectNothing(34_999);
    await dte.expect(framed("+CAGPSINFO:4694800000,744740000,540.0,05022010,120035.0"), { within: 1 });
    await dte.command("AT+CGPS?\r", info("+CGPS: 0,3"));
    await dte.expectNothing(10_000);
  });

  test("runs without a SIM and without radio", async () => {
    const { dte } = await quietModem({ sim: { inserted: undefined } });
    await dte.command("AT+CFUN=0\r", OK);
    await dte.command("AT+CGPSHOT\r", OK);
    await dte.expectNothing(2000);
    await dte.command("AT+CGPSINFO\r", answer(BERN(2)));
  });

  test("ends with the power, and begins with it after AT+CGPSAUTO=1", async () => {
    const { dte, modem, clock } = await quietModem();
    await dte.command("AT+CGPS=1;+CGPSINFO=5\r", OK);
    await modem.powerOff();
    expect(modem.module.gps.receiver).toBe("off");
    expect(clock.pendingAlarms).toBe(0);
    await modem.powerOn();
    dte.take();
    await dte.command("ATE0+CGPS?\r", `ATE0+CGPS?\r${info("+CGPS: 0,1")}`);
    await dte.command("AT+CGPSAUTO=1\r", OK);
    await modem.reset();
    dte.take();
    await dte.command("ATE0+CGPS?\r", `ATE0+CGPS?\r${info("+CGPS: 1,1")}`);
  });
});

describe("AT+CGPSINFO", () => {
  test("has no blank behind the colon, with a position and without", async () => {
    const { dte } = await quietModem();
    await dte.command("AT+CGPSINFO\r", answer(NONE));
    await dte.command("AT+CGPS=1\r", OK);
    await dte.expectNothing(34_999);
    await dte.command("AT+CGPSINFO\r", answer(NONE));
    await dte.expectNothing(1);
    await dte.command("AT+CGPSINFO\r", answer(BERN(35)));
    await dte.command("AT+CGPS=0\r", OK);
    await dte.command("AT+CGPSINFO\r", answer(NONE));
  });

  test("with a number comes again and again", async () => {
    const { dte } = await quietModem();
    await dte.command("AT+CGPSINFO=?\r", info("+CGPSINFO: (0-255)"));
    await dte.command("AT+CGPSHOT;+CGPSINFO=2\r", OK);
    await dte.expectNothing(1999);
    for (const second of [2, 4]) await dte.expect(framed(BERN(second)) + framed(NOISE), { within: 2000 });
    await dte.command("AT+CGPSINFO?\r", info("+CGPSINFO: 2"));
    await dte.command("AT+CGPSINFO=0\r", OK);
    await dte.expectNothing(10_000);
  });

  test("shows the position, the speed in knots and the course that are set", async () => {
    const { dte, modem } = await quietModem();
    await dte.command("AT+CGPSHOT\r", OK);
    const place = { latitude: 37.5672571, longitude: -121.96905217, altitude: -15.3 };
    expect(await modem.patch({ gps: { ...place, speed: 92.6, course: 84.4 } })).toBeUndefined();
    await dte.expectNothing(2000);
    await dte.command(
      "AT+CGPSINFO\r",
      answer("+CGPSINFO:3734.035426,N,12158.143130,W,050210,120002.0,-15.3,50.0,84.4"),
    );
  });

  test("dates 1024 weeks early where the module has that fault", async () => {
    const { dte } = await quietModem({ gpsWeekRollover: true });
    await dte.command("AT+CGPSHOT\r", OK);
    await dte.expectNothing(2000);
    await dte.command("AT+CGPSINFO\r", answer(BERN(2).replace("050210", "220690")));
  });

  test("tells the time of the satellites, whatever the clock of the module was set to", async () => {
    const { dte } = await quietModem({ time: { epoch: Date.UTC(2024, 1, 29, 23, 59, 59), zone: 0, scale: 1 } });
    await dte.command('AT+CCLK="80/01/06,00:00:00+00";+CGPSHOT\r', OK);
    await dte.expectNothing(2000);
    await dte.command("AT+CGPSINFO\r", answer(BERN(2).replace("050210,120002", "010324,000001")));
  });
});

describe("the time to a fix", () => {
  test.each([
    ["AT+CGPS=1", 35_000],
    ["AT+CGPSCOLD", 35_000],
    ["AT+CGPSHOT", 2000],
  ])("%s needs %d ms at first", async (line, ms) => {
    const { dte, gps } = await quietModem();
    await dte.command(`${line}\r`, OK);
    await dte.expectNothing(ms - 1);
    expect(gps.receiver).toBe("searching");
    await dte.expectNothing(1);
    expect(gps.receiver).toBe("fixed");
    await dte.command(`${line}\r`, ERROR);
  });

  test.each([
    ["AT+CGPS=1", 0, 2000],
    ["AT+CGPS=1", 7_197_999, 2000],
    ["AT+CGPS=1", 7_198_000, 35_000],
    ["AT+CGPSCOLD", 0, 35_000],
    ["AT+CGPSDEL;+CGPS=1", 0, 35_000],
  ])("%s, %d ms after the receiver has stopped, needs %d ms", async (line, pause, ms) => {
    const { dte, gps } = await quietModem();
    await dte.command("AT+CGPSHOT\r", OK);
    await dte.expectNothing(2000);
    await dte.command("AT+CGPS=0\r", OK);
    await dte.expect(framed("+CGPS: 0"), { within: 2000 });
    await dte.expectNothing(pause);
    await dte.command(`${line}\r`, OK);
    await dte.expectNothing(ms - 1);
    expect(gps.receiver).toBe("searching");
    await dte.expectNothing(1);
    expect(gps.receiver).toBe("fixed");
  });

  test("can be set", async () => {
    const { dte, modem, gps } = await quietModem();
    expect(await modem.patch({ gps: { timeToFix: { cold: 0.5 } } })).toBeUndefined();
    expect(modem.snapshot().gps.timeToFix).toEqual({ cold: 0.5, hot: 2 });
    await dte.command("AT+CGPSCOLD\r", OK);
    await dte.expectNothing(500);
    expect(gps.receiver).toBe("fixed");
  });
});

describe("a tunnel", () => {
  test("takes the fix away, and the receiver finds it again behind it", async () => {
    const { dte, modem, clock } = await quietModem();
    await dte.command("AT+CGPSHOT\r", OK);
    await dte.expectNothing(2000);
    expect(await modem.patch({ gps: { fix: false } })).toBeUndefined();
    await dte.command("AT+CGPSINFO\r", answer(NONE));
    await dte.expectNothing(600_000);
    expect(modem.module.gps.receiver).toBe("searching");
    expect(clock.pendingAlarms).toBe(0);
    expect(await modem.patch({ gps: { fix: true } })).toBeUndefined();
    await dte.expectNothing(1999);
    await dte.command("AT+CGPSINFO\r", answer(NONE));
    await dte.expectNothing(1);
    expect(modem.module.gps.receiver).toBe("fixed");
  });

  test("keeps a search from ending", async () => {
    const { dte, modem } = await quietModem();
    expect(await modem.patch({ gps: { fix: false } })).toBeUndefined();
    await dte.command("AT+CGPS=1,3\r", OK);
    await dte.expectNothing(600_000);
    expect(await modem.patch({ gps: { fix: true } })).toBeUndefined();
    await dte.expectNothing(34_999);
    await dte.expect(framed("+CAGPSINFO:4694800000,744740000,540.0,05022010,121035.0"), { within: 1 });
  });
});
