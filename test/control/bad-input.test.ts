import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { CONTROL_LIMITS } from "../../src/control/limits.ts";
import type { Route } from "../../src/control/route.ts";
import { ROUTES } from "../../src/control/routes/routes.ts";
import type { JsonSchema } from "../../src/platform/schema/schema.ts";
import { type ControlBench, controlBench } from "../support/control-bench.ts";

/** Values that a schema refuses, each with where its fault is. */
function wrongs(schema: JsonSchema, at = ""): [at: string, value: unknown][] {
  if (schema.anyOf !== undefined)
    return [[at, { no: { such: "thing" } }]].slice(0, isOpen(schema) ? 0 : 1) as [string, unknown][];
  if (schema.type === undefined && schema.enum === undefined) return [];
  const { minimum, maximum, maxLength, minLength = 0, pattern } = schema;
  const wrong: [string, unknown][] = [schema.type === "object" ? [at, []] : [at, {}], [at, null]];
  if (minimum !== undefined) wrong.push([at, minimum - 1]);
  if (maximum !== undefined) wrong.push([at, maximum + 1]);
  if (schema.type === "integer") wrong.push([at, 1.5], [at, "1"], [at, 2 ** 60]);
  if (schema.type === "boolean") wrong.push([at, "true"], [at, 1]);
  if (schema.enum !== undefined) wrong.push([at, "no-such-name"]);
  if (maxLength !== undefined) wrong.push([at, "1".repeat(maxLength + 1)]);
  if (minLength > 0) wrong.push([at, ""]);
  if (pattern !== undefined) wrong.push([at, "\u0007"]);
  if (schema.type !== "object") return wrong;
  if (schema.additionalProperties === false) {
    for (const name of ["unknown", "__proto__", "constructor", "a/b~c"]) {
      const where = name.replaceAll("~", "~0").replaceAll("/", "~1");
      wrong.push([`${at}/${where}`, Object.fromEntries([...Object.entries(sample(schema)), [name, 1]])]);
    }
  }
  for (const name of schema.required ?? []) {
    const { [name]: _, ...rest } = sample(schema);
    wrong.push([`${at}/${name}`, rest]);
  }
  for (const [name, inner] of Object.entries(schema.properties ?? {})) {
    for (const [where, value] of wrongs(inner, `${at}/${name}`))
      wrong.push([where, { ...sample(schema), [name]: value }]);
  }
  return wrong;
}

function isOpen(schema: JsonSchema): boolean {
  return (schema.anyOf ?? []).some((inner) => inner.type === undefined && inner.enum === undefined);
}

/** A right value of an object, with what it needs only. */
function sample(schema: JsonSchema): Record<string, unknown> {
  const values: Record<string, unknown> = { match: {}, text: "x", from: "123", ms: 1 };
  return Object.fromEntries((schema.required ?? []).map((name) => [name, values[name]]));
}

function pathOf({ path }: Route): string {
  return path.replace("{id}", "m1").replace("{path}", "x").replace("{n}", "1").replace("{user}", "u");
}

const withBody = ROUTES.filter(({ body }) => body !== undefined && body !== "raw");
const withQuery = ROUTES.filter(({ query }) => query !== undefined);
const changing = ROUTES.filter(({ method }) => method !== "GET");

test("the routes with a body are those that are tried", () => {
  expect(withBody.map(({ method, path }) => `${method} ${path}`)).toEqual([
    "POST /api/clock/advance",
    "POST /api/modems",
    "PATCH /api/modems/{id}",
    "POST /api/modems/{id}/urc",
    "POST /api/modems/{id}/sms",
    "POST /api/expect",
  ]);
});

