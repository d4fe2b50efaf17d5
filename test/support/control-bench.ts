import { timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { request as httpRequest, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { Access } from "../../src/control/guard.ts";
import type { Route } from "../../src/control/route.ts";
import { Router } from "../../src/control/router.ts";
import { ROUTES } from "../../src/control/routes/routes.ts";
import { ControlServer } from "../../src/control/server.ts";
import { type Log, silentLog } from "../../src/platform/log.ts";
import { check } from "../../src/platform/schema/check.ts";
import { Rig } from "../../src/rig/rig.ts";
import type { RigModemStart, RigStart } from "../../src/rig/rig-start.ts";
import { type HostEnd, memoryPair } from "../../src/transport/memory.ts";

/** An answer of the control interface. */
export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The body as JSON, or `undefined` where it is none. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into it as they expect it.
  readonly json: any;
}

export interface Ask {
  /** Sent as JSON, unless it is bytes. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A rig of one modem on a line without a medium, and its control interface on a port or a socket. */
export interface ControlBench {
  readonly rig: Rig;
  readonly host: HostEnd;
  readonly server: ControlServer;
  /** `http://127.0.0.1:PORT`; empty for a socket. */
  readonly url: string;
  readonly socketPath: string | undefined;
  /** What the interface logged as failures of its own. */
  readonly failures: readonly string[];
  /** Makes a request. The answer must be one that the table of routes documents. */
  ask(method: string, path: string, given?: Ask): Promise<Reply>;
  say(line: string, until?: string): Promise<string>;
}

export interface BenchOptions extends Omit<RigStart, "modems"> {
  readonly modem?: Omit<RigModemStart, "transport">;
  readonly token?: string;
  readonly unix?: boolean;
}

export async function controlBench({ modem = {}, token, unix = false, ...rigOptions }: BenchOptions = {}) {
  const { module, host } = memoryPair();
  const failures: string[] = [];
  const log: Log = { ...silentLog, error: (record) => void failures.push(JSON.stringify(record)) };
  const rig = await Rig.start({
    sandbox: true,
    journal: true,
    ...rigOptions,
    modems: [{ ...modem, transport: module }],
  });
  const access: Access = {
    unix,
    token,
    equal: (a, b) => a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b)),
  };
  const server = new ControlServer({ rig, routes: ROUTES, access, log });
  const folder = unix ? mkdtempSync(join(tmpdir(), "vmodem-control-")) : undefined;
  const socketPath = folder === undefined ? undefined : join(folder, "socket");
  server.http.listen(socketPath === undefined ? { host: "127.0.0.1", port: 0 } : { path: socketPath });
  await once(server.http, "listening");
  onTestFinished(async () => {
    await server.close();
    await rig.close();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });
  const port = socketPath === undefined ? (server.http.address() as AddressInfo).port : 0;
  const place = socketPath === undefined ? { host: "127.0.0.1", port } : { socketPath };
  const bench: ControlBench = {
    rig,
    host,
    server,
    failures,
    url: socketPath === undefined ? `http://127.0.0.1:${port}` : "",
    socketPath,
    ask: async (method, path, given = {}) => {
      const reply = await exchange(place, method, path, given);
      checkReply(method, path, reply);
      return reply;
    },
    say: async (line, until = "OK\r\n") => {
      void host.write(`${line}\r`);
      return String(await host.waitFor(until, AbortSignal.timeout(10_000)));
    },
  };
  return bench;
}

/** One request as it is, without a look at the table of routes. */
export async function exchange(
  place: object,
  method: string,
  path: string,
  { body, headers = {} }: Ask,
): Promise<Reply> {
  const content = body === undefined || body instanceof Uint8Array ? body : Buffer.from(JSON.stringify(body));
  const isJson = content !== body || (method !== "GET" && method !== "HEAD" && body === undefined);
  const request = httpRequest({
    ...place,
    method,
    path,
    agent: false,
    headers: {
      ...(isJson ? { "Content-Type": "application/json" } : {}),
      ...(content === undefined ? {} : { "Content-Length": content.length }),
      ...headers,
    },
    signal: AbortSignal.timeout(15_000),
  });
  request.end(content);
  const [response] = (await once(request, "response")) as [import("node:http").IncomingMessage];
  request.on("error", () => undefined);
  const pieces: Buffer[] = [];
  for await (const piece of response) pieces.push(piece as Buffer);
  const text = Buffer.concat(pieces).toString("utf8");
  const json =
    /^application\/json/.test(response.headers["content-type"] ?? "") && text !== "" ? JSON.parse(text) : undefined;
  return { status: response.statusCode ?? 0, headers: response.headers, text, json };
}

const router = new Router(ROUTES);
/** Refusals that any route may answer besides those that the OpenAPI document lists. */
const EVERYWHERE = [400, 401, 403, 413, 415, 422];

/** Fails where an answer is not what the table of routes says of its route. */
function checkReply(method: string, path: string, { status, headers, json }: Reply): void {
  const route = attempt(() => router.find(method, path.split("?", 1)[0] ?? "").route);
  if (route === undefined || method === "HEAD") return;
  const problem = status >= 400 ? problemOfRefusal(route, status, json) : problemOfAnswer(route, status, headers, json);
  if (problem !== undefined)
    throw new Error(`${method} ${path} answered ${status}: ${problem} in ${JSON.stringify(json)}`);
}

function problemOfRefusal({ refusals = {} }: Route, status: number, json: Reply["json"]): string | undefined {
  if (!EVERYWHERE.includes(status) && !Object.keys(refusals).includes(String(status))) return "not documented";
  return typeof json?.error?.code === "string" && typeof json.error.message === "string" ? undefined : "no error";
}

function problemOfAnswer({ answer }: Route, status: number, headers: IncomingHttpHeaders, json: Reply["json"]) {
  if (status !== ("schema" in answer ? (answer.status ?? 200) : 200)) return "not documented";
  if (json === undefined || !("schema" in answer)) {
    const type = "media" in answer ? answer.media : "application/octet-stream";
    return headers["content-type"] === type || headers["content-type"] === "text/event-stream"
      ? undefined
      : "wrong type";
  }
  const problem = check(answer.schema, json);
  return problem === undefined ? undefined : `${problem.at} ${problem.message}`;
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
