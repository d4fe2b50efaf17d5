import { describe, expect, onTestFinished, test } from "vitest";
import { VirtualClock } from "../../../src/platform/time/virtual-clock.ts";
import { Rig } from "../../../src/rig/rig.ts";
import type { RigStart } from "../../../src/rig/rig-start.ts";
import type { Scenario } from "../../../src/rig/scenario/scenario.ts";
import { memoryPair } from "../../../src/transport/memory.ts";
import { Dte } from "../../support/dte.ts";
import { framed, info, OK } from "../../support/framing.ts";
import { until } from "../../support/loopback.ts";

/** A rig of a scenario on lines without a medium and a clock that a test moves. */
async function bench(scenario: Scenario, given: RigStart = {}) {
  const clock = new VirtualClock();
  const lines = Array.from({ length: Math.max(1, scenario.modems?.length ?? 1) }, memoryPair);
  const modems = lines.map(({ module }, index) => ({ ...given.modems?.[index], transport: module }));
  const warnings: object[] = [];
  const log = {
    error: () => undefined,
    warn: (record: object) => warnings.push(record),
    info: () => undefined,
    debug: () => undefined,
  };
  const rig = await Rig.start({ clock, journal: true, log, ...given, scenario, modems });
  onTestFinished(() => rig.close());
  const dtes = lines.map(({ host }) => new Dte(host, clock, "network"));
  const [dte] = dtes;
  if (dte === undefined) throw new Error("no line");
  return { rig, clock, dte, dtes, warnings, modem: rig.modem("m1") };
}

describe("the first state", () => {
  const scenario: Scenario = {
    modems: [
      {
        identity: "sim5320",
        state: { sim: { state: "pin", pin: "4711" }, radio: { rssi: 9, registration: "roaming" } },
        efs: { "C:/dir/a.txt": "hello", "C:/b.bin": { base64: "AAH/" }, "C:/empty/": "" },
      },
      { state: { power: "off", card: { inserted: false } } },
    ],
    sandbox: {
      mail: { user: ["Subject: one\n\nText\n"] },
      pages: { "/a": "page", "www.b.example/a": { status: 404, body: { base64: "AAH/" } } },
      files: { "/pub/x.txt": "file", "/test2.txt": null },
    },
  };

  async function look({ rig, modem }: Awaited<ReturnType<typeof bench>>) {
    const { sandbox } = rig;
    if (sandbox === undefined) throw new Error("no sandbox");
    return {
      identity: modem.state().identity,
      sim: modem.state().sim.state,
      radio: [modem.state().radio.rssi, modem.module.radio.surroundings.registration],
      text: await modem.efs.readFile("C:/dir/a.txt", "utf8"),
      bytes: [...(await modem.efs.readFile("C:/b.bin"))],
      empty: (await modem.efs.stat("C:/empty")).kind,
      second: [rig.modem("m2").state().power, rig.modem("m2").state().card.inserted],
      mail: sandbox.pop3.mailboxes.get("user")?.map(({ raw }) => raw.toString()),
      files: [String(await sandbox.ftp.files.get("pub/x.txt")), await sandbox.ftp.files.get("test2.txt")],
    };
  }

  const expected = {
    identity: "sim5320",
    sim: "pin",
    radio: [9, "roaming"],
    text: "hello",
    bytes: [0, 1, 255],
    empty: "directory",
    second: ["off", false],
    mail: ["Subject: one\r\n\r\nText\r\n"],
    files: ["file", undefined],
  };

  test("is there from the start, and again after a reset", async () => {
    const started = await bench(scenario);
    expect(await look(started)).toEqual(expected);
    const { rig, modem } = started;
    await modem.patch({ sim: { state: "ready" }, radio: { rssi: 31 } });
    await modem.efs.remove("C:/dir");
    await rig.modem("m2").powerOn();
    rig.sandbox?.pop3.put("user", "more");
    await rig.reset();
    expect(await look(started)).toEqual(expected);
  });

  test("yields to what is given beside it", async () => {
    const { modem, rig } = await bench(scenario, { modems: [{ identity: "sim5216" }], seed: 5, sandbox: true });
    expect(modem.state().identity).toBe("sim5216");
    expect(rig.seed).toBe(5);
  });

  test("that there is no room for is refused at the start, with the place", async () => {
    const files = { "C:/a": "x".repeat(2000) };
    await expect(bench({ modems: [{ "efs-size": "C=1000", efs: files } as object] })).rejects.toThrow(
      /^scenario \/modems\/0\/efs: /,
    );
  });

  test("brings its seed, its faults and its servers", async () => {
    const { rig } = await bench(
      { seed: 9, sandbox: true, faults: [{ kind: "mute", id: "a" }] },
      { fault: '{"kind":"deaf","id":"b"}' },
    );
    expect(rig.seed).toBe(9);
    expect(rig.sandbox).toBeDefined();
    expect(rig.faults.list().map(({ id }) => id)).toEqual(["a", "b"]);
  });
});

