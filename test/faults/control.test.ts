import { expect, onTestFinished, test } from "vitest";
import { ctlCommands, parseCtlLine } from "../../src/cli/ctl/arguments.ts";
import { ROUTES } from "../../src/control/routes/routes.ts";
import { bench } from "./bench.ts";

/** Calls a route of the faults directly. */
async function call(rig: unknown, method: string, path: string, body?: unknown, params = {}) {
  const route = ROUTES.find((candidate) => candidate.method === method && candidate.path === path);
  expect(route).toBeDefined();
  const answer = await route?.handle({ rig, body, params } as never);
  return answer?.kind === "json" ? answer : undefined;
}

test("faults are added, listed with how often they have fired, and removed", async () => {
  const { rig } = await bench();
  onTestFinished(() => rig.close());
  const added = await call(rig, "POST", "/api/faults", { kind: "deaf", id: "d" });
  expect(added).toMatchObject({ status: 201, value: { id: "d", kind: "deaf", state: "active", fired: 0 } });
  await call(rig, "POST", "/api/faults", { kind: "mute" });
  const listed = await call(rig, "GET", "/api/faults");
  expect(listed?.value).toMatchObject({ faults: [{ id: "d" }, { id: "mute-1" }] });
  await call(rig, "DELETE", "/api/faults/{id}", undefined, { id: "d" });
  expect((await call(rig, "GET", "/api/faults"))?.value).toMatchObject({ faults: [{ id: "mute-1" }] });
  await call(rig, "DELETE", "/api/faults");
  expect((await call(rig, "GET", "/api/faults"))?.value).toEqual({ faults: [] });
  await expect(call(rig, "DELETE", "/api/faults/{id}", undefined, { id: "d" })).rejects.toMatchObject({ status: 404 });
});

test("the list tells how often each has fired", async () => {
  const { rig, dte } = await bench([
    { kind: "busy", command: "+CSQ", code: 14 },
    { kind: "mute", times: 1 },
  ]);
  for (let count = 0; count < 3; count++) dte.send("AT+CSQ\r");
  await dte.clock.advance(1);
  expect((await call(rig, "GET", "/api/faults"))?.value).toMatchObject({
    faults: [
      { kind: "busy", fired: 3, state: "active" },
      { kind: "mute", fired: 1, state: "ended" },
    ],
  });
});

test("a wrong field is 422, with its place", async () => {
  const { rig } = await bench();
  const wrong = call(rig, "POST", "/api/faults", { kind: "latency", latency: "much" });
  await expect(wrong).rejects.toMatchObject({ status: 422, at: "/latency" });
});

test.each<[readonly string[], unknown]>([
  [
    ["fault", "add", "latency", "--service", "smtp", "--latency", "500"],
    { kind: "latency", service: "smtp", latency: 500 },
  ],
  [["fault", "add", "reply", "--verb=RCPT", "--text", "451 later"], { kind: "reply", verb: "RCPT", text: "451 later" }],
  [
    ["fault", "add", "mute", "--on", '{"type":"line"}', "--control", "127.0.0.1:1"],
    { kind: "mute", on: { type: "line" } },
  ],
  [["fault", "add", "pace", "--baud", "ipr"], { kind: "pace", baud: "ipr" }],
])("ctl %j", async (argv, body) => {
  const { bound, words, own: options } = parseCtlLine(argv, ctlCommands(ROUTES));
  const request = await bound?.command.request({ words, options, readFile: async () => new Uint8Array() });
  expect(request?.body).toEqual(body);
});
