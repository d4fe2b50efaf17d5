import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";

import { ModuleState } from "../../../src/module/module-state.ts";
import { Nvram } from "../../../src/module/settings/nvram.ts";
import { cardInState } from "../../../src/module/sim.ts";
import { modemPatchSchema } from "../../../src/module/state/modem-state.ts";
import { DiskError } from "../../../src/platform/disk/disk.ts";
import { SystemDisk } from "../../../src/platform/disk/system-disk.ts";
import type { EventBody } from "../../../src/platform/events.ts";
import { silentLog } from "../../../src/platform/log.ts";
import { check } from "../../../src/platform/schema/check.ts";
import { VirtualClock } from "../../../src/platform/time/virtual-clock.ts";
import { OK } from "../../support/framing.ts";
import { modemOnMemory } from "../../support/modem-on-memory.ts";

const START = {
  power: "on",
  sim: {
    state: "ready",
    imsi: "001010123456789",
    iccid: "89001010123456789016",
    number: "+15555550123",
    provider: "TEST",
  },
  radio: {
    registration: "home",
    technology: "wcdma",
    operator: { long: "Test PLMN 1-1", short: "TEST", numeric: "00101" },
    rssi: 22,
    ber: 0,
    lac: 0xed2e,
    cell: 1,
  },
  packet: { attached: true, address: "10.146.130.153" },
  clock: { time: "2010-02-05T12:00:00+00:00" },
  card: { inserted: true },
  lines: { dtr: true, rts: true, dcd: true, dsr: true, cts: true, ri: false },
  calls: { outgoing: "answer" },
  ussd: {},
  gps: {
    receiver: "off",
    fix: true,
    latitude: 46.948,
    longitude: 7.4474,
    altitude: 540,
    speed: 0,
    course: 0,
    timeToFix: { cold: 35, hot: 2 },
    track: null,
  },
  hardware: { charge: 94, voltage: 4145, temperature: 30, adc: 187, pins: {} },
};

/** A modem, its state, and patches of it as the control interface makes them. */
async function patched(options: Parameters<typeof modemOnMemory>[0] = {}) {
  const { modem, dte } = await modemOnMemory(options);
  onTestFinished(() => modem.close());
  return {
    modem,
    dte,
    state: () => {
      const { port, identity, dialect, settings, services, host, sockets, ...state } = modem.snapshot();
      return state;
    },
    patch: (patch: unknown) => modem.patch(patch),
  };
}

test("the state of a modem at the start", async () => {
  const { state } = await patched();
  expect(state()).toEqual(START);
});

