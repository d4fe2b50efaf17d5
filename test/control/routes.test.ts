import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { memoryPair } from "../../src/transport/memory.ts";
import { controlBench } from "../support/control-bench.ts";

const EFS = "/api/modems/m1/efs";

test.each([[false], [true]])("health and the state of the modems (over a socket: %s)", async (unix) => {
  const { ask } = await controlBench({ unix, modem: { clock: "2010-02-05T12:00:00Z,0" } });
  expect((await ask("GET", "/api/health")).json).toEqual({ status: "ready" });
  const { json } = await ask("GET", "/api/modems/m1");
  expect(json).toMatchObject({ id: "m1", port: "memory", link: null, power: "on", radio: { registration: "home" } });
  expect((await ask("GET", "/api/modems")).json).toEqual({ modems: [json] });
});

test("HEAD answers as GET does, without a body, and closes the file", async () => {
  const { ask, rig } = await controlBench();
  await rig.modem("m1").efs.writeFile("C:/a.txt", "hello");
  expect(await ask("HEAD", `${EFS}/C:/a.txt`)).toMatchObject({
    status: 200,
    text: "",
    headers: { "content-length": "5" },
  });
  // A file that is still open could not be removed.
  expect((await ask("DELETE", `${EFS}/C:/a.txt`)).json).toEqual({ removed: true });
  const { headers } = await ask("HEAD", "/api/health");
  expect(Number(headers["content-length"])).toBe('{"status":"ready"}\n'.length);
});

describe("PATCH of a modem", () => {
  test("changes what it names, which the host sees", async () => {
    const { ask, say } = await controlBench();
    const patch = { radio: { rssi: 5, operator: { long: "Test" } }, sim: { pin: "4321" }, card: { inserted: false } };
    const { json } = await ask("PATCH", "/api/modems/m1", { body: patch });
    expect(json).toMatchObject({ radio: { rssi: 5, operator: { long: "Test" } }, card: { inserted: false } });
    expect(JSON.stringify(json)).not.toContain("4321");
    expect(await say("AT+CSQ")).toContain("+CSQ: 5,");
  });

  test("changes nothing when one field is wrong", async () => {
    const { ask } = await controlBench();
    const before = (await ask("GET", "/api/modems/m1")).json.radio;
    const { status, json } = await ask("PATCH", "/api/modems/m1", { body: { radio: { rssi: 5, ber: 8 } } });
    expect([status, json.error.at]).toEqual([422, "/radio/ber"]);
    expect((await ask("GET", "/api/modems/m1")).json.radio).toEqual(before);
  });

  test("switches the power off and on; a module that is off prints nothing", async () => {
    const { ask, say } = await controlBench();
    expect((await ask("PATCH", "/api/modems/m1", { body: { power: "off" } })).json).toMatchObject({
      power: "off",
      host: { phase: "off" },
    });
    expect((await ask("POST", "/api/modems/m1/urc", { body: { text: "X" } })).status).toBe(409);
    expect((await ask("PATCH", "/api/modems/m1", { body: { power: "on" } })).json.power).toBe("on");
    expect(await say("AT")).toContain("OK");
  });
});

test("an unsolicited line is printed", async () => {
  const { ask, host } = await controlBench();
  expect((await ask("POST", "/api/modems/m1/urc", { body: { text: '+CMTI: "SM",3' } })).json).toEqual({
    queued: "yes",
  });
  await host.waitFor('\r\n+CMTI: "SM",3\r\n', AbortSignal.timeout(10_000));
});

test("a short message arrives, and one that was sent shows", async () => {
  const { ask, say, host } = await controlBench();
  const arriving = await ask("POST", "/api/modems/m1/sms", { body: { from: "+15555550142", text: "hi" } });
  expect(arriving.json).toEqual({ received: true });
  await say("AT+CMGF=1");
  void host.write('AT+CMGS="+4912345"\r');
  await host.waitFor("> ", AbortSignal.timeout(10_000));
  void host.write("there\x1a");
  await host.waitFor("OK\r\n", AbortSignal.timeout(10_000));
  expect((await ask("GET", "/api/modems/m1/sms")).json).toMatchObject({
    stored: [{ from: "+15555550142", text: "hi", state: "unread" }],
    sent: [{ to: "+4912345", text: "there" }],
  });
  await ask("PATCH", "/api/modems/m1", { body: { radio: { registration: "none" } } });
  expect((await ask("POST", "/api/modems/m1/sms", { body: { from: "1", text: "x" } })).status).toBe(409);
});