describe("the time line", () => {
  test("does a step at its time, and again after a reset", async () => {
    const { rig, clock, dte } = await bench({
      timeline: [
        { at: 5000, do: { urc: "+X" } },
        { at: 0, do: { urc: "+ZERO" } },
      ],
    });
    await dte.expect(framed("+ZERO"));
    await dte.expectNothing(4999);
    await clock.advance(1);
    await dte.expect(framed("+X"));
    await clock.advance(3000);
    await rig.reset();
    await dte.expect(framed("+ZERO"));
    await dte.expectNothing(4999);
    await clock.advance(1);
    await dte.expect(framed("+X"));
  });

  test("does a step when an event comes, so often and so long after it", async () => {
    const when = { type: "command", name: "+CSQ" };
    const { dte, clock } = await bench({ timeline: [{ when, after: 200, times: 2, do: { urc: "+SEEN" } }] });
    const answer = `${info("+CSQ: 22,0")}`;
    await dte.command("ATE0\r", `ATE0\r${OK}`);
    for (const seen of [true, true, false]) {
      await dte.command("AT+CSQ\r", answer);
      await dte.expectNothing(199);
      await clock.advance(1);
      if (seen) await dte.expect(framed("+SEEN"));
      else await dte.expectNothing(500);
    }
  });

  test("works without a journal", async () => {
    const when = { type: "line", text: "AT" };
    const { dte } = await bench({ timeline: [{ when, do: { urc: "+SEEN" } }] }, { journal: false });
    await dte.command("AT\r", `AT\r${OK}${framed("+SEEN")}`);
  });

  test("changes the modem of the event, or the one that it names", async () => {
    const when = { type: "command", name: "+CSQ" };
    const { dtes } = await bench({
      modems: [{}, {}],
      timeline: [
        { when, do: { urc: "+MINE" } },
        { when, modem: "m1", do: { urc: "+OTHER" } },
      ],
    });
    await dtes[1]?.command("AT+CSQ\r", `AT+CSQ\r${info("+CSQ: 22,0")}${framed("+MINE")}`);
    await dtes[0]?.expect(framed("+OTHER"));
  });

  test("goes on after a step that cannot be done, and says so", async () => {
    const { clock, dte, rig, warnings } = await bench({
      timeline: [
        { at: 1, do: { callChange: { n: 3, state: "active" } } },
        { at: 2, modem: "m7", do: { urc: "+X" } },
        { at: 3, do: { sandbox: {} } },
        { at: 4, do: { urc: "+STILL" } },
      ],
    });
    await clock.advance(10);
    await dte.expect(framed("+STILL"));
    expect(warnings).toEqual([
      { event: "scenario-step-failed", step: 0, error: "ActionError: there is no call 3" },
      { event: "scenario-step-failed", step: 1, error: "ActionError: there is no modem m7" },
      { event: "scenario-step-failed", step: 2, error: expect.stringContaining("the rig has no sandbox") },
    ]);
    expect(rig.journal?.query({ types: ["log"] }).events).toHaveLength(3);
  });

  test("broadcasts to the cell, and leads the receiver over a track", async () => {
    const track = [0, 100].map((time) => ({ latitude: time / 100, longitude: 7, time }));
    const { dte, clock, modem } = await bench({
      timeline: [
        { at: 10, do: { broadcast: { id: 50, text: "Storm" } } },
        { at: 20, do: { patch: { gps: { track } } } },
      ],
    });
    await dte.command('ATE0+CSCB=0,"50";+CNMI=2,1,2;+CMGF=1\r', `ATE0+CSCB=0,"50";+CNMI=2,1,2;+CMGF=1\r${OK}`);
    await clock.advance(10);
    await dte.expect(framed("+CBM: 1,50,15,1,1\r\nStorm"));
    await clock.advance(10 + 50_000);
    expect(modem.state().gps).toMatchObject({ latitude: 0.5, longitude: 7, track: { points: 2 } });
  });

  test("ends with the rig, and leaves no alarm", async () => {
    const { rig, clock } = await bench({ timeline: [{ at: 5000, do: { urc: "+X" } }] });
    await rig.close();
    expect(clock.pendingAlarms).toBe(0);
  });

  test("can reset the rig, and then begins anew", async () => {
    const { clock, dte } = await bench({
      timeline: [
        { at: 100, do: { urc: "+FIRST" } },
        { at: 200, do: { resetRig: true } },
      ],
    });
    for (let round = 0; round < 3; round++) {
      await clock.advance(100);
      await dte.expect(framed("+FIRST"));
      await clock.advance(100);
      await dte.expectNothing();
    }
  });
});

