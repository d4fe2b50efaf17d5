import { describe, expect, test } from "vitest";
import { controlBench } from "../support/control-bench.ts";
import { talk } from "../support/raw-http.ts";

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