test("a broadcast is printed, and one that the host does not want is refused with the reason", async () => {
  const { ask, say, host } = await controlBench();
  const send = (body: object) => ask("POST", "/api/modems/m1/broadcasts", { body: { id: 50, ...body } });
  expect(await send({ text: "Storm" })).toMatchObject({
    status: 409,
    json: { error: { message: expect.stringContaining("AT+CSCB has not chosen it") } },
  });
  await say('AT+CSCB=0,"50";+CNMI=2,1,2;+CMGF=1');
  expect(await send({ text: "Storm", serial: 7 })).toMatchObject({ status: 201, json: { received: true } });
  await host.waitFor("\r\n+CBM: 7,50,15,1,1\r\nStorm\r\n", AbortSignal.timeout(10_000));
  expect((await send({ text: "я".repeat(616) })).json).toMatchObject({ error: { at: "/text" } });
  await ask("PATCH", "/api/modems/m1", { body: { radio: { registration: "none" } } });
  expect((await send({ text: "Storm" })).status).toBe(409);
});

test("a long short message arrives in parts; one that is too long, or of no class, is refused", async () => {
  const { ask } = await controlBench();
  const send = (body: object) => ask("POST", "/api/modems/m1/sms", { body: { from: "+1", ...body } });
  expect((await send({ text: "a".repeat(161), class: 1 })).status).toBe(201);
  expect((await ask("GET", "/api/modems/m1/sms")).json).toMatchObject({
    stored: [
      { index: 0, text: "a".repeat(153) },
      { index: 1, text: "a".repeat(8) },
    ],
  });
  expect((await send({ text: "a".repeat(1531) })).json).toMatchObject({ error: { at: "/text" } });
  expect((await send({ text: "a", class: 4 })).json).toMatchObject({ error: { at: "/class" } });
});

test("what the network says to codes is set by a patch of the state", async () => {
  const { ask, host, say } = await controlBench();
  const ussd = { "*100#": "5 EUR", "*101#": { text: "1 or 2", answers: { 1: "one" } } };
  expect((await ask("PATCH", "/api/modems/m1", { body: { ussd } })).json).toMatchObject({ ussd });
  await say('AT+CUSD=1,"*100#"');
  await host.waitFor('\r\n+CUSD: 0,"5 EUR",15\r\n', AbortSignal.timeout(10_000));
  expect((await ask("PATCH", "/api/modems/m1", { body: { ussd: { "*1#": 1 } } })).json).toMatchObject({
    error: { at: "/ussd/*1#" },
  });
});

test("reset of one modem restarts it", async () => {
  const { ask, say } = await controlBench();
  await say("ATE0");
  expect((await ask("POST", "/api/modems/m1/reset")).json.settings.E).toBe(1);
});

test("reset of one modem announces it, as AT+CRESET does", async () => {
  const { ask, host, say } = await controlBench();
  const announcement =
    "\r\nSTART\r\n\r\n+STIN: 25\r\n\r\n+STIN: 25\r\n\r\n+CPIN: READY\r\n\r\nSMS DONE\r\n\r\nPB DONE\r\n";
  await say("AT+CRESET");
  expect(String(await host.waitFor("PB DONE\r\n", AbortSignal.timeout(10_000)))).toBe(announcement);
  await ask("POST", "/api/modems/m1/reset");
  expect(String(await host.waitFor("PB DONE\r\n", AbortSignal.timeout(10_000)))).toBe(announcement);
});

test.each(["/api/reset", "/api/modems/m1/reset"])(
  "%s takes an empty object for its body, and nothing in it",
  async (path) => {
    const { ask } = await controlBench();
    expect((await ask("POST", path, { body: {} })).status).toBe(200);
    const { status, json } = await ask("POST", path, { body: { now: true } });
    expect([status, json.error.at]).toEqual([422, "/now"]);
  },
);

test.each(["/api/sandbox/files", "/api/sandbox/files/"])("%s is the root of the FTP server's tree", async (path) => {
  const { ask } = await controlBench();
  await ask("PUT", "/api/sandbox/files/a.txt", { body: Buffer.from("x"), headers: { "Content-Type": "text/plain" } });
  expect((await ask("GET", path)).json.entries).toContainEqual({ name: "a.txt", kind: "file", size: 1 });
});