/** What a patch changes in the state of the start. */
const PATCHES: readonly (readonly [patch: unknown, change: object])[] = [
  [{}, {}],
  [{ radio: { registration: "roaming" } }, { radio: { ...START.radio, registration: "roaming" } }],
  [
    { radio: { registration: "searching" } },
    { radio: { ...START.radio, registration: "searching" }, packet: { ...START.packet, attached: false } },
  ],
  [
    { radio: { technology: "edge", rssi: 99, lac: 65_535, cell: 4_294_967_295, operator: { short: "é" } } },
    {
      radio: {
        ...START.radio,
        technology: "edge",
        rssi: 99,
        lac: 65_535,
        cell: 4_294_967_295,
        operator: { ...START.radio.operator, short: "é" },
      },
    },
  ],
  [{ lines: { ri: true } }, { lines: { ...START.lines, ri: true } }],
  [{ radio: { ber: 7 } }, { radio: { ...START.radio, ber: 7 } }],
  [{ packet: { attached: false } }, { packet: { ...START.packet, attached: false } }],
  [{ clock: { time: "2020-01-02T03:04:05+08:00" } }, { clock: { time: "2020-01-02T03:04:05+08:00" } }],
  [{ clock: { time: "2020-01-02T03:04:05.678Z" } }, { clock: { time: "2020-01-02T03:04:05+00:00" } }],
  [{ card: { inserted: false } }, { card: { inserted: false } }],
  [{ calls: { outgoing: "busy" } }, { calls: { outgoing: "busy" } }],
  [{ ussd: { "*1#": "x" } }, { ussd: { "*1#": "x" } }],
  [
    { gps: { fix: false, latitude: -90, longitude: 180, altitude: -28.5, speed: 1200, course: 359.9 } },
    {
      gps: { ...START.gps, fix: false, latitude: -90, longitude: 180, altitude: -28.5, speed: 1200, course: 359.9 },
    },
  ],
  [
    { gps: { track: [{ latitude: 1, longitude: 2, altitude: 3, time: 0 }] } },
    {
      gps: {
        ...START.gps,
        ...{ latitude: 1, longitude: 2, altitude: 3, track: { points: 1, seconds: 0, played: 0 } },
      },
    },
  ],
  [{ gps: { track: null } }, {}],
  [{ gps: { timeToFix: { hot: 0 } } }, { gps: { ...START.gps, timeToFix: { cold: 35, hot: 0 } } }],
  [{ sim: { provider: "" } }, { sim: { ...START.sim, provider: "" } }],
  [
    { hardware: { charge: 5, temperature: -40, pins: { 2: 1, 63: 0 } } },
    { hardware: { ...START.hardware, charge: 5, temperature: -40, pins: { 2: 1, 63: 0 } } },
  ],
  [{ power: "off" }, { power: "off" }],
  [
    { sim: { state: "pin" } },
    {
      sim: { ...START.sim, state: "pin" },
      radio: { ...START.radio, registration: "none" },
      packet: { ...START.packet, attached: false },
      // An unsolicited code has come.
      lines: { ...START.lines, ri: true },
    },
  ],
  [
    { sim: { state: "absent" } },
    {
      sim: { state: "absent", imsi: null, iccid: null, number: null, provider: null },
      radio: { ...START.radio, registration: "none" },
      packet: { ...START.packet, attached: false },
    },
  ],
];

test.each(PATCHES)("the patch %j changes what it names", async (patch, change) => {
  const { state, patch: apply } = await patched();
  expect(await apply(patch)).toBeUndefined();
  expect(state()).toEqual({ ...START, ...change });
});

test.each(PATCHES)("the schema of a patch takes %j", (patch) => {
  expect(check(modemPatchSchema(), patch)).toBeUndefined();
});

