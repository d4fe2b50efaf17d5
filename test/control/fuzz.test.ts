import { once } from "node:events";
import { readdirSync, readlinkSync } from "node:fs";
import { connect } from "node:net";
import { expect, test } from "vitest";
import type { Route } from "../../src/control/route.ts";
import { ROUTES } from "../../src/control/routes/routes.ts";
import { controlBench } from "../support/control-bench.ts";
import { rounds } from "../support/rounds.ts";

const REQUESTS = rounds(5_000, 10_000);
/** Requests at one time. */
const LANES = 64;

/** Chance from a seed (mulberry32): a failure comes again. */
function chance(seed: number) {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  };
  const pick = <T>(from: readonly [T, ...T[]] | readonly T[]): T => from[Math.floor(next() * from.length)] as T;
  return { next, pick, often: (share: number) => next() < share };
}

type Chance = ReturnType<typeof chance>;

const WORDS = [
  "m1",
  "m2",
  "x",
  "%00",
  "%2e%2e",
  "..",
  "C:",
  "D:",
  "a.txt",
  "1",
  "-1",
  "%zz",
  "é",
  "",
  "?",
  "constructor",
];
const VALUES = [
  "{}",
  "[]",
  "null",
  "1",
  '"x"',
  "{",
  '{"ms":1}',
  '{"text":"X"}',
  '{"bytes":"A"}',
  '{"from":"1","text":"y"}',
  '{"id":50,"text":"y"}',
  '{"match":{},"timeout":0}',
  '{"match":{"type":"mail"},"timeout":1}',
  '{"radio":{"rssi":3}}',
  '{"power":"off"}',
  '{"power":"on"}',
  '{"sim":{"state":"absent"}}',
  '{"card":{"inserted":false}}',
  '{"card":{"inserted":true}}',
  '{"clock":{"time":"2010-02-05T12:00:00Z"}}',
  '{"link":"/dev/null/x"}',
  '{"tcp":"x"}',
  '{"status":200,"body":"x"}',
  '{"__proto__":{"a":1}}',
  `${"[".repeat(5000)}`,
  "\xff\xfe",
  "x".repeat(3000),
];
const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"];
const JSON_TYPE = "application/json";
const OTHER_TYPES = ["text/plain", "application/octet-stream", "multipart/form-data", ""];
const HEADERS = [
  "Accept: text/event-stream",
  "Last-Event-ID: 3",
  "Origin: null",
  "Expect: 100-continue",
  "X: \xff",
  "Authorization: Bearer x",
  "Upgrade: websocket\r\nConnection: Upgrade",
  "Range: bytes=0-1",
];

/** The beginning of a request line: half of them have the method of their route. */
function target(route: Route, { pick, often, next }: Chance): string {
  const method = often(0.5) ? route.method : pick(METHODS);
  const filled = route.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    if (name === "id" && often(0.8)) return "m1";
    return Array.from({ length: Math.ceil(next() * 3) }, () => pick(WORDS)).join("/");
  });
  const names = [...Object.keys(route.query?.properties ?? {}), "x"];
  // A request that waits long is not tried here: it would only fill a lane.
  const query = often(0.3) ? `?${pick(names.filter((name) => name !== "wait"))}=${pick(WORDS)}` : "";
  return often(0.05) ? `${method} ${filled}/${pick(WORDS)}${query}` : `${method} ${filled}${query}`;
}

/** The body of a request: half of those for a route that needs some fields have them. */
function bodyFor({ body }: Route, { pick, often }: Chance): string {
  const required = typeof body === "object" ? (body.required ?? []) : [];
  const fitting = VALUES.filter((value) => required.every((name) => value.includes(`"${name}":`)));
  return required.length > 0 && fitting.length > 0 && often(0.5) ? pick(fitting) : pick(VALUES);
}