describe.each(withBody.map((route) => [`${route.method} ${route.path}`, route] as const))("%s", (_, route) => {
  test("each field, wrong in each way, is 422 and named", async () => {
    const { ask, rig, failures } = await controlBench({ time: "manual" });
    const before = JSON.stringify(rig.modem("m1").state().radio);
    for (const [at, body] of wrongs(route.body as JsonSchema)) {
      const { status, json } = await ask(route.method, pathOf(route), {
        body: Buffer.from(JSON.stringify(body)),
        headers: JSON_TYPE,
      });
      // The wrong place is the field itself, or one inside of the wrong value.
      expect([status, json.error.at.startsWith(at), JSON.stringify(body)]).toEqual([422, true, JSON.stringify(body)]);
    }
    expect([JSON.stringify(rig.modem("m1").state().radio), rig.modems.length, failures]).toEqual([before, 1, []]);
  });

  test.each([["{"], [""], ["'a'"], ["{}x"]])("%j is no JSON: 400", async (text) => {
    const { ask } = await controlBench();
    expect((await ask(route.method, pathOf(route), { body: Buffer.from(text), headers: JSON_TYPE })).status).toBe(400);
  });

  test("bytes that are no UTF-8 are 400", async () => {
    const { ask } = await controlBench();
    expect(
      (await ask(route.method, pathOf(route), { body: Buffer.from('"\xff"', "latin1"), headers: JSON_TYPE })).status,
    ).toBe(400);
  });

  test("values that are nested deeply or have odd names are 422", async () => {
    const { ask, failures } = await controlBench();
    const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
    for (const text of [
      deep,
      `{"link":${deep}}`,
      `{"match":{"a":${deep}}}`,
      '{"clock":{"toString":1}}',
      '{"__proto__":{"x":1}}',
    ]) {
      const { status } = await ask(route.method, pathOf(route), { body: Buffer.from(text), headers: JSON_TYPE });
      expect(status).toBe(422);
    }
    expect(failures).toEqual([]);
  });

  test("a body that is too large is 413, and the client gets the answer", async () => {
    const { ask } = await controlBench();
    const body = Buffer.alloc(CONTROL_LIMITS.json + 1_000_000, " ");
    expect((await ask(route.method, pathOf(route), { body, headers: JSON_TYPE })).status).toBe(413);
  });
});

const JSON_TYPE = { "Content-Type": "application/json" };

describe.each(withQuery.map((route) => [`${route.method} ${route.path}`, route] as const))(
  "the query of %s",
  (_, route) => {
    test("each field, wrong in each way, is 422 and named", async () => {
      const { ask, failures } = await controlBench();
      const tries = Object.entries(route.query?.properties ?? {}).flatMap(
        ([name, { type, minimum, maximum, maxLength, minLength = 0 }]) => [
          ...(type === "integer"
            ? ["", "x", "1.5", "1e3", "0x1", " 1", "99999999999999999999", "-1"].map((value) => [name, value])
            : []),
          ...(minimum === undefined ? [] : [[name, minimum - 1]]),
          ...(maximum === undefined ? [] : [[name, maximum + 1]]),
          ...(maxLength === undefined ? [] : [[name, "x".repeat(maxLength + 1)]]),
          ...(minLength > 0 ? [[name, ""]] : []),
        ],
      );
      for (const [name, value] of [...tries, ["unknown", "1"], ["__proto__", "1"], ["constructor", "1"]]) {
        const search = `?${new URLSearchParams([[String(name), String(value)]])}`;
        const { status, json } = await ask(route.method, `${pathOf(route)}${search}`, bodyOf(route));
        expect([status, json.error.at, search]).toEqual([422, `query/${name}`, search]);
      }
      for (const name of Object.keys(route.query?.properties ?? {})) {
        const { status } = await ask(route.method, `${pathOf(route)}?${name}=1&${name}=1`, bodyOf(route));
        expect(status).toBe(422);
      }
      expect(failures).toEqual([]);
    });
  },
);

test.each([
  ["type=", "query/type"],
  ["type=command,nothing", "query/type"],
  ["match=%7B", "query/match"],
  ["match=1", "query/match"],
  ["match=%7B%22type%22%3A%22comand%22%7D", "query/match/type"],
  ["match=%7B%22name%22%3A%22%2F(%2F%22%7D", "query/match/name"],
])("GET /api/events?%s is 422", async (search, at) => {
  const { ask } = await controlBench();
  const { status, json } = await ask("GET", `/api/events?${search}`);
  expect([status, json.error.at]).toEqual([422, at]);
});