const PROBLEMS: readonly (readonly [patch: unknown, at: string, message: string])[] = [
  [[], "", "must be an object"],
  [null, "", "must be an object"],
  [{ radio: 3 }, "/radio", "must be an object"],
  [{ radio: { operator: "T" } }, "/radio/operator", "must be an object"],
  [{ raido: {} }, "/raido", "there is no such field"],
  [{ radio: { "a/b~c": 1 } }, "/radio/a~1b~0c", "there is no such field"],
  [{ "radio.rssi": 3 }, "/radio.rssi", "there is no such field"],
  [JSON.parse('{"__proto__":{"x":1}}'), "/__proto__", "there is no such field"],
  [{ sim: { imsi: "1" } }, "/sim/imsi", "is read-only"],
  [{ packet: { address: "1.2.3.4" } }, "/packet/address", "is read-only"],
  [{ calls: { outgoing: "sing" } }, "/calls/outgoing", "must be one of answer, busy, no-answer, ring"],
  [{ power: true }, "/power", "must be one of on, off"],
  [{ sim: { state: "busy" } }, "/sim/state", "must be one of ready, absent, pin, puk"],
  [{ sim: { pin: "123" } }, "/sim/pin", "must be 4 to 8 digits"],
  [{ sim: { pin: 1234 } }, "/sim/pin", "must be 4 to 8 digits"],
  [{ sim: { state: "absent", pin: "1234" } }, "/sim/pin", "needs a SIM in the slot"],
  [{ radio: { rssi: 32 } }, "/radio/rssi", "must be a whole number from 0 to 31 or 99"],
  [{ radio: { rssi: 1.5 } }, "/radio/rssi", "must be a whole number from 0 to 31 or 99"],
  [{ radio: { ber: "0" } }, "/radio/ber", "must be a whole number from 0 to 7 or 99"],
  [{ radio: { lac: -1 } }, "/radio/lac", "must be a whole number from 0 to 65535"],
  [{ radio: { cell: 2 ** 32 } }, "/radio/cell", "must be a whole number from 0 to 4294967295"],
  [
    { radio: { operator: { long: 'a"b' } } },
    "/radio/operator/long",
    "must be 1 to 80 characters of ISO 8859-1 without quotes",
  ],
  [
    { radio: { operator: { numeric: "1" } } },
    "/radio/operator/numeric",
    "must be 5 or 6 digits, the codes of country and network",
  ],
  [{ gps: { latitude: 90.1 } }, "/gps/latitude", "must be a number from -90 to 90"],
  [{ gps: { longitude: "7" } }, "/gps/longitude", "must be a number from -180 to 180"],
  [{ gps: { speed: Number.NaN } }, "/gps/speed", "must be a number from 0 to 10000"],
  [{ gps: { fix: false, track: "<gpx/>" } }, "/gps/track", "is no track: it has no points"],
  [{ gps: { track: [{ latitude: 1, longitude: 2 }] } }, "/gps/track", "is no track: point 1 has no time"],
  [{ gps: { receiver: "fixed" } }, "/gps/receiver", "is read-only"],
  [{ gps: { timeToFix: { cold: -1 } } }, "/gps/timeToFix/cold", "must be a number from 0 to 3600"],
  [
    { sim: { provider: "a name of 17 char" } },
    "/sim/provider",
    "must be at most 16 characters of ASCII without quotes",
  ],
  [{ sim: { state: "absent", provider: "X" } }, "/sim/provider", "needs a SIM in the slot"],
  [{ hardware: { charge: 101 } }, "/hardware/charge", "must be a whole number from 0 to 100"],
  [{ hardware: { pins: { 64: 1 } } }, "/hardware/pins", "must be 0 or 1 for each pin, by its number from 0 to 63"],
  [{ hardware: { pins: { "02": 1 } } }, "/hardware/pins", "must be 0 or 1 for each pin, by its number from 0 to 63"],
  [{ hardware: { pins: { 2: 2 } } }, "/hardware/pins", "must be 0 or 1 for each pin, by its number from 0 to 63"],
  [{ packet: { attached: 1 } }, "/packet/attached", "must be true or false"],
  [{ clock: { time: "2020-13-02T03:04:05Z" } }, "/clock/time", "must be a time like 2010-02-05T12:00:00+08:00"],
];

test.each(PROBLEMS)("the patch %j is wrong at %s, and nothing of it is applied", async (patch, at, message) => {
  const { state, patch: apply } = await patched();
  const all =
    typeof patch === "object" && patch !== null && !Array.isArray(patch)
      ? { card: { inserted: false }, ...patch }
      : patch;
  expect(await apply(all)).toEqual({ at, message });
  expect(state()).toEqual(START);
});

test("a PIN without a card in the slot is wrong", async () => {
  const { patch } = await patched({ sim: { inserted: undefined } });
  expect(await patch({ sim: { pin: "1234" } })).toEqual({ at: "/sim/pin", message: "needs a SIM in the slot" });
  expect(await patch({ sim: { state: "pin", pin: "4321" } })).toBeUndefined();
});

describe("the SIM", () => {
  test("a PIN is set, and shown nowhere", async () => {
    const { modem, dte, state, patch } = await patched();
    await patch({ sim: { state: "pin", pin: "4321" } });
    expect(JSON.stringify(state())).not.toContain("4321");
    dte.take();
    await dte.command("AT+CPIN=4321\r", `AT+CPIN=4321\r${OK}`);
    expect(modem.module.sim.state).toBe("ready");
  });

  test("a PIN alone leaves the state as it is", async () => {
    const { modem, state, patch } = await patched({ sim: { inserted: cardInState("pin") } });
    await modem.module.sim.enterPin("1234");
    await patch({ sim: { pin: "9999" } });
    expect(state()).toEqual({ ...START, lines: { ...START.lines, ri: true } });
    expect(modem.module.sim.card?.pin).toBe("9999");
  });

  test("the card that was taken out comes back, its PIN included", async () => {
    const { modem, patch } = await patched({ sim: { inserted: cardInState("ready", "7777") } });
    await patch({ sim: { state: "absent" } });
    await patch({ sim: { state: "pin" } });
    expect([modem.module.sim.state, modem.module.sim.card?.pin]).toEqual(["pin", "7777"]);
  });
});

