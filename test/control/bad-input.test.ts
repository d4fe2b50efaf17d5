import { describe, expect, test } from "vitest";
import { CONTROL_LIMITS } from "../../src/control/limits.ts";
import type { Route } from "../../src/control/route.ts";
import { ROUTES } from "../../src/control/routes/routes.ts";
import type { JsonSchema } from "../../src/platform/schema/schema.ts";
import { controlBench } from "../support/control-bench.ts";
import { wrongValues } from "../support/wrong-values.ts";

type Wrong = readonly [at: string, value: unknown];

/** Values that a schema refuses, each with where its fault is. */
function wrongs(schema: JsonSchema, at = ""): readonly Wrong[] {
  if (schema.anyOf !== undefined) return isOpen(schema) ? [] : [[at, { no: { such: "thing" } }]];
  if (schema.type === undefined && schema.enum === undefined) return [];
  if (schema.type === "object") return [[at, []], [at, null], ...wrongFields(schema, at)];
  return wrongValues(schema).map((value): Wrong => [at, value]);
}

/** Objects of which one field is unknown, missing or wrong. */
function wrongFields(schema: JsonSchema, at: string): readonly Wrong[] {
  const { required = [], properties = {} } = schema;
  const right = Object.entries(sample(schema));
  const unknown = schema.additionalProperties === false ? ["unknown", "__proto__", "constructor", "a/b~c"] : [];
  return [
    ...unknown.map((name): Wrong => [`${at}/${pointer(name)}`, Object.fromEntries([...right, [name, 1]])]),
    ...required.map((name): Wrong => [`${at}/${name}`, Object.fromEntries(right.filter(([other]) => other !== name))]),
    ...Object.entries(properties).flatMap(([name, inner]) =>
      wrongs(inner, `${at}/${name}`).map(([where, value]): Wrong => [where, { ...sample(schema), [name]: value }]),
    ),
  ];
}

function pointer(name: string): string {
  return name.replaceAll("~", "~0").replaceAll("/", "~1");
}

function isOpen(schema: JsonSchema): boolean {
  return (schema.anyOf ?? []).some((inner) => inner.type === undefined && inner.enum === undefined);
}

/** A right value of an object, with what it needs only. */
function sample(schema: JsonSchema): Record<string, unknown> {
  const values: Record<string, unknown> = { match: {}, text: "x", bytes: "AT", from: "123", ms: 1, id: 50 };
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
    "POST /api/modems/{id}/type",
    "POST /api/modems/{id}/sms",
    "POST /api/modems/{id}/broadcasts",
    "POST /api/modems/{id}/calls",
    "PATCH /api/modems/{id}/calls/{n}",
    "POST /api/expect",
    "POST /api/faults",
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

function bodyOf(route: Route) {
  return route.body === "raw" ? { body: Buffer.from("x"), headers: { "Content-Type": "text/x" } } : {};
}