test("modems that were added are closed by a reset, and their numbers given again", async () => {
  const { ask, rig } = await controlBench();
  const own = await rig.addModem({ transport: memoryPair().module });
  expect((await ask("POST", "/api/modems", { body: { link: "/nowhere/at/all" } })).status).toBe(409);
  expect((await ask("POST", "/api/modems", { body: { tcp: 0 } })).json.id).toBe("m3");
  await ask("POST", "/api/reset");
  expect(rig.modems.map(({ id }) => id)).toEqual(["m1", own.id]);
  expect((await ask("POST", "/api/modems", { body: { tcp: 0 } })).json.id).toBe("m3");
});

test("a link that another modem has is a conflict", async () => {
  const { ask } = await controlBench();
  const folder = mkdtempSync(join(tmpdir(), "vmodem-link-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const body = { link: join(folder, "modem") };
  expect((await ask("POST", "/api/modems", { body })).status).toBe(201);
  expect(await ask("POST", "/api/modems", { body })).toMatchObject({ status: 409, json: { error: { at: "/link" } } });
});

describe("the EFS", () => {
  const binary = { "Content-Type": "application/octet-stream" };

  test("a file is put with its directories, read and removed", async () => {
    const { ask } = await controlBench();
    const put = await ask("PUT", `${EFS}/C:/dir/a%20b.txt`, { body: Buffer.from("hello"), headers: binary });
    expect(put.json).toEqual({ path: "C:/dir/a b.txt", size: 5 });
    const got = await ask("GET", `${EFS}/C:/dir/a%20b.txt`);
    expect([got.text, got.headers["content-length"]]).toEqual(["hello", "5"]);
    expect((await ask("GET", `${EFS}/C:/dir`)).json.entries).toMatchObject([
      { name: "a b.txt", kind: "file", size: 5 },
    ]);
    expect((await ask("DELETE", `${EFS}/C:/dir`)).json).toEqual({ removed: true });
    expect((await ask("GET", `${EFS}/C:/dir/a%20b.txt`)).status).toBe(404);
  });

  test("a path that ends in a slash makes a directory", async () => {
    const { ask } = await controlBench();
    expect((await ask("PUT", `${EFS}/C:/x/y/`, { headers: binary })).json).toEqual({ path: "C:/x/y", size: 0 });
    expect((await ask("GET", `${EFS}/C:/x`)).json.entries).toMatchObject([{ name: "y", kind: "directory" }]);
  });

  test("five megabytes come back as they went", async () => {
    const { ask, url } = await controlBench({ modem: { efsSize: "C=8M" } });
    const content = randomBytes(5_000_000);
    expect((await ask("PUT", `${EFS}/C:/big`, { body: content, headers: binary })).json.size).toBe(5_000_000);
    const got = Buffer.from(await (await fetch(`${url}${EFS}/C:/big`)).arrayBuffer());
    expect(digest(got)).toBe(digest(content));
  });

  test("a full volume is 507, and the old file stays", async () => {
    const { ask } = await controlBench({ modem: { efsSize: "C=64K" } });
    await ask("PUT", `${EFS}/C:/a`, { body: Buffer.from("old"), headers: binary });
    const { status, json } = await ask("PUT", `${EFS}/C:/a`, { body: Buffer.alloc(5_000_000), headers: binary });
    expect([status, json.error.code]).toEqual([507, "full"]);
    expect((await ask("GET", `${EFS}/C:/a`)).text).toBe("old");
  });

  test.each([
    ["GET", "C:/nothing", 404],
    ["DELETE", "C:/nothing", 404],
    ["DELETE", "C:/", 422],
    ["PUT", "C:/a*b", 422],
    ["PUT", "C:/a%00b", 422],
    ["PUT", "", 422],
    ["PUT", "C:/dir", 409],
    ["PUT", "C:/dir/file/below", 409],
    ["PUT", `C:/${"x".repeat(300)}`, 422],
    ["PUT", "D:/a", 409],
  ])("%s of %s is %i", async (method, path, status) => {
    const { ask, rig } = await controlBench({ modem: { noCard: true } });
    await rig.modem("m1").efs.writeFile("C:/dir/file", "x");
    const headers = method === "PUT" ? binary : {};
    const reply = await ask(method, `${EFS}/${path}`, method === "PUT" ? { headers, body: Buffer.from("x") } : {});
    expect([reply.status, reply.json.error.at]).toEqual([status, "/path"]);
  });

  test.each(["C:/../../../../m2", "C:/a/%2e%2e/%2e%2e/../m2", "..%2f..%2fm2"])("%s stays in the EFS", async (path) => {
    const { ask } = await controlBench();
    const { json } = await ask("PUT", `${EFS}/${path}`, { body: Buffer.from("x"), headers: binary });
    expect(json).toEqual({ path: "C:/m2", size: 1 });
  });
});

describe("modems are added and removed", () => {
  test("one more, on TCP", async () => {
    const { ask } = await controlBench();
    const { status, json } = await ask("POST", "/api/modems", {
      body: { tcp: 0, identity: "sim5320", "boot-time": "1ms" },
    });
    expect([status, json.id, json.identity]).toEqual([201, "m2", "sim5320"]);
    const port = Number(/:(\d+)$/.exec(json.port)?.[1]);
    const second = await ask("POST", "/api/modems", { body: { tcp: port } });
    expect([second.status, second.json.error.code]).toEqual([409, "conflict"]);
    expect((await ask("DELETE", "/api/modems/m2")).json).toEqual({ removed: true });
    expect((await ask("DELETE", "/api/modems/m2")).status).toBe(404);
    expect((await ask("GET", "/api/modems")).json.modems).toHaveLength(1);
  });

  test.each([
    [{ link: "/nowhere/at/all" }, 409],
    [{ serial: "/dev/nothing-here" }, 409],
    [{ tcp: "203.0.113.1:1" }, 409],
    [{ stdio: true }, 422],
    [{ transport: { start: 1 } }, 422],
    [{ efs: "/dev/null/efs" }, 409],
    [{ state: "/dev/null/state" }, 409],
  ])("%j is refused with %i", async (body, status) => {
    const { ask, rig, failures } = await controlBench();
    expect((await ask("POST", "/api/modems", { body })).status).toBe(status);
    expect([rig.modems.length, failures]).toEqual([1, []]);
  });

  test("an upload to a modem that is removed meanwhile is 404", async () => {
    const { ask, rig, url, failures } = await controlBench();
    const { efs } = await rig.addModem({ transport: memoryPair().module });
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    const writer = writable.getWriter();
    const init = { method: "PUT", body: readable, duplex: "half" } as const;
    const uploading = fetch(`${url}/api/modems/m2/efs/C:/dir/a`, init);
    await writer.write(Buffer.from("x"));
    // The directory is made when the upload has begun.
    while ((await efs.list("C:/")).length === 0) await new Promise(setImmediate);
    expect((await ask("DELETE", "/api/modems/m2")).status).toBe(200);
    expect((await uploading).status).toBe(404);
    writer.abort().catch(() => undefined);
    expect(failures).toEqual([]);
  });
});

describe("the clock", () => {
  test("a manual one stands until it is advanced", async () => {
    const { ask, host } = await controlBench({ time: "manual" });
    const { now, mode } = (await ask("GET", "/api/clock")).json;
    expect(mode).toBe("manual");
    await ask("PATCH", "/api/modems/m1", { body: { power: "off" } });
    const advanced = await ask("POST", "/api/clock/advance", { body: { ms: 120_000 } });
    expect(Date.parse(advanced.json.now) - Date.parse(now)).toBe(120_000);
    host.take();
  });

  test("calls at one time advance it by the sum of what they ask for, each to a moment of its own", async () => {
    const { ask } = await controlBench({ time: "manual" });
    const start = Date.parse((await ask("GET", "/api/clock")).json.now);
    const steps = [1000, 200, 30, 4];
    const answers = await Promise.all(steps.map((ms) => ask("POST", "/api/clock/advance", { body: { ms } })));
    const passed = answers.map(({ json }) => Date.parse(json.now) - start);
    expect(Math.max(...passed)).toBe(1234);
    expect(new Set(passed).size).toBe(steps.length);
  });

  test("a real one is not advanced", async () => {
    const { ask } = await controlBench();
    expect((await ask("GET", "/api/clock")).json.mode).toBe("real");
    expect((await ask("POST", "/api/clock/advance", { body: { ms: 1 } })).status).toBe(409);
  });
});

function digest(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