test("a module that is off is patched, and starts in the new surroundings", async () => {
  const { dte, state, patch } = await patched();
  await patch({ power: "off" });
  dte.take();
  await patch({ power: "on", radio: { registration: "denied" } });
  expect(state()).toMatchObject({ power: "on", radio: { registration: "denied" } });
});

test("where the disk refuses SIM and clock, nothing of the patch is applied", async () => {
  const directory = mkdtempSync(join(tmpdir(), "vmodem-state-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const disk = new SystemDisk();
  const replace = disk.replaceFile.bind(disk);
  let writes = 0;
  let full = true;
  disk.replaceFile = async (path, bytes) => {
    writes++;
    if (full) throw new DiskError("NO_SPACE", "the disk is full");
    await replace(path, bytes);
  };
  const nvram = await Nvram.open({ disk, directory }, silentLog);
  const { state, patch } = await patched({ nvram });
  const all = { sim: { state: "pin" }, clock: { time: "2020-01-02T03:04:05Z" }, radio: { rssi: 1 } };
  await expect(patch(all)).rejects.toMatchObject({ name: "NvramError", message: "the disk is full" });
  expect(state()).toEqual(START);
  expect(writes).toBe(1);
  full = false;
  await patch(all);
  expect(state()).toMatchObject({ sim: { state: "pin" }, radio: { rssi: 1 } });
  expect(writes).toBe(2);
});

test("the schema of a patch names what can be changed, with its values", () => {
  expect(modemPatchSchema()).toMatchObject({
    type: "object",
    additionalProperties: false,
    properties: {
      power: { enum: ["on", "off"] },
      sim: { properties: { state: { enum: ["ready", "absent", "pin", "puk"] }, pin: { type: "string" } } },
      radio: {
        properties: {
          rssi: { anyOf: [{ type: "integer", minimum: 0, maximum: 31 }, { enum: [99] }] },
          operator: { type: "object", properties: { long: { type: "string" } } },
        },
      },
      packet: { properties: { attached: { type: "boolean" } } },
    },
  });
  expect(JSON.stringify(modemPatchSchema())).not.toMatch(/imsi|address/);
});

test("events tell what changes in the module, once each", async () => {
  const events: EventBody[] = [];
  const module = new ModuleState({
    clock: new VirtualClock(),
    nvram: Nvram.inMemory(),
    events: { active: true, emit: (event) => void events.push(event) },
  });
  module.powerOn();
  module.sim.read();
  module.radio.move({ technology: "gsm", lac: 1 });
  module.radio.move({ signal: { kind: "fixed", rssi: 5, ber: 1 } });
  module.radio.setFunctionality(4);
  module.radio.setFunctionality(1);
  module.packetService.attach(false);
  await module.rtc.set({ epoch: 0, zone: 32 });
  await module.sim.insert(undefined);
  const states = events.map((event) => (event.type === "state" ? [event.what, event.value] : event));
  expect(states).toEqual([
    ["sim", "ready"],
    ["registration", "home"],
    ["attached", true],
    ["signal", { rssi: 5, ber: 1 }],
    ["signal", { rssi: 99, ber: 99 }],
    ["registration", "none"],
    ["attached", false],
    ["signal", { rssi: 5, ber: 1 }],
    ["registration", "home"],
    ["attached", true],
    ["attached", false],
    ["clock", "1970-01-01T08:00:00+08:00"],
    ["sim", "absent"],
    ["registration", "none"],
  ]);
});