test.each([
  [{ match: [] }, "/match"],
  [{ match: { type: "comand" } }, "/match/type"],
  [{ match: { ms: { min: "1" } } }, "/match/ms/min"],
])("POST /api/expect of %j is 422", async (body, at) => {
  const { ask } = await controlBench();
  const { status, json } = await ask("POST", "/api/expect", { body });
  expect([status, json.error.at]).toEqual([422, at]);
});

test.each([
  [{ radio: { rssi: 32 } }, "/radio/rssi"],
  [{ sim: { imsi: "1" } }, "/sim/imsi"],
  [{ sim: { state: "absent", pin: "1234" } }, "/sim/pin"],
  [{ clock: { time: "2010-02-31T12:00:00Z" } }, "/clock/time"],
])("PATCH of %j is 422", async (body, at) => {
  const { ask } = await controlBench();
  const { status, json } = await ask("PATCH", "/api/modems/m1", { body });
  expect([status, json.error.at]).toEqual([422, at]);
});

test.each([
  [{ linke: "x" }, "/linke"],
  [{ dialect: "feild" }, "/dialect"],
  [{ link: "/a", tcp: 0 }, "/link"],
  [{ bootTime: 1, "boot-time": 1 }, "/boot-time"],
  [{ pin: "12" }, "/pin"],
  [{ clock: "yesterday" }, "/clock"],
  [{ efsSize: { C: 1, E: 2 } }, "/efsSize"],
  [{ resolve: ["a"] }, "/resolve"],
])("POST /api/modems of %j is 422", async (body, at) => {
  const { ask } = await controlBench();
  const { status, json } = await ask("POST", "/api/modems", { body });
  expect([status, json.error.at]).toEqual([422, at]);
});

test("every path knows its methods: others are 405 with Allow", async () => {
  const { ask } = await controlBench();
  for (const path of new Set(ROUTES.map((route) => route.path))) {
    const known = ROUTES.filter((route) => route.path === path).map(({ method }) => method as string);
    const allowed = known.flatMap((method) => (method === "GET" ? ["GET", "HEAD"] : [method]));
    const others = ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"].filter((method) => !allowed.includes(method));
    for (const method of others) {
      const { status, headers } = await ask(method, pathOf({ path } as Route), { body: {} });
      expect([status, headers.allow]).toEqual([405, allowed.join(", ")]);
    }
  }
});

test.each(["/api", "/api/", "/api/modem", "/api/modems/", "/api/modems/m1/x", "/api/health/", "//x/api/health"])(
  "%s is 404",
  async (path) => {
    const { ask } = await controlBench();
    expect((await ask("GET", path)).json.error.code).toBe("not-found");
  },
);

test.each(ROUTES.filter(({ path }) => path.includes("{id}")).map((route) => [route.method, route] as const))(
  "%s of a modem that there is not is 404",
  async (method, route) => {
    const { ask } = await controlBench();
    const body = route.body === undefined || route.body === "raw" ? {} : { body: sample(route.body) };
    expect((await ask(method, pathOf(route).replace("m1", "m9"), body)).status).toBe(404);
  },
);

test("a broken percent-encoding is 400", async () => {
  const { ask } = await controlBench();
  expect((await ask("GET", "/api/modems/m1/efs/%zz")).status).toBe(400);
  expect((await ask("GET", "/api/modems/%ff")).status).toBe(400);
});

test.each(changing.map((route) => [`${route.method} ${route.path}`, route] as const))(
  "%s by a form is 415",
  async (_, route) => {
    const { ask } = await controlBench();
    const types = ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"];
    if (route.body !== "raw") types.push("text/plain", "", "application/jsonx", "application/octet-stream");
    for (const type of types) {
      const { status } = await ask(route.method, pathOf(route), { body: {}, headers: { "Content-Type": type } });
      expect([status, type]).toEqual([415, type]);
    }
  },
);

