import { once } from "node:events";
import { describe, expect, test } from "vitest";
import { CONTROL_LIMITS } from "../../src/control/limits.ts";
import { controlBench } from "../support/control-bench.ts";
import { connections, open, talk, until } from "../support/raw-http.ts";

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
