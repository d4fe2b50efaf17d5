import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { callControl, readJsonResponse } from "../../../src/control/client.ts";
import { callRoutes } from "../../../src/control/routes/calls.ts";
import { modemRoutes } from "../../../src/control/routes/modems.ts";
import { ControlServer } from "../../../src/control/server.ts";
import { silentLog } from "../../../src/platform/log.ts";
import { Rig } from "../../../src/rig/rig.ts";
import { memoryPair } from "../../../src/transport/memory.ts";

/** A rig of one modem, and requests to its control interface: each gives status and body. */
async function controlled() {
  const { module, host } = memoryPair();
  const rig = await Rig.start({ modems: [{ transport: module }], journal: true });
  const access = { unix: false, token: undefined, equal: Object.is };
  const server = new ControlServer({ rig, routes: [...callRoutes, ...modemRoutes], access, log: silentLog });
  await new Promise<void>((resolve) => server.http.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    await server.close();
    await rig.close();
  });
  const { port } = server.http.address() as AddressInfo;
  const call = async (method: string, path: string, body?: unknown) => {
    const signal = AbortSignal.timeout(10_000);
    const request = { method, path: `/api/modems/m1${path}`, body, signal };
    const response = await callControl({ kind: "tcp", host: "127.0.0.1", port }, request);
    return [response.statusCode, await readJsonResponse(response)] as const;
  };
  const says = async (line: string, until: string) => {
    await host.write(`${line}\r`);
    await host.waitFor(until, AbortSignal.timeout(10_000));
  };
  return { rig, call, says, urcs: () => urcsOf(rig) };
}

function urcsOf(rig: Rig): readonly unknown[] {
  const events = rig.journal?.query({ types: ["urc"] }).events ?? [];
  return events.map((event) => (event.type === "urc" ? event.text : undefined));
}

const FROM = "+15555550142";

test("a call comes in, is answered, carries a tone and ends", async () => {
  const { call, says, urcs } = await controlled();
  const shown = { id: 1, direction: "incoming", number: FROM, name: "Ann", dtmf: "" };
  await says("AT+CLIP=1;+DDET=1", "OK");
  expect(await call("POST", "/calls", { from: FROM, name: "Ann" })).toEqual([201, { id: 1 }]);
  expect(await call("GET", "/calls")).toEqual([200, { calls: [{ ...shown, state: "incoming" }] }]);
  await says("ATA", "OK");
  await says("AT+VTS=7", "OK");
  expect(await call("PATCH", "/calls/1", { dtmf: "5" })).toEqual([200, { ...shown, state: "active", dtmf: "7" }]);
  expect(await call("PATCH", "/calls/1", { state: "ended" })).toEqual([200, { ...shown, state: "ended", dtmf: "7" }]);
  expect(await call("GET", "/calls")).toEqual([200, { calls: [] }]);
  expect(urcs().map((text) => String(text).replace(/\d{6}$/, "HHMMSS"))).toEqual([
    "RING",
    `+CLIP: "${FROM}",145,,,"Ann",0`,
    "+RXDTMF: 5",
    "VOICE CALL: END: HHMMSS",
    "NO CARRIER",
  ]);
});

test.each([
  ["active", 200, "active", ["VOICE CALL: BEGIN"]],
  ["busy", 200, "ended", ["BUSY"]],
  ["ended", 200, "ended", ["NO CARRIER"]],
])("the far end of an outgoing call: %s", async (state, status, after, lines) => {
  const { call, says, urcs } = await controlled();
  expect(await call("PATCH", "", { calls: { outgoing: "ring" } })).toMatchObject([
    200,
    { calls: { outgoing: "ring" } },
  ]);
  await says("ATX4D123;", "OK");
  expect(await call("PATCH", "/calls/1", { state })).toMatchObject([status, { number: "123", state: after }]);
  expect(urcs()).toEqual(lines);
});

test.each([
  [{ from: "12a" }, 422, "/from"],
  [{ from: FROM, name: 'a"b' }, 422, "/name"],
  [{}, 422, "/from"],
])("POST %j is refused with %d", async (body, status, at) => {
  const { call } = await controlled();
  expect(await call("POST", "/calls", body)).toMatchObject([status, { error: { at } }]);
});

test.each([
  ["1", { state: "active" }, 409],
  ["1", { state: "busy" }, 409],
  ["1", { dtmf: "5" }, 409],
  ["1", { state: "held" }, 422],
  ["1", { dtmf: "x" }, 422],
  ["1", {}, 422],
  ["1", { state: "ended", dtmf: "5" }, 422],
  ["2", { state: "ended" }, 404],
  ["01", { state: "ended" }, 404],
])("PATCH of the ringing call as %s with %j is refused with %d", async (n, body, status) => {
  const { call } = await controlled();
  expect(await call("POST", "/calls", { from: "" })).toEqual([201, { id: 1 }]);
  expect((await call("PATCH", `/calls/${n}`, body))[0]).toBe(status);
  expect(await call("GET", "/calls")).toMatchObject([200, { calls: [{ state: "incoming", number: "" }] }]);
});

test("a call that cannot come in is refused with 409", async () => {
  const { call } = await controlled();
  await call("POST", "/calls", { from: FROM });
  expect(await call("POST", "/calls", { from: FROM })).toMatchObject([409, { error: { code: "conflict" } }]);
  await call("PATCH", "", { radio: { registration: "searching" } });
  expect(await call("POST", "/calls", { from: FROM })).toMatchObject([409, { error: { code: "conflict" } }]);
});