describe("who may ask", () => {
  test.each(["example.com", "evil.localhost.example.com", "localhost.", "127.0.0.1.example.com", "[::1"])(
    "the Host %j is 403",
    async (host) => {
      const { ask } = await controlBench();
      expect((await ask("GET", "/api/modems", { headers: { Host: host } })).status).toBe(403);
    },
  );

  test("a missing Host is 403", async () => {
    const bench = await controlBench();
    expect(await talk(bench, "GET /api/modems HTTP/1.1\r\n\r\n", "}")).toMatch(/^HTTP\/1\.1 403 /);
    expect(await talk(bench, "GET /api/modems HTTP/1.1\r\nHost:\r\n\r\n", "}")).toMatch(/^HTTP\/1\.1 403 /);
  });

  test.each(["localhost", "LOCALHOST:1", "127.0.0.1", "127.0.0.1:80", "[::1]:80", "10.1.2.3"])(
    "the Host %s is taken",
    async (host) => {
      const { ask } = await controlBench();
      expect((await ask("GET", "/api/modems", { headers: { Host: host } })).status).toBe(200);
    },
  );

  test("over a socket the Host does not count", async () => {
    const { ask } = await controlBench({ unix: true });
    expect((await ask("GET", "/api/modems", { headers: { Host: "example.com" } })).status).toBe(200);
  });

  test("only our own Origin is taken", async () => {
    const { ask, url } = await controlBench();
    const from = (origin: string) => ask("POST", "/api/reset", { headers: { Origin: origin } });
    for (const origin of ["http://example.com", "null", "http://127.0.0.1:1", url.replace("http", "https"), ""]) {
      expect([(await from(origin)).status, origin]).toEqual([403, origin]);
    }
    expect((await from(url)).status).toBe(200);
  });

  test.each([
    [undefined, 401],
    ["Bearer wrong-token", 401],
    ["Bearer ", 401],
    ["Basic right-token", 401],
    ["right-token", 401],
    ["Bearer right-token", 200],
    ["bearer right-token", 200],
  ])("with a token, Authorization %j is %i", async (authorization, status) => {
    const { ask } = await controlBench({ token: "right-token" });
    const headers: Record<string, string> = authorization === undefined ? {} : { Authorization: authorization };
    const reply = await ask("GET", "/api/modems", { headers });
    expect([reply.status, reply.headers["www-authenticate"]]).toEqual([status, status === 401 ? "Bearer" : undefined]);
    expect((await ask("GET", "/api/health")).status).toBe(200);
  });

  test("without the token nobody learns which paths there are", async () => {
    const { ask } = await controlBench({ token: "right-token" });
    expect((await ask("GET", "/api/nothing")).status).toBe(401);
    expect((await ask("DELETE", "/api/health")).status).toBe(401);
  });
});

