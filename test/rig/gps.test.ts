import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import type { GpsState } from "../../src/module/gps/gps.ts";
import { MODULE_LIMITS } from "../../src/module/limits.ts";
import { VirtualClock } from "../../src/platform/time/virtual-clock.ts";
import { Rig } from "../../src/rig/rig.ts";
import type { RigModemStart, RigStart } from "../../src/rig/rig-start.ts";
import { memoryPair } from "../../src/transport/memory.ts";
import { Dte } from "../support/dte.ts";
import { framed, info, OK } from "../support/framing.ts";
import { until } from "../support/program.ts";
import { PtyHost } from "../support/pty-host.ts";
import { temporaryDirectory } from "../transport/temporary-directory.ts";

async function bench(modem: RigModemStart = {}, rest: RigStart = {}) {
  const clock = new VirtualClock();
  const { module, host } = memoryPair();
  const rig = await Rig.start({ clock, journal: true, ...rest, modems: [{ ...modem, transport: module }] });
  onTestFinished(() => rig.close());
  return { rig, clock, modem: rig.modem("m1"), dte: new Dte(host, clock) };
}

/** Half a degree to the north along the meridian in a thousand seconds, 100 m up. */
const POINTS = [
  { latitude: 0, longitude: 10, altitude: 400, time: 0 },
  { latitude: 0.5, longitude: 10, altitude: 500, time: 1000 },
];
const GPX = `<gpx><trk><trkseg>
<trkpt lat="0" lon="10"><ele>400</ele><time>2026-01-31T12:00:00Z</time></trkpt>
<trkpt lat="0.5" lon="10"><ele>500</ele><time>2026-01-31T12:16:40Z</time></trkpt>
</trkseg></trk></gpx>`;

/** 55.5975 km in 1000 s are 200.15 km/h, or 108.1 knots. */
const AFTER_500_S =
  framed("+CGPSINFO:0015.000000,N,01000.000000,E,050210,120820.0,450.0,108.1,0") + info("AmpI/AmpQ: 1057/1057");

function file(content: string, name = "track.gpx"): string {
  const path = join(temporaryDirectory(), name);
  writeFileSync(path, content);
  return path;
}

describe("a track leads the receiver on the module's clock", () => {
  test.each<readonly [string, () => RigModemStart, RigStart]>([
    ["by an option", () => ({ gpsTrack: file(GPX) }), {}],
    ["by an option that names a list", () => ({ gpsTrack: file(JSON.stringify(POINTS), "track.json") }), {}],
    ["by a scenario that holds it", () => ({}), { scenario: { modems: [{ gpsTrack: GPX }] } }],
    ["by the state of a scenario", () => ({}), { scenario: { modems: [{ state: { gps: { track: POINTS } } }] } }],
    [
      "by a step of a scenario",
      () => ({}),
      { scenario: { timeline: [{ at: 0, do: { patch: { gps: { track: GPX } } } }] } },
    ],
  ])("%s", async (_, modem, rest) => {
    const { dte, rig } = await bench(modem(), rest);
    await dte.command("ATE0\r", `ATE0\r${OK}`);
    await dte.command("AT+CGPS=1\r", OK);
    await dte.expectNothing(500_000);
    await dte.command("AT+CGPSINFO\r", AFTER_500_S);
    expect(rig.modem("m1").state().gps).toMatchObject({
      receiver: "fixed",
      latitude: expect.closeTo(0.25, 9),
      altitude: 450,
      speed: expect.closeTo(200.15, 2),
      track: { points: 2, seconds: 1000, played: 500 },
    });
    await dte.expectNothing(600_000);
    expect(rig.modem("m1").state().gps).toMatchObject({ latitude: 0.5, altitude: 500, speed: 0 });
  });

  test("by a file beside the scenario", async () => {
    const scenario = file(JSON.stringify({ modems: [{ gpsTrack: { file: "walk.gpx" } }] }), "scenario.json");
    writeFileSync(join(scenario, "..", "walk.gpx"), GPX);
    const { modem } = await bench({}, { scenario });
    expect(modem.state().gps.track).toEqual({ points: 2, seconds: 1000, played: 0 });
  });

  test("and begins anew when the rig is reset", async () => {
    const { modem, rig, clock } = await bench({ gpsTrack: file(GPX) });
    await clock.advance(400_000);
    expect(modem.state().gps.track?.played).toBe(400);
    await rig.reset();
    expect(modem.state().gps).toMatchObject({ latitude: 0, track: { played: 0 } });
  });

  test("until a position is set, or it is ended", async () => {
    const { modem, clock } = await bench({ gpsTrack: file(GPX) });
    await clock.advance(500_000);
    await modem.patch({ gps: { fix: false, timeToFix: { hot: 1 } } });
    expect(modem.state().gps.track?.played).toBe(500);
    await modem.patch({ gps: { track: null } });
    const { latitude, altitude, speed, track } = modem.state().gps;
    expect([latitude, altitude, speed, track]).toEqual([expect.closeTo(0.25, 9), 450, 0, null]);
    await modem.patch({ gps: { track: POINTS } });
    await clock.advance(500_000);
    await modem.patch({ gps: { altitude: 7 } });
    expect(modem.state().gps).toMatchObject({ latitude: expect.closeTo(0.25, 9), altitude: 7, track: null });
  });

  test("and what is wrong with the one of an option is named", async () => {
    const folder = temporaryDirectory();
    const large = join(folder, "large.gpx");
    writeFileSync(large, Buffer.alloc(MODULE_LIMITS.trackFile + 1, " "));
    mkdirSync(join(folder, "folder"));
    for (const [path, reason] of [
      [join(folder, "none.gpx"), "there is no such file"],
      [join(folder, "folder"), "it is a directory"],
      [large, `it has more than ${MODULE_LIMITS.trackFile} bytes`],
      [file("<gpx/>"), "it has no points"],
      [file("hello"), "it is neither the text of a GPX file nor a list of points"],
    ] as const) {
      await expect(bench({ gpsTrack: path })).rejects.toThrow(`gpsTrack ${path}: ${reason}`);
    }
  });

  test("and what is wrong with the one of a scenario is named", async () => {
    await expect(bench({}, { scenario: { modems: [{ gpsTrack: "<gpx/>" }] } })).rejects.toThrow(
      "scenario /modems/0/gpsTrack: it has no points",
    );
    await expect(bench({}, { scenario: { modems: [{ state: { gps: { track: "<gpx/>" } } }] } })).rejects.toThrow(
      "/modems/0/state/gps/track is no track: it has no points",
    );
    await expect(bench({}, { scenario: { modems: [{ gpsTrack: { file: "nothing.gpx" } }] } })).rejects.toThrow(
      '/modems/0/gpsTrack/file "nothing.gpx": there is no such file',
    );
  });

  test("and the one that is refused leaves all as it was", async () => {
    const { modem, clock } = await bench({ gpsTrack: file(GPX) });
    await clock.advance(500_000);
    expect(await modem.patch({ gps: { fix: false, latitude: 9, track: "<gpx>" } })).toEqual({
      at: "/gps/track",
      message: "is no track: line 1: <gpx> is not closed",
    });
    expect(modem.state().gps).toMatchObject({ fix: true, track: { played: 500 } });
  });
});

