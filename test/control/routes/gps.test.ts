import { expect, test } from "vitest";
import { MODULE_LIMITS } from "../../../src/module/limits.ts";
import { controlBench } from "../../support/control-bench.ts";

const PATH = "/api/modems/m1/gps/track";
const GPX = '<gpx><trkpt lat="1" lon="2"><time>2026-01-31T12:00:00Z</time></trkpt></gpx>';
const RAW = { "Content-Type": "application/gpx+xml" };

test("a track is put, shown and ended", async () => {
  const { ask } = await controlBench({ time: "manual" });
  const put = await ask("PUT", PATH, { body: Buffer.from(GPX), headers: RAW });
  expect([put.status, put.json]).toEqual([200, { points: 1, seconds: 0 }]);
  const { json } = await ask("GET", "/api/modems/m1");
  expect(json.gps).toMatchObject({ latitude: 1, longitude: 2, track: { points: 1, seconds: 0, played: 0 } });
  const ended = await ask("PATCH", "/api/modems/m1", { body: { gps: { track: null } } });
  expect(ended.json.gps).toMatchObject({ latitude: 1, track: null });
});

test.each([
  [{ latitude: 5 }, ["latitude"]],
  [{ fix: true, speed: 3, course: 4 }, ["speed", "course"]],
])("setting %j ends a track, which the journal tells", async (gps, set) => {
  const { ask, rig } = await controlBench({ time: "manual" });
  await ask("PUT", PATH, { body: Buffer.from(GPX), headers: RAW });
  const { json } = await ask("PATCH", "/api/modems/m1", { body: { gps } });
  expect(json.gps).toMatchObject({ ...gps, track: null });
  const told = rig.journal?.query({ types: ["log"] }).events;
  const reason = "a position or a movement was set";
  expect(told).toMatchObject([{ level: "warn", event: "gps-track-ended", reason, set }]);
  await ask("PATCH", "/api/modems/m1", { body: { gps } });
  expect(rig.journal?.query({ types: ["log"] }).events).toHaveLength(1);
});

test("what leads the receiver on does not end a track", async () => {
  const { ask, rig } = await controlBench({ time: "manual" });
  await ask("PUT", PATH, { body: Buffer.from(GPX), headers: RAW });
  const { json } = await ask("PATCH", "/api/modems/m1", { body: { gps: { fix: false, timeToFix: { cold: 1 } } } });
  expect(json.gps.track).not.toBeNull();
  await ask("PATCH", "/api/modems/m1", { body: { gps: { track: null } } });
  expect(rig.journal?.query({ types: ["log"] }).events).toEqual([]);
});

test.each([
  ["", 422, "the body is no track: it is neither the text of a GPX file nor a list of points"],
  ["<gpx>", 422, "the body is no track: line 1: <gpx> is not closed"],
  [" ".repeat(MODULE_LIMITS.trackFile + 1), 413, `the body may have ${MODULE_LIMITS.trackFile} bytes`],
])("a track that is none is refused (%#), and the one before goes on", async (text, status, message) => {
  const { ask } = await controlBench({ time: "manual" });
  await ask("PUT", PATH, { body: Buffer.from(GPX), headers: RAW });
  const refused = await ask("PUT", PATH, { body: Buffer.from(text), headers: RAW });
  expect([refused.status, refused.json.error.message]).toEqual([status, message]);
  expect((await ask("GET", "/api/modems/m1")).json.gps.track).toEqual({ points: 1, seconds: 0, played: 0 });
});

test("there is no track of a modem that there is not", async () => {
  const { ask } = await controlBench();
  const { status } = await ask("PUT", PATH.replace("m1", "m9"), { body: Buffer.from(GPX), headers: RAW });
  expect(status).toBe(404);
});
