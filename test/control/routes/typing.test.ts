import { expect, test } from "vitest";
import { controlBench } from "../../support/control-bench.ts";

const type = (bytes: string) => ({ body: { bytes } });
const PATH = "/api/modems/m1/type";
const soon = () => AbortSignal.timeout(10_000);

test("what is typed runs as the host's own, and the host sees it", async () => {
  const bench = await controlBench();
  expect(await bench.ask("POST", PATH, type("AT+CGMM\r"))).toMatchObject({ status: 200, json: { typed: 8 } });
  expect(String(await bench.host.waitFor("OK\r\n", soon()))).toBe("AT+CGMM\r\r\nSIMCOM_WCDMA\r\n\r\nOK\r\n");
  const { events = [] } = bench.rig.journal?.query({ types: ["host"] }) ?? {};
  expect(events).toMatchObject([{ bytes: "AT+CGMM\r", typed: true }]);
});

test.each([
  ["has begun a line", "AT+CS", "typing"],
  ["enters data", 'AT+CMGF=1;+CMGS="+15555550142"\r', "entry"],
])("while the host %s nothing is typed", async (_, said, phase) => {
  const bench = await controlBench();
  void bench.host.write(said);
  if (phase === "entry") await bench.host.waitFor("> ", soon());
  else await bench.host.waitFor(said, soon());
  expect(await bench.ask("POST", PATH, type("AT\r"))).toMatchObject({
    status: 409,
    json: { error: { message: `the host has the line (${phase}); wait until it is idle` } },
  });
});

test("the host is held back while data of a typed command are entered, and nothing of it is lost or mixed in", async () => {
  const bench = await controlBench();
  await bench.ask("POST", PATH, type('AT+CMGF=1;+CMGS="+15555550142"\r'));
  await bench.host.waitFor("> ", soon());
  void bench.host.write("AT+CGMM\r");
  expect((await bench.ask("POST", PATH, type("hello\x1a"))).status).toBe(200);
  const all = String(await bench.host.waitFor("SIMCOM_WCDMA\r\n\r\nOK\r\n", soon()));
  expect(all).toMatch(/hello\r\n\+CMGS: \d+\r\n\r\nOK\r\nAT\+CGMM\r\r\nSIMCOM_WCDMA\r\n\r\nOK\r\n$/);
  const sms = await bench.ask("GET", "/api/modems/m1/sms");
  expect(sms.json.sent).toMatchObject([{ text: "hello" }]);
});

test("half a typed line gives way to the host", async () => {
  const bench = await controlBench();
  await bench.ask("POST", PATH, type("AT+CGM"));
  await bench.host.waitFor("AT+CGM", soon());
  expect(await bench.say("AT+CGMI")).toMatch(/^AT\+CGMI\r\r\nSIMCOM INCORPORATED\r\n/);
});

test("a reset lets a host go on that was held back", async () => {
  const bench = await controlBench();
  await bench.ask("POST", PATH, type('AT+CMGF=1;+CMGS="+15555550142"\r'));
  await bench.host.waitFor("> ", soon());
  void bench.host.write("AT\r");
  await bench.ask("POST", "/api/modems/m1/reset");
  expect(await bench.say("AT+CGMM")).toContain("SIMCOM_WCDMA");
});

test("a module that is off takes nothing", async () => {
  const bench = await controlBench();
  await bench.rig.modem("m1").powerOff();
  expect(await bench.ask("POST", PATH, type("AT\r"))).toMatchObject({ status: 409 });
});

test.each(["", "\u0100"])("the bytes %j are refused", async (bytes) => {
  const bench = await controlBench();
  expect(await bench.ask("POST", PATH, type(bytes))).toMatchObject({ status: 422 });
});