test("what each action does shows", async () => {
  const steps: Scenario["timeline"] = [
    { at: 1, do: { patch: { radio: { rssi: 7 } } } },
    { at: 2, do: { efs: { "C:/a.txt": "text", "C:/gone.txt": null } } },
    { at: 3, do: { sms: { from: "+15555550142", text: "hi" } } },
    { at: 4, do: { call: { from: "+15555550142" } } },
    { at: 5, do: { callChange: { n: 1, state: "ended" } } },
    { at: 6, do: { fault: { kind: "mute", id: "quiet", on: { type: "line", text: "NEVER" } } } },
    { at: 7, do: { fault: { kind: "deaf", id: "quiet", on: { type: "line", text: "NEVER" } } } },
    { at: 8, do: { addModem: { tcp: 0 } } },
    { at: 9, do: { sandbox: { mail: { ann: ["x"] }, pages: { "/p": "x" }, files: { "/f": "x" } } } },
    { at: 10, do: { clear: "mail" } },
    { at: 11, do: { type: "AT+CSQ\r" } },
    { at: 12, do: { reset: true } },
    { at: 13, do: { endFault: "quiet" } },
    { at: 14, modem: "m2", do: { removeModem: true } },
  ];
  const { rig, modem, clock, warnings } = await bench({ sandbox: true, timeline: steps });
  const advance = async (to: number) => {
    while (clock.monotonic() < to) await clock.advance(1);
    await new Promise(setImmediate);
  };
  await advance(3);
  expect(modem.state().radio.rssi).toBe(7);
  await until(() => modem.module.sms.store.list("SM").length === 1);
  expect(await modem.efs.readFile("C:/a.txt", "utf8")).toBe("text");
  await advance(4);
  expect(modem.module.calls.list).toHaveLength(1);
  await advance(7);
  expect(modem.module.calls.list).toEqual([]);
  expect(rig.faults.list()).toMatchObject([{ id: "quiet", kind: "deaf" }]);
  await advance(11);
  await until(() => rig.modems.length === 2);
  await until(() => rig.sandbox?.pop3.mailboxes.get("ann")?.length === 1);
  await rig.expect({ type: "command", name: "+CSQ" });
  await advance(14);
  await rig.expect({ type: "state", what: "power", value: "off" });
  await until(() => rig.modems.length === 1);
  expect(rig.faults.list()).toEqual([]);
  expect(warnings).toEqual([]);
});
