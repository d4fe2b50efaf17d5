import { describe, expect, onTestFinished, test } from "vitest";
import { controlBench } from "../support/control-bench.ts";

const query = (fields: Readonly<Record<string, string | number>>) =>
  `/api/events?${new URLSearchParams(Object.entries(fields).map(([name, value]): [string, string] => [name, String(value)]))}`;

describe("GET /api/events", () => {
  test("gives what was selected, and where to go on", async () => {
    const { ask, say } = await controlBench();
    await say("AT+CSQ");
    const all = (await ask("GET", "/api/events")).json;
    expect(all.events[0]).toMatchObject({ seq: 1, type: "rig" });
    expect(all).toMatchObject({ next: all.events.at(-1).seq, dropped: 0 });
    const commands = (await ask("GET", query({ type: "command,result", modem: "m1" }))).json.events;
    expect(commands.map(({ type, name }: { type: string; name: string }) => [type, name])).toEqual([
      ["command", "+CSQ"],
      ["result", "+CSQ"],
    ]);
    expect((await ask("GET", query({ modem: "m2" }))).json.events).toEqual([]);
    expect((await ask("GET", query({ match: '{"name":"/^.CSQ$/"}' }))).json.events).toHaveLength(2);
    expect((await ask("GET", query({ after: 1, limit: 1 }))).json).toMatchObject({ events: [{ seq: 2 }], next: 2 });
    expect((await ask("GET", query({ limit: 1_000_000 }))).json.events).toEqual(all.events);
  });

  test("wait ends with the first event, or empty when the time is over", async () => {
    const { ask, rig, say } = await controlBench();
    const after = rig.journal?.last ?? 0;
    const waiting = ask("GET", query({ after, type: "command", wait: 10_000 }));
    await say("AT+CSQ");
    expect((await waiting).json.events).toMatchObject([{ name: "+CSQ" }]);
    expect((await ask("GET", query({ after, type: "upload", wait: 1 }))).json.events).toEqual([]);
  });

  test("dropped counts the events that are gone", async () => {
    const { ask, say } = await controlBench({ journal: { size: 2000 } });
    for (let round = 0; round < 50; round++) await say("AT+CSQ");
    expect((await ask("GET", query({ after: 1 }))).json.dropped).toBeGreaterThan(0);
  });
});

/** Reads a stream of server-sent events. */
async function stream(url: string, headers: Readonly<Record<string, string>> = {}) {
  const end = new AbortController();
  onTestFinished(() => end.abort());
  const signal = AbortSignal.any([end.signal, AbortSignal.timeout(10_000)]);
  const response = await fetch(url, { headers: { Accept: "text/event-stream", ...headers }, signal });
  expect(response.headers.get("content-type")).toBe("text/event-stream");
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  return async (wanted: string) => {
    while (!text.includes(wanted)) {
      const piece = await reader?.read();
      if (piece === undefined || piece.done) throw new Error(`the stream ended before ${wanted}: ${text}`);
      text += piece.value;
    }
    return text;
  };
}

describe("the live stream", () => {
  test("gives what has happened and what happens, each with its seq", async () => {
    const { url, say } = await controlBench();
    const until = await stream(`${url}${query({ type: "command,rig" })}`);
    await until('id: 1\ndata: {"seq":1,');
    await say("AT+CSQ");
    const text = await until('"name":"+CSQ"');
    expect(text).toMatch(/id: (\d+)\ndata: \{"seq":\1,[^\n]*"\+CSQ"[^\n]*\}\n\n/);
  });

  test("Last-Event-ID goes on where a stream broke off", async () => {
    const { url, rig, say } = await controlBench();
    await say("AT+CSQ");
    const last = rig.journal?.last ?? 0;
    const until = await stream(`${url}${query({ after: 0 })}`, { "Last-Event-ID": String(last) });
    await say("AT+CGMM");
    const text = await until("+CGMM");
    expect(text).not.toContain("+CSQ");
    expect(text).toContain(`id: ${last + 1}\n`);
  });

  test("stays open across a reset, and seq goes on", async () => {
    const { url, rig, ask } = await controlBench();
    const until = await stream(`${url}${query({ type: "rig" })}`);
    await until("id: 1\n");
    const last = rig.journal?.last ?? 0;
    expect((await ask("POST", "/api/reset")).json).toEqual({ reset: "done" });
    await until('"type":"rig","now"');
    const { events } = (await ask("GET", query({ type: "rig" }))).json;
    expect(events).toHaveLength(1);
    expect(events[0].seq).toBeGreaterThan(last);
    await until(`id: ${events[0].seq}\n`);
  });
});

test("POST /api/reset takes less than 100 ms", async () => {
  const { ask } = await controlBench();
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 5; round++) {
    const begun = performance.now();
    await ask("POST", "/api/reset");
    best = Math.min(best, performance.now() - begun);
  }
  expect(best).toBeLessThan(100);
});

test("a reset empties EFS and sandbox", async () => {
  const { ask, rig } = await controlBench();
  await rig.modem("m1").efs.writeFile("C:/a", "x");
  await rig.sandbox?.ftp.files.put("mine", "x");
  await ask("POST", "/api/reset");
  expect((await ask("GET", "/api/modems/m1/efs/C:/a")).status).toBe(404);
  expect((await ask("GET", "/api/sandbox/files/mine")).status).toBe(404);
});

describe("POST /api/expect", () => {
  test("gives an event that came, and one that comes", async () => {
    const { ask, say } = await controlBench();
    await say("AT+CSQ");
    const match = { type: "command", name: "+CSQ" };
    const { event } = (await ask("POST", "/api/expect", { body: { match } })).json;
    expect(event).toMatchObject(match);
    const waiting = ask("POST", "/api/expect", { body: { match, after: event.seq, timeout: 10_000 } });
    await say("AT+CSQ");
    expect((await waiting).json.event.seq).toBeGreaterThan(event.seq);
  });

  test("shows what came closest when nothing matches", async () => {
    const { ask, say } = await controlBench();
    await say("AT+CSQ");
    const { status, json } = await ask("POST", "/api/expect", {
      body: { match: { type: "command", name: "+CSQ", form: "read" }, timeout: 1 },
    });
    expect([status, json.error.code]).toEqual([404, "not-found"]);
    expect(json.near).toMatchObject([
      { event: { name: "+CSQ" }, differences: [{ at: "/form", expected: "read", actual: "execute" }] },
    ]);
  });
});

test.each(["GET /api/events", "POST /api/expect"])("%s without a journal is 409", async (route) => {
  const { ask } = await controlBench({ journal: false });
  const [method = "", path = ""] = route.split(" ");
  expect((await ask(method, path, method === "POST" ? { body: { match: {} } } : {})).status).toBe(409);
});
