import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { filesBelow } from "../../../src/platform/disk/files.ts";
import type { Connection } from "../../../src/platform/network/network.ts";
import { TcpNetwork } from "../../../src/platform/network/tcp-network.ts";
import { VirtualClock } from "../../../src/platform/time/virtual-clock.ts";
import { HttpServer } from "../../../src/sandbox/http/server.ts";
import { SANDBOX_LIMITS } from "../../../src/sandbox/limits.ts";
import { readAll, turns, until } from "../../support/loopback.ts";
import { serverParts } from "../../support/server-parts.ts";

const WWW = join(import.meta.dirname, "../../../fixtures/www");
const network = new TcpNetwork();
const clock = new VirtualClock(Date.UTC(2009, 2, 31, 1, 56, 5));

let origin: HttpServer;
let signal: AbortSignal;

beforeEach(async () => {
  signal = AbortSignal.timeout(10_000);
  origin = await HttpServer.start(serverParts({ network, clock }), { site: filesBelow(WWW) }, signal);
});
afterEach(() => origin.close());

async function send(request: string | Buffer): Promise<Connection> {
  const connection = await network.connect(origin.endpoint, signal);
  await connection.write(request, signal);
  return connection;
}

/** The whole answer to a request, up to the origin's close, which the client's own end brings about. */
async function ask(request: string | Buffer): Promise<string> {
  const connection = await send(request);
  connection.end();
  const answer = (await readAll(connection, signal)).toString("latin1");
  connection.close();
  return answer;
}

const body = (answer: string) => answer.slice(answer.indexOf("\r\n\r\n") + 4);
const status = (answer: string) => answer.slice(0, 12);