describe("on the wire", () => {
  test.each([
    ["garbage\r\n\r\n", 400],
    ["GET nothing HTTP/1.1\r\nHost: localhost\r\n\r\n", 400],
    ["GET / HTTP/1.1\r\nHost: localhost\r\nbad header\r\n\r\n", 400],
    ["POST /api/reset HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400],
    [`GET / HTTP/1.1\r\nHost: localhost\r\nX: ${"x".repeat(20_000)}\r\n\r\n`, 431],
    ["GET http://localhost/api/health HTTP/1.1\r\nHost: localhost\r\n\r\n", 200],
    ["GET /api/health HTTP/1.0\r\nHost: localhost\r\n\r\n", 200],
  ])("%j is %i", async (text, status) => {
    const bench = await controlBench();
    expect(await talk(bench, text, "}")).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect((await bench.ask("GET", "/api/health")).status).toBe(200);
  });

  test("Expect: 100-continue is answered before the body, and not where it would be refused", async () => {
    const bench = await controlBench();
    const head = (length: number, type: string) =>
      `PUT /api/modems/m1/efs/C:/a HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Type: ${type}\r\nContent-Length: ${length}\r\n\r\n`;
    const socket = open(bench);
    socket.write(head(5, "application/octet-stream"));
    await until(socket, "HTTP/1.1 100 Continue\r\n\r\n");
    socket.write("hello");
    await until(socket, '"size":5');
    expect(await talk(bench, head(5, "multipart/form-data"), "}")).toMatch(/^HTTP\/1\.1 415 /);
  });

  test("a refused upload is answered while it is still being sent", async () => {
    const { ask, url } = await controlBench();
    const init = { method: "PUT", body: Buffer.alloc(CONTROL_LIMITS.sandboxBody + 1_000_000) };
    expect((await fetch(`${url}/api/sandbox/files/big`, init)).status).toBe(413);
    expect((await ask("GET", "/api/sandbox/files/big")).status).toBe(404);
  });

  test.each([
    ["PUT /api/modems/m1/efs/C:/a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nhalf"],
    ["PUT /api/modems/m1/efs/C:/a HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhal"],
    ["PUT /api/modems/m1/efs/C:/a HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"],
    ["POST /api/reset HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{"],
  ])("a connection that is cut in the body leaves nothing: %j", async (text) => {
    const bench = await controlBench();
    const socket = open(bench);
    socket.on("error", () => undefined);
    socket.write(text);
    await new Promise((resolve) => bench.server.http.once("request", resolve));
    socket.resetAndDestroy();
    await connections(bench, 0);
    expect((await bench.ask("GET", "/api/modems/m1/efs/C:/a")).status).toBe(404);
    expect(bench.failures).toEqual([]);
  });

  test("a client that reads slowly, and leaves, ends its stream and closes its file", async () => {
    const bench = await controlBench();
    await bench.rig.modem("m1").efs.writeFile("C:/big", Buffer.alloc(8_000_000));
    const socket = open(bench);
    socket.write("GET /api/modems/m1/efs/C:/big HTTP/1.1\r\nHost: localhost\r\n\r\n");
    await once(socket, "readable");
    socket.destroy();
    await connections(bench, 0);
    expect((await bench.ask("DELETE", "/api/modems/m1/efs/C:/big")).json).toEqual({ removed: true });
    expect(bench.failures).toEqual([]);
  });

  test("garbage after a request that is being answered cuts the stream, and nothing else comes", async () => {
    const bench = await controlBench();
    const socket = open(bench);
    socket.write("GET /api/events HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n");
    await until(socket, "id: 1\n");
    let rest = "";
    socket.on("data", (piece) => {
      rest += String(piece);
    });
    socket.write("garbage\r\n\r\n");
    await once(socket, "close");
    expect(rest).not.toContain("HTTP/1.1 400");
  });

  test("200 idle connections keep nobody out", async () => {
    const bench = await controlBench();
    const idle = Array.from({ length: 200 }, () => open(bench));
    await Promise.all(idle.map((socket) => once(socket, "connect")));
    await connections(bench, 200);
    expect((await bench.ask("GET", "/api/health")).status).toBe(200);
    for (const socket of idle) socket.destroy();
    await connections(bench, 0);
  });
});

function bodyOf(route: Route) {
  return route.body === "raw" ? { body: Buffer.from("x"), headers: { "Content-Type": "text/x" } } : {};
}

function open({ url }: ControlBench): Socket {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  return socket;
}

/** Sends bytes as they are, and reads until `end` has come. */
async function talk(bench: ControlBench, text: string, end: string): Promise<string> {
  const socket = open(bench);
  socket.write(text);
  return until(socket, end);
}

function until(socket: Socket, end: string): Promise<string> {
  let got = "";
  return new Promise((resolve, reject) => {
    const onData = (piece: Buffer) => {
      got += String(piece);
      if (!got.includes(end)) return;
      socket.off("data", onData);
      resolve(got);
    };
    socket.on("data", onData);
    socket.on("error", reject);
    socket.on("close", () => reject(new Error(`closed after ${got}`)));
  });
}

/** Waits until the server has so many connections. */
async function connections({ server }: ControlBench, wanted: number): Promise<void> {
  const end = performance.now() + 10_000;
  for (;;) {
    const count = await new Promise<number>((resolve) => server.http.getConnections((_, open) => resolve(open)));
    if (count === wanted) return;
    await new Promise(setImmediate);
    if (performance.now() > end) throw new Error(`${count} connections, not ${wanted}`);
  }
}