/** The bytes of a request, which may be broken, and whether the connection ends with them. */
function request(random: Chance): { readonly bytes: Buffer; readonly ends: boolean } {
  const { pick, often, next } = random;
  const route = pick(ROUTES);
  const body = bodyFor(route, random);
  const length = often(0.9) ? Buffer.byteLength(body, "latin1") : Math.floor(next() * 5000);
  const isCounted = often(0.85);
  const framing = isCounted
    ? `Content-Length: ${length}\r\n\r\n${body}`
    : `Transfer-Encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
  const extra = often(0.2) ? `${pick(HEADERS)}\r\n` : "";
  const host = often(0.95) ? "localhost" : pick(["example.com", "", "[::1]"]);
  const text = `${target(route, random)} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\nContent-Type: ${often(0.6) ? JSON_TYPE : pick(OTHER_TYPES)}\r\n${extra}${framing}`;
  const bytes = Buffer.from(text, "latin1");
  const cut = often(0.15);
  const isShort = isCounted && length > body.length;
  return { bytes: cut ? bytes.subarray(0, Math.floor(next() * bytes.length)) : bytes, ends: cut || isShort };
}

/** Sends one request, and gives what was answered within a while. */
async function answer(port: number, { bytes, ends }: ReturnType<typeof request>): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => undefined);
  const pieces: Buffer[] = [];
  const closed = once(socket, "close");
  await once(socket, "connect");
  socket.on("data", (piece: Buffer) => {
    pieces.push(piece);
    // A stream has no end of its own.
    if (piece.includes("text/event-stream")) socket.resetAndDestroy();
  });
  socket.setTimeout(5000, () => socket.resetAndDestroy());
  if (!ends) socket.write(bytes);
  else if (bytes.length % 2 === 0) socket.end(bytes);
  else socket.write(bytes, () => socket.resetAndDestroy());
  await closed;
  return Buffer.concat(pieces).toString("latin1");
}

/** What a descriptor is open on; the numbers of sockets and pipes differ from one to the next. */
function descriptorName(descriptor: string): readonly string[] {
  try {
    return [readlinkSync(`/proc/self/fd/${descriptor}`).replace(/\[\d+\]$/, "")];
  } catch {
    // The one that read the directory.
    return [];
  }
}

test(`${REQUESTS} odd requests end nothing, leak nothing and are never answered with 500`, {
  timeout: 60_000,
}, async () => {
  const random = chance(20_260_101);
  const { url, ask, failures, rig } = await controlBench({ time: "manual", journal: { size: 65_536 } });
  const port = Number(new URL(url).port);
  const descriptors = () => readdirSync("/proc/self/fd").flatMap(descriptorName).sort();
  await answer(port, {
    bytes: Buffer.from("GET /api/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"),
    ends: false,
  });
  // What the first of a kind opens for good: the pollers of pseudo-terminals.
  await rig.removeModem((await rig.addModem()).id);
  const before = descriptors();
  const statuses = new Map<string, number>();
  let left = REQUESTS;
  const lane = async () => {
    while (left-- > 0) {
      const asked = request(random);
      // The modem that all requests name stays.
      if (/^DELETE \/api\/modems\/m1[ ?]/.test(String(asked.bytes))) continue;
      const text = await answer(port, asked);
      const status = /^HTTP\/1\.1 (\d+)/.exec(text)?.[1] ?? "none";
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      if (status === "500" || /\bat .*\.[tj]s:\d+|node:internal/.test(text)) {
        throw new Error(`${JSON.stringify(String(asked.bytes))} was answered ${text}; ${failures.join("\n")}`);
      }
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  expect(failures).toEqual([]);
  // The requests got beyond the first checks.
  expect([...statuses].filter(([, count]) => count > 5).map(([status]) => status)).toEqual(
    expect.arrayContaining(["200", "400", "403", "404", "405", "409", "415", "422"]),
  );
  expect((await ask("PATCH", "/api/modems/m1", { body: { power: "on" } })).status).toBe(200);
  for (const { id } of rig.modems.slice(1)) await rig.removeModem(id);
  // The ends of the last connections close by themselves.
  const end = performance.now() + 5000;
  while (descriptors().length > before.length && performance.now() < end) await new Promise(setImmediate);
  expect(descriptors()).toEqual(before);
});