describe("the origin", () => {
  test("serves its index with length, type, date and keep-alive", async () => {
    const answer = await ask("GET / HTTP/1.1\r\nHost: anything\r\n\r\n");
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\nDate: Tue, 31 Mar 2009 01:56:05 GMT\r\n/);
    expect(answer).toContain(
      `\r\nContent-Type: text/html\r\nContent-Length: ${body(answer).length}\r\nConnection: keep-alive\r\n\r\n`,
    );
    expect(body(answer)).toContain("sandbox");
  });

  test.each([
    ["absolute form", "GET http://www.mywebsite.com/index.html HTTP/1.1\r\n\r\n", "HTTP/1.1 200"],
    ["absolute form without a path", "GET http://www.mywebsite.com HTTP/1.1\r\n\r\n", "HTTP/1.1 200"],
    ["HTTP/1.0", "GET /index.html HTTP/1.0\r\n\r\n", "HTTP/1.1 200"],
    ["no version", "GET /index.html\r\n\r\n", "HTTP/1.1 200"],
    ["bare LF and empty lines first", "\n\r\nGET / HTTP/1.1\n\n", "HTTP/1.1 200"],
    ["the manual's POST", "POST http://a/mydir/test.jsp HTTP/1.1\r\nContent-Length: 3\r\n\r\na=b", "HTTP/1.1 200"],
    ["a page that is not there", "GET /nowhere HTTP/1.1\r\n\r\n", "HTTP/1.1 404"],
    ["a way out", "GET /../../package.json HTTP/1.1\r\n\r\n", "HTTP/1.1 404"],
    ["an escaped way out", "GET /%2e%2e/%2e%2e/package.json HTTP/1.1\r\n\r\n", "HTTP/1.1 404"],
    ["a directory without index", "GET /mydir/ HTTP/1.1\r\n\r\n", "HTTP/1.1 404"],
    ["a zero in the path", "GET /%00 HTTP/1.1\r\n\r\n", "HTTP/1.1 404"],
    ["half an escape", "GET /%2 HTTP/1.1\r\n\r\n", "HTTP/1.1 404"],
    ["a status of choice", "GET /status/503 HTTP/1.1\r\n\r\n", "HTTP/1.1 503"],
    ["another method", "DELETE / HTTP/1.1\r\n\r\n", "HTTP/1.1 405"],
    ["no request", "What is this\r\n\r\n", "HTTP/1.1 400"],
    ["a field without colon", "GET / HTTP/1.1\r\nHost\r\n\r\n", "HTTP/1.1 400"],
    ["lengths that differ", "GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", "HTTP/1.1 400"],
    ["a line without end", `GET /${"x".repeat(20_000)}`, "HTTP/1.1 400"],
    ["a field without end", `GET / HTTP/1.1\r\nX: ${"x".repeat(20_000)}`, "HTTP/1.1 400"],
    ["too many fields", `GET / HTTP/1.1\r\n${"X: y\r\n".repeat(200)}\r\n`, "HTTP/1.1 400"],
  ])("answers to %s", async (_, request, expected) => {
    expect(status(await ask(request))).toBe(expected);
  });

  test("answers HEAD with the header alone", async () => {
    const answer = await ask("HEAD / HTTP/1.1\r\n\r\n");
    expect(answer).toMatch(/Content-Length: [1-9]/);
    expect(body(answer)).toBe("");
  });

  test("echoes a sized and a chunked body on one connection, and shows what came in", async () => {
    const answer = await ask(
      "POST /echo HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc" +
        "POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2;x=y\r\nde\r\n0\r\nT: z\r\n\r\n" +
        "GET /headers HTTP/1.1\r\nConnection: close\r\nX-A: b\r\n\r\n",
    );
    expect(answer).toContain("Content-Length: 3\r\nConnection: keep-alive\r\n\r\nabcHTTP/1.1 200");
    expect(answer).toContain("\r\n\r\n2\r\nde\r\n0\r\n\r\nHTTP/1.1 200");
    expect(answer).toMatch(/Connection: close\r\n\r\nGET \/headers HTTP\/1\.1\nconnection: close\nx-a: b\n$/);
    expect(origin.requests.map(({ path, body, bodyLength }) => [path, String(body), bodyLength])).toEqual([
      ["/echo", "abc", 3],
      ["/echo", "de", 2],
      ["/headers", "", 0],
    ]);
  });

  test("echoes a large body to a client that reads only after it has sent all", async () => {
    const sent = Buffer.alloc(12_000_000, "0123456789");
    const connection = await send(`POST /echo HTTP/1.1\r\nContent-Length: ${sent.length}\r\n\r\n`);
    await connection.write(sent, signal);
    while ((await connection.readLine(1000, signal)).length > 0);
    expect(sent.equals(await connection.readExactly(sent.length, signal))).toBe(true);
    connection.close();
  });

  test("sends a page in chunks, or until the close to HTTP/1.0", async () => {
    expect(body(await ask("GET /chunked HTTP/1.1\r\n\r\n"))).toBe(
      "4\r\none\n\r\n4\r\ntwo\n\r\n6\r\nthree\n\r\n0\r\n\r\n",
    );
    expect(body(await ask("GET /chunked HTTP/1.0\r\n\r\n"))).toBe("one\ntwo\nthree\n");
  });

  test("sends as many bytes as asked for", async () => {
    const sent = body(await ask("GET /bytes/100000 HTTP/1.0\r\n\r\n"));
    expect(sent.length).toBe(100_000);
    expect(sent.charCodeAt(99_999)).toBe(99_999 % 251);
  });

  test("asks for the body that a client holds back", async () => {
    const connection = await send("POST /echo HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n");
    expect(String(await connection.readLine(100, signal))).toBe("HTTP/1.1 100 Continue");
    connection.close();
  });

  test("misbehaves when asked to", async () => {
    expect(await ask("GET /close HTTP/1.1\r\n\r\n")).toBe("");
    const broken = await send("GET /reset HTTP/1.1\r\n\r\n");
    await expect(broken.read(signal)).rejects.toMatchObject({ code: "RESET" });
    const silent = await send("GET /hang HTTP/1.1\r\n\r\n");
    await until(() => origin.requests.length === 3);
    await turns();
    await expect(silent.read(AbortSignal.abort())).rejects.toThrow();
    silent.close();
  });

  test("remembers the last requests only", async () => {
    await ask("GET /close HTTP/1.1\r\n\r\n");
    await ask("GET /echo HTTP/1.1\r\n\r\n".repeat(SANDBOX_LIMITS.http.requests));
    expect(origin.requests.length).toBe(SANDBOX_LIMITS.http.requests);
    expect(origin.requests[0]?.path).toBe("/echo");
  });

  test("leaves a client that does not leave", async () => {
    const connection = await send("GET / HTTP/1.0\r\n\r\n");
    await readAll(connection, signal);
    expect(clock.pendingAlarms).toBe(1);
    await clock.advance(SANDBOX_LIMITS.linger);
    await origin.close();
    expect(clock.pendingAlarms).toBe(0);
    connection.close();
  });

  test("drops every connection when it closes", async () => {
    const connection = await send("GET /hang HTTP/1.1\r\n\r\n");
    await until(() => origin.requests.length === 1);
    await origin.close();
    await expect(readAll(connection, signal)).resolves.toEqual(Buffer.alloc(0));
    await expect(network.connect(origin.endpoint, signal)).rejects.toMatchObject({ code: "REFUSED" });
    connection.close();
  });
});

