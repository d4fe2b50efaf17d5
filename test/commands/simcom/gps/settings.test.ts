import { describe, expect, test } from "vitest";
import type { IdentityName } from "../../../../src/module/identity.ts";
import { Nvram } from "../../../../src/module/settings/nvram.ts";
import { ERROR, framed, info, OK } from "../../../support/framing.ts";
import { modemOnMemory } from "../../../support/modem-on-memory.ts";

async function quietModem(options: Parameters<typeof modemOnMemory>[0] = {}) {
  const modem = await modemOnMemory(options);
  await modem.dte.command("ATE0\r", `ATE0\r${OK}`);
  return modem;
}

test.each([
  ["+CGPSINFOCFG=?", info("+CGPSINFOCFG: (0-255),(0-31)")],
  ["+CGPSINFOCFG?", info("+CGPSINFOCFG: 0,31")],
  ["+CGPSINFOCFG=256,31", ERROR],
  ["+CGPSINFOCFG=1,32", ERROR],
  ["+CGPSNMEA?", info("+CGPSNMEA: 31")],
  ["+CGPSNMEA=3;+CGPSNMEA?", info("+CGPSNMEA: 3")],
  ["+CGPSNMEA=32", ERROR],
  ["+CGPS=1;+CGPSNMEA=3", ERROR],
  ["+CGPSSWITCH?", info("+CGPSSWITCH: 1")],
  ["+CGPSSWITCH=3", ERROR],
  ["+CGPSAUTO?", info("+CGPSAUTO:0")],
  ["+CGPSAUTO=?", info("+CGPSAUTO:(0-1)")],
  ["+CGPSSSL?", info("+CGPSSSL: 0")],
  ["+CGPSURL?", info('+CGPSURL:""')],
  ["+CGPSURL=?", OK],
  ['+CGPSURL="supl.example.com:7275";+CGPSURL?', info('+CGPSURL:"supl.example.com:7275"')],
  ['+CGPSURL=""', ERROR],
  ["+CGPSHOR?", info("+CGPSHOR: 50")],
  ["+CGPSPMD?", info("+CGPSPMD: 127")],
  ["+CGPSMSB=0", OK],
  ["+CGPSMD=0", OK],
  ["+CASSISTLOC=1", OK],
  ["+CGPSXE=1", OK],
  ["+CGPSXDAUTO=1", OK],
  ["+CGPSXD=3", ERROR],
  ["+CGPSXD=0", OK + framed("+CGPSXD: 0")],
  ["+CGATT=0;+CGPSXD=2", OK + framed("+CGPSXD: 237")],
  ["+CGPSDEL", OK],
  ["+CGPSOUT=1", ERROR],
  ["+CGPSOUT", ERROR],
])("AT%s", async (line, answer) => {
  const { dte } = await quietModem();
  await dte.command(`AT${line}\r`, answer);
  await dte.expectNothing();
});

const FIRST = ["+CGPS?", "+CGPSINFO", "+CGPSURL?", "+CGPSSSL?", "+CGPSAUTO?", "+CGPSCOLD", "+CGPSHOT"];
const LATER = [
  ...["+CGPSNMEA?", "+CGPSINFOCFG?", "+CGPSSWITCH?", "+CGPSFTM?", "+CGPSDEL", "+CGPSXE?", "+CGPSXD=0", "+CGPSXDAUTO?"],
  ...["+CGPSMSB?", "+CGPSMD?", "+CGPSHOR?", "+CGPSPMD?", "+CASSISTLOC?"],
];

describe.each<readonly [IdentityName, readonly string[], readonly string[]]>([
  ["wcdma", [...FIRST, ...LATER], []],
  ["sim5320", [...FIRST, ...LATER], []],
  ["sim5320-b08", [...FIRST, ...LATER], []],
  ["sim5218", FIRST, LATER],
  ["sim5216", [], [...FIRST, ...LATER]],
])("%s", (identity, present, absent) => {
  test("has what its manual has of GPS", async () => {
    for (const line of present) {
      const { dte } = await quietModem({ identity });
      dte.send(`AT${line}\r`);
      await dte.expectNothing().catch(() => undefined);
      expect([line, dte.take().includes(OK)]).toEqual([line, true]);
    }
    const { dte } = await quietModem({ identity });
    for (const line of absent) await dte.command(`AT${line}\r`, ERROR);
  });
});