test("--gps-week-rollover dates 1024 weeks early", async () => {
  const { dte, clock } = await bench({ gpsWeekRollover: true });
  dte.send("ATE0+CGPSHOT\r");
  await clock.advance(2000);
  dte.take();
  dte.send("AT+CGPSINFO\r");
  await clock.advance(0);
  expect(dte.take()).toContain(",E,220690,120002.0,");
});

test("what happens to the receiver is in the journal", async () => {
  const { rig, dte, modem, clock } = await bench();
  dte.send("AT+CGPSHOT\r");
  await clock.advance(2000);
  await modem.patch({ gps: { fix: false } });
  await modem.patch({ gps: { track: POINTS } });
  dte.send("AT+CGPS=0\r");
  await clock.advance(2000);
  await modem.patch({ gps: { track: null } });
  const events = rig.journal?.query({ types: ["state"] }).events ?? [];
  const states = events.flatMap((event) =>
    event.type === "state" && event.what === "gps" ? [event.value as GpsState] : [],
  );
  expect(states.map(({ receiver, fix, altitude, track }) => [receiver, fix, altitude, track?.points])).toEqual([
    ["searching", true, 540, undefined],
    ["fixed", true, 540, undefined],
    ["searching", false, 540, undefined],
    ["searching", false, 400, 2],
    ["stopping", false, 400, 2],
    // In two seconds the track has led it up.
    ["off", false, 400.2, 2],
    ["off", false, 400.2, undefined],
  ]);
});

test("the sentences come to the port that --nmea-link names, and the state names it", async () => {
  const link = join(temporaryDirectory(), "nmea");
  const { dte, modem, rig, clock } = await bench({ nmeaLink: link });
  expect(modem.state().nmea).toBe(link);
  const host = new PtyHost(link);
  dte.send("AT+CGPSNMEA=2;+CGPS=1\r");
  await clock.advance(3000);
  const three = "$GPRMC,,V,,,,,,,,,,N*53\r\n".repeat(3);
  let said = "";
  await until(() => {
    said += Buffer.from(host.take()).toString();
    return said.length >= three.length;
  }, "three sentences");
  expect(said).toBe(three);
  host.close();
  await rig.removeModem("m1");
  expect(() => new PtyHost(link)).toThrow("ENOENT");
});

test("a modem that cannot be opened leaves no port for sentences behind", async () => {
  const folder = temporaryDirectory();
  const link = join(folder, "nmea");
  writeFileSync(join(folder, "state"), "");
  await expect(bench({ nmeaLink: link, state: join(folder, "state") })).rejects.toThrow("state ");
  expect(() => new PtyHost(link)).toThrow("ENOENT");
});