describe("a canned page", () => {
  test("goes before the server's own, and comes back after it is removed", async () => {
    origin.page("/echo", { status: 418, headers: { "X-A": "b", "Content-Type": "text/x" }, body: "tea" });
    const answer = await ask("POST /echo HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc");
    expect(answer).toMatch(/^HTTP\/1\.1 418 /);
    expect(answer).toContain(
      "\r\nContent-Length: 3\r\nX-A: b\r\nContent-Type: text/x\r\nConnection: keep-alive\r\n\r\ntea",
    );
    expect(origin.removePage("/echo")).toBe(true);
    expect(origin.removePage("/echo")).toBe(false);
    expect(body(await ask("POST /echo HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc"))).toBe("abc");
  });

  test.each([
    ["any host", "GET /p HTTP/1.1\r\nHost: other\r\n\r\n", "any"],
    ["its host, in any letters and with a port", "GET /p HTTP/1.1\r\nHost: One.Example:8080\r\n\r\n", "one"],
    ["the host of an absolute target", "GET http://one.example/p HTTP/1.1\r\nHost: other\r\n\r\n", "one"],
    ["a query", "GET /p?q=1 HTTP/1.1\r\n\r\n", "query"],
    ["another query", "GET /p?q=2 HTTP/1.1\r\n\r\n", "any"],
    ["an escaped path", "GET /%70 HTTP/1.1\r\n\r\n", "any"],
    ["no host, by HTTP/1.0", "GET /p\r\n\r\n", "any"],
  ])("is found for %s", async (_, request, expected) => {
    origin.page("/p", { body: "any" });
    origin.page("/p", { body: "one" }, "one.example");
    origin.page("/p?q=1", { body: "query" });
    expect(body(await ask(request))).toBe(expected);
  });

  test("may frame its body wrongly: then only the close ends it", async () => {
    origin.page("/short", { headers: { "content-length": "10" }, body: Buffer.from("abc") });
    const answer = await ask("GET /short HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n\r\n");
    expect(answer).toMatch(/\r\ncontent-length: 10\r\nConnection: close\r\n\r\nabc$/);
    expect(answer).not.toMatch(/Content-Length: 3/);
  });

  test.each([
    ["p", {}],
    ["/p", { status: 100 }],
    ["/p", { status: 600 }],
    ["/p", { headers: { "a b": "c" } }],
    ["/p", { headers: { a: "b\r\nc: d" } }],
    ["/p", { body: Buffer.alloc(SANDBOX_LIMITS.http.pageBodies + 1) }],
  ])("that cannot be sent is refused: %s %j", (path, page) => {
    expect(() => origin.page(path, page)).toThrow(RangeError);
  });
});

test("a request tells its answer, and next waits until its exchange has ended", async () => {
  const coming = origin.next(0, signal);
  const connection = await send("POST /echo HTTP/1.1\r\nContent-Length: 3\r\n\r\na");
  await until(() => origin.requests.length === 1);
  expect(origin.requests[0]).toMatchObject({ over: false, status: 200 });
  await connection.write("bc", signal);
  const request = await coming;
  expect(request).toMatchObject({ id: 1, method: "POST", status: 200, over: true, bodyLength: 3 });
  expect(String(request.body)).toBe("abc");
  connection.close();
  origin.clear();
  expect(origin.requests).toEqual([]);
});

test("files outside the root are not reached by a link", async () => {
  const root = await mkdtemp(join(tmpdir(), "vmodem-www-"));
  try {
    await writeFile(join(root, "inside"), "yes");
    await symlink(join(WWW, "index.html"), join(root, "outside"));
    const site = filesBelow(root);
    expect(String(await site("/inside"))).toBe("yes");
    expect(await site("/outside")).toBeUndefined();
    expect(await site("/")).toBeUndefined();
  } finally {
    await rm(root, { recursive: true });
  }
});