test("what is set is kept without power", async () => {
  const nvram = Nvram.inMemory();
  const { dte } = await quietModem({ nvram });
  await dte.command('AT+CGPSURL="supl.example.com:7275";+CGPSSSL=1;+CGPSNMEA=3;+CGPSHOR=5;+CGPSAUTO=1\r', OK);
  const next = await quietModem({ nvram });
  const kept = ['+CGPSURL:"supl.example.com:7275"', "+CGPSSSL: 1", "+CGPSNMEA: 3", "+CGPSHOR: 5", "+CGPSAUTO:1"];
  await next.dte.command("AT+CGPSURL?;+CGPSSSL?;+CGPSNMEA?;+CGPSHOR?;+CGPSAUTO?\r", kept.map(framed).join("") + OK);
  await next.dte.command("AT+CGPS?\r", info("+CGPS: 1,1"));
});

describe("sentences on the AT port", () => {
  const GGA = "$GPGGA,,,,,,0,,,,,,,,*66";
  const RMC = "$GPRMC,,V,,,,,,,,,,N*53";

  test("come as AT+CGPSINFOCFG asks for them while the receiver runs", async () => {
    const { dte } = await quietModem();
    await dte.command("AT+CGPSINFOCFG=2,3\r", OK);
    await dte.expectNothing(5000);
    await dte.command("AT+CGPS=1\r", OK);
    await dte.expectNothing(999);
    await dte.expect(framed(GGA) + framed(RMC), { within: 1 });
    await dte.expectNothing(1999);
    await dte.expect(framed(GGA) + framed(RMC), { within: 1 });
    await dte.command("AT+CGPSINFOCFG?\r", info("+CGPSINFOCFG: 2,3"));
    await dte.command("AT+CGPSINFOCFG=0\r", OK);
    await dte.expectNothing(10_000);
  });

  test("AT+CGPSFTM prints the satellites each second", async () => {
    const { dte, modem } = await quietModem();
    await dte.command("AT+CGPSFTM=1\r", OK);
    await dte.expectNothing(999);
    const line = framed("$GPGSV,3,41,6,38,9,36,16,44,19,29,22,40,26,27,31,33");
    await dte.expect(line, { within: 1 });
    await dte.expect(line, { within: 1000 });
    modem.module.gps.move({ fix: false });
    await dte.expect(framed("$GPGSV"), { within: 1000 });
    await dte.command("AT+CGPSFTM=0\r", OK);
    await dte.expectNothing(5000);
  });

  test("AT+CGPSSWITCH=2 holds after a restart", async () => {
    const { dte, modem } = await quietModem();
    await dte.command("AT+CGPSNMEA=1;+CGPSSWITCH=2;+CGPS=1\r", OK);
    await dte.expectNothing(5000);
    await modem.reset();
    dte.take();
    await dte.command("ATE0+CGPS=1\r", `ATE0+CGPS=1\r${OK}`);
    await dte.expect(framed(GGA), { within: 1000 });
    await dte.command("AT+CGPS=0\r", OK);
    await dte.expect(framed("+CGPS: 0"), { within: 2000 });
    await dte.expectNothing(5000);
  });
});

test("the port for sentences gets a set each second while the receiver runs", async () => {
  const sets: string[] = [];
  const { dte, clock } = await quietModem({ nmea: (sentences) => sets.push(sentences) });
  await dte.expectNothing(5000);
  await dte.command("AT+CGPSNMEA=2;+CGPSHOT\r", OK);
  await dte.expectNothing(3000);
  await dte.command("AT+CGPS=0\r", OK);
  await dte.expect(framed("+CGPS: 0"), { within: 2000 });
  await dte.expectNothing(5000);
  expect(sets).toEqual([
    "$GPRMC,,V,,,,,,,,,,N*53\r\n",
    expect.stringMatching(/^\$GPRMC,120007\.0,A,4656\.880000,N,00726\.844000,E,0\.0,0\.0,050210,,,A\*..\r\n$/),
    expect.stringMatching(/^\$GPRMC,120008\.0,A,/),
  ]);
  expect(clock.pendingAlarms).toBe(0);
});
