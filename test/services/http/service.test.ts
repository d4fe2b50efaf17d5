import { getEventListeners } from "node:events";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ETX } from "../../../src/codec/control-bytes.ts";
import { encodeEtx } from "../../../src/codec/etx/encoder.ts";
import type { Connection, Network } from "../../../src/platform/network/network.ts";
import { ServiceError } from "../../../src/platform/network/service-error.ts";
import { HTTP_LIMITS } from "../../../src/protocols/http/limits.ts";
import { HandServer, readAll, turns, until } from "../../support/loopback.ts";
import { NO_DATAGRAMS } from "../../support/no-datagrams.ts";
import { HttpHost } from "./host.ts";

const GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
/** After how long an unfilled packet goes out. */
const UNFILLED_WAIT = 500;
const RESET = new ServiceError("RESET", "broken on purpose");

let server: HandServer;
beforeEach(async () => {
  server = await HandServer.listen();
});
afterEach(() => server.close());

/** Takes the connection and the request's header. */
async function served(): Promise<Connection> {
  const connection = await server.accept();
  while ((await connection.readLine(HTTP_LIMITS.header, server.signal)).length > 0);
  return connection;
}

async function answer(reply: string | Buffer): Promise<Connection> {
  const connection = await served();
  await connection.write(reply, server.signal);
  return connection;
}

/** A network on which nobody ever answers, or which fails in a given way. */
function brokenNetwork(failure?: ServiceError): Network {
  return {
    connect: (_, signal) =>
      new Promise((_, reject) => {
        if (failure !== undefined) reject(failure);
        signal.addEventListener("abort", () => reject(signal.reason));
      }),
    listen: () => Promise.reject(RESET),
    ...NO_DATAGRAMS,
  };
}

/** What a host makes of one packet's payload. */
function unescaped(payload: Buffer): Buffer {
  const bytes: number[] = [];
  for (let at = 0; at < payload.length; at++) bytes.push(payload[payload[at] === ETX ? ++at : at] ?? 0);
  return Buffer.from(bytes);
}

/** Nothing is left of an operation: no timer, no listener, no socket, and the next one may begin. */
async function nothingLeft(host: HttpHost, connection: Connection): Promise<void> {
  const end = readAll(connection, server.signal).then(
    () => "END",
    (error: ServiceError) => error.code,
  );
  expect(["END", "RESET"]).toContain(await end);
  await until(() => !host.service.busy, "the service to be free");
  expect(host.clock.pendingAlarms).toBe(0);
  expect(getEventListeners(host.reset.signal, "abort")).toEqual([]);
}

describe("before the request", () => {
  test("an unknown name is 222", async () => {
    const host = new HttpHost();
    expect(await host.service.begin({ host: "no..such..name", port: 80 }, host.reset.signal)).toBe(222);
    expect(host.service.busy).toBe(false);
  });

  test("a refused connection is 227", async () => {
    const host = new HttpHost();
    const target = server.local;
    server.close();
    expect(await host.service.begin(target, host.reset.signal)).toBe(227);
    expect(host.clock.pendingAlarms).toBe(0);
  });

  test.each([
    ["UNREACHABLE", 227],
    ["RESET", 227],
    ["UNKNOWN", 220],
  ] as const)("%s is %d", async (code, expected) => {
    const host = new HttpHost({ network: brokenNetwork(new ServiceError(code, "")) });
    expect(await host.service.begin(server.local, host.reset.signal)).toBe(expected);
  });

  test("a server that does not accept is 223 when its time is up, and not earlier", async () => {
    const host = new HttpHost({ network: brokenNetwork(), scale: 0.5 });
    let code: unknown;
    void host.service.begin(server.local, host.reset.signal).then((opened) => {
      code = opened;
    });
    await host.clock.advance(HTTP_LIMITS.connect / 2 - 1);
    expect([code, host.service.busy]).toEqual([undefined, true]);
    await host.clock.advance(1);
    await until(() => code === 223);
    expect(host.service.busy).toBe(false);
  });

  test("a second operation is 221 while one runs, and the first goes on", async () => {
    const host = new HttpHost();
    const first = await host.open(server.local);
    expect(await host.service.begin(server.local, host.reset.signal)).toBe(221);
    await first.write(Buffer.from(GET));
    (await host.sent(first)).start();
    const connection = await answer("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nab");
    await until(() => host.clock.pendingAlarms === 1);
    expect(await host.service.begin(server.local, host.reset.signal)).toBe(221);
    await connection.write("cd", server.signal);
    expect(await host.ended()).toEqual(["+CHTTPACT: 0"]);
  });

  test("a reset ends the attempt with its reason", async () => {
    const host = new HttpHost({ network: brokenNetwork() });
    const opening = host.service.begin(server.local, host.reset.signal);
    host.reset.abort(RESET);
    await expect(opening).rejects.toBe(RESET);
    expect([host.service.busy, host.clock.pendingAlarms]).toEqual([false, 0]);
  });
});

describe("the request", () => {
  test("goes out repaired, with its body as it comes", async () => {
    const host = new HttpHost();
    const operation = await host.open(server.local);
    const connection = await server.accept();
    await operation.write(Buffer.from("POST / HTTP/1.1\r"));
    await operation.write(Buffer.from("Host: a\r\rone\r"));
    const sent = "POST / HTTP/1.1\r\nHost: a\r\n\r\none\r";
    expect(String(await connection.readExactly(sent.length, server.signal))).toBe(sent);
    await operation.write(Buffer.from("two"));
    expect(String(await connection.readExactly(3, server.signal))).toBe("two");
  });

  test.each([
    ["", "nothing"],
    ["\r\n", "an empty line"],
  ])("of %j (%s) is 226", async (entered) => {
    const host = new HttpHost();
    const operation = await host.open(server.local);
    const connection = await server.accept();
    await operation.write(Buffer.from(entered));
    expect(await operation.finish()).toBe(226);
    await nothingLeft(host, connection);
    expect(host.lines).toEqual([]);
  });

  test("with a header past the bound is 225, and the rest is swallowed", async () => {
    const host = new HttpHost();
    const operation = await host.open(server.local);
    const connection = await server.accept();
    for (let sent = 0; sent <= HTTP_LIMITS.header; sent += 1000) await operation.write(Buffer.alloc(1000, "x"));
    await operation.write(Buffer.from("\r\n\r\n"));
    expect(await operation.finish()).toBe(225);
    await nothingLeft(host, connection);
  });

  test("that the server breaks off is 224 at its end, and the rest is swallowed", async () => {
    const host = new HttpHost();
    const operation = await host.open(server.local);
    const connection = await server.accept();
    await operation.write(Buffer.from(GET));
    connection.close(RESET);
    for (let block = 0; block < 100; block++) {
      await operation.write(Buffer.alloc(1000));
      await turns(2);
    }
    expect(await operation.finish()).toBe(224);
    expect([host.service.busy, host.clock.pendingAlarms, host.lines]).toEqual([false, 0, []]);
  });

  test("that the server does not take is 223", async () => {
    const host = new HttpHost();
    const operation = await host.open(server.local);
    const connection = await server.accept();
    await operation.write(Buffer.from(GET));
    let code: unknown;
    const entering = (async () => {
      // More than the kernel takes on both sides of the connection.
      for (let megabyte = 0; megabyte < 64; megabyte++) await operation.write(Buffer.alloc(1 << 20));
      code = await operation.finish();
    })();
    while (code === undefined) {
      await turns();
      await host.clock.advance(HTTP_LIMITS.silence);
    }
    await entering;
    expect(code).toBe(223);
    expect(host.service.busy).toBe(false);
    connection.close();
  });

  test("may take as long as the host likes", async () => {
    const host = new HttpHost();
    const operation = await host.open(server.local);
    await host.clock.advance(10 * HTTP_LIMITS.silence);
    await operation.write(Buffer.from(GET));
    await host.clock.advance(10 * HTTP_LIMITS.silence);
    (await host.sent(operation)).start();
    await answer("HTTP/1.1 204 No\r\n\r\n");
    expect(await host.ended()).toEqual(["+CHTTPACT: 0"]);
  });

  test("answered early leaves the response for after its end", async () => {
    const host = new HttpHost();
    const operation = await host.open(server.local);
    await operation.write(Buffer.from(`POST / HTTP/1.1\r\nContent-Length: 1000\r\n\r\n`));
    const reply = "HTTP/1.1 413 No\r\nConnection: close\r\n\r\nToo much";
    const connection = await answer(reply);
    connection.end();
    await turns();
    connection.close();
    for (let block = 0; block < 20; block++) {
      await operation.write(Buffer.alloc(50, "x"));
      await turns(2);
    }
    const response = await host.sent(operation);
    await turns();
    expect([host.printed, host.lines]).toEqual([[], []]);
    response.start();
    expect(await host.ended()).toEqual(["+CHTTPACT: 0"]);
    expect(host.payload).toBe(reply);
    expect([host.service.busy, host.clock.pendingAlarms]).toEqual([false, 0]);
  });
});

describe("an answer and a reset at once", () => {
  test.each(["manual", "field"] as const)("do not lose the answer to the next write (%s)", async (dialect) => {
    const host = new HttpHost({ dialect });
    const operation = await host.open(server.local);
    const connection = await server.accept();
    await operation.write(Buffer.from("POST / HTTP/1.1\r\nContent-Length: 1000\r\n\r\n"));
    await connection.readLine(100, server.signal);
    const reply = "http/1.1 413 no\r\ncontent-length: 8\r\n\r\nToo much";
    void connection.write(reply, server.signal);
    connection.close(RESET);
    await operation.write(Buffer.alloc(500, "x"));
    await operation.write(Buffer.alloc(500, "x"));
    (await host.sent(operation)).start();
    expect(await host.ended()).toEqual(["+CHTTPACT: 0"]);
    expect(host.payload).toBe(reply);
  });
});

describe("the response", () => {
  test("of a server that keeps the connection ends with its length", async () => {
    const host = new HttpHost();
    await host.request(server.local, GET);
    const reply = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nBody";
    const connection = await answer(reply);
    expect(await host.ended()).toEqual(["+CHTTPACT: 0"]);
    expect(host.printed.map(({ head }) => head)).toEqual([`+CHTTPACT: DATA, ${reply.length}`]);
    expect(host.payload).toBe(reply);
    await nothingLeft(host, connection);
  });

  test("to HEAD ends with its header", async () => {
    const host = new HttpHost();
    await host.request(server.local, GET.replace("GET", "HEAD"));
    await answer("HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\n");
    expect(await host.ended()).toEqual(["+CHTTPACT: 0"]);
  });

  test.each(["ICY 200 OK\r\nServer: A\r\n\r\nRTCM", "Just Text\r\n\r\n"])(
    "%j lasts until the server closes",
    async (reply) => {
      const host = new HttpHost();
      await host.request(server.local, GET);
      const connection = await answer(reply);
      await turns();
      expect(host.service.busy).toBe(true);
      connection.end();
      expect(await host.ended()).toEqual(["+CHTTPACT: 0"]);
      expect(host.payload).toBe(reply);
    },
  );

  const chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nAB\r\n0\r\n\r\n";

  test.each(["manual", "field"] as const)("in chunks, cut anywhere, is printed as received (%s)", async (dialect) => {
    const header = chunked.indexOf("\r\n\r\n") + 4;
    const printed = dialect === "field" ? chunked.slice(0, header).toLowerCase() + chunked.slice(header) : chunked;
    for (let at = 1; at < chunked.length; at++) {
      const host = new HttpHost({ dialect });
      await host.request(server.local, GET);
      const connection = await answer(chunked.slice(0, at));
      await turns(2);
      await connection.write(`${chunked.slice(at)}HTTP/1.1 what follows`, server.signal);
      expect(await host.ended()).toEqual(["+CHTTPACT: 0"]);
      expect(host.payload).toBe(printed);
      connection.close();
    }
  });

  test.each([
    ["nothing", ""],
    ["half a header", "HTTP/1.1 200 OK\r\nCont"],
    ["half a body", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"],
    ["half a chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"],
    ["nonsense for a chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nwhat\r\n"],
    ["lengths that differ", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\na"],
  ])("that ends after %s is 224", async (_, reply) => {
    const host = new HttpHost();
    await host.request(server.local, GET);
    const connection = await answer(reply);
    connection.end();
    expect(await host.ended()).toEqual(["+CHTTPACT: 224"]);
    expect(host.payload).toBe(reply);
    await nothingLeft(host, connection);
  });

  test.each([
    ["manual", ["+CHTTPACT: 224"]],
    ["field", ["+CHTTPACT: 224", "ERROR"]],
  ] as const)("broken by a reset is 224 after what came before (%s)", async (dialect, lines) => {
    const host = new HttpHost({ dialect });
    await host.request(server.local, GET);
    const reply = "http/1.1 200 ok\r\ncontent-length: 9\r\n\r\nhalf";
    const connection = await answer(reply);
    await turns();
    connection.close(RESET);
    expect(await host.ended()).toEqual(lines);
    expect(host.payload).toBe(reply);
    expect([host.service.busy, host.clock.pendingAlarms]).toEqual([false, 0]);
  });

  test("with a header past the bound is 225", async () => {
    const host = new HttpHost();
    await host.request(server.local, GET);
    await answer(`HTTP/1.1 200 OK\r\nX: ${"y".repeat(HTTP_LIMITS.header)}`);
    expect(await host.ended()).toEqual(["+CHTTPACT: 225"]);
  });

  test("that never comes is 223 after its time", async () => {
    const host = new HttpHost();
    await host.request(server.local, GET);
    const connection = await served();
    await host.clock.advance(HTTP_LIMITS.silence - 1);
    expect(host.lines).toEqual([]);
    await host.clock.advance(1);
    expect(await host.ended()).toEqual(["+CHTTPACT: 223"]);
    await nothingLeft(host, connection);
  });

  test("too short to be told from HTTP is printed when its time is up", async () => {
    const host = new HttpHost({ dialect: "field" });
    await host.request(server.local, GET);
    await answer("OK");
    await until(() => host.clock.pendingAlarms === 1);
    await turns();
    await host.clock.advance(HTTP_LIMITS.silence);
    expect(await host.ended()).toEqual(["+CHTTPACT: 223", "ERROR"]);
    expect(host.payload).toBe("OK");
  });

  test("has its time anew with every byte, and none while the host has no room", async () => {
    const host = new HttpHost({ dialect: "field" });
    await host.request(server.local, GET);
    const connection = await answer("A text");
    await until(() => host.printed.length === 1);
    await host.clock.advance(HTTP_LIMITS.silence - 1);
    await connection.write("x", server.signal);
    await until(() => host.printed.length === 2);
    let makeRoom: (() => void) | undefined;
    host.room = new Promise((resolve) => {
      makeRoom = resolve;
    });
    await connection.write("y", server.signal);
    await until(() => host.clock.pendingAlarms === 0, "the packet that finds no room");
    await host.clock.advance(10 * HTTP_LIMITS.silence);
    makeRoom?.();
    connection.end();
    expect(await host.ended()).toEqual(["+CHTTPACT: 0"]);
    expect(host.payload).toBe("A textxy");
  });

  test.each(["HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n", "ICY 200 OK\r\n\r\n"])(
    "of a server that dribbles is 223 after its second minute: %j",
    async (reply) => {
      const host = new HttpHost({ dialect: "field", scale: 0.5 });
      await host.request(server.local, GET);
      const connection = await answer(reply);
      const start = host.clock.now();
      for (let packets = 1; host.lines.length === 0; packets++) {
        await until(() => host.printed.length === packets || host.lines.length > 0);
        await turns();
        await host.clock.advance(5000);
        await turns();
        await connection.write("x".repeat(50), server.signal).catch(() => undefined);
      }
      expect(host.lines).toEqual(["+CHTTPACT: 223", "ERROR"]);
      expect(host.clock.now() - start).toBe(60_000);
    },
  );
});

describe("the packets", () => {
  test("of the manual are full, escaped, and never split an escape", async () => {
    const host = new HttpHost();
    await host.request(server.local, GET);
    const reply = Buffer.concat([Buffer.from("x"), Buffer.alloc(3000, "\x03\x1a"), Buffer.alloc(5000, "a")]);
    const connection = await answer(reply);
    connection.end();
    expect(await host.ended()).toEqual(["+CHTTPACT: 0"]);
    expect(Buffer.concat(host.printed.map(({ payload }) => payload))).toEqual(encodeEtx(reply));
    for (const [index, { head, payload }] of host.printed.entries()) {
      expect(head).toBe(`+CHTTPACT: DATA, ${payload.length}`);
      expect(payload.length).toBeLessThanOrEqual(1024);
      if (index < host.printed.length - 1) expect(payload.length).toBeGreaterThanOrEqual(1023);
      // A payload that ends within an escape cannot be decoded on its own.
      expect(encodeEtx(unescaped(payload))).toEqual(payload);
    }
  });

  test("of the manual are filled across pieces, and go out unfilled after a silence", async () => {
    const host = new HttpHost();
    await host.request(server.local, GET);
    const connection = await answer("one ");
    await until(() => host.clock.pendingAlarms === 1);
    await turns();
    await connection.write("two", server.signal);
    await turns();
    expect(host.printed).toEqual([]);
    await host.clock.advance(UNFILLED_WAIT);
    await until(() => host.printed.length === 1);
    expect(host.payload).toBe("one two");
    await turns();
    await host.clock.advance(UNFILLED_WAIT);
    expect(host.printed.length).toBe(1);
    connection.end();
    expect(await host.ended()).toEqual(["+CHTTPACT: 0"]);
    expect(host.printed.length).toBe(1);
  });

  test("of the field follow what arrives, raw, in at most 1460 bytes", async () => {
    const host = new HttpHost({ dialect: "field" });
    await host.request(server.local, GET);
    const connection = await answer("HTTP/1.1 200 OK\r\nContent-Length: 3005\r\n\r\n");
    await until(() => host.printed.length === 1);
    await connection.write(Buffer.alloc(5, "\x1aA"), server.signal);
    await until(() => host.printed.length === 2);
    await connection.write(Buffer.alloc(3000, 3), server.signal);
    expect(await host.ended()).toEqual(["+CHTTPACT: 0"]);
    expect(host.printed.map(({ head }) => head)).toEqual(
      [41, 5, 1460, 1460, 80].map((length) => `+CHTTPACT: DATA,${length}`),
    );
    expect(host.payload.slice(0, 46)).toBe("http/1.1 200 ok\r\ncontent-length: 3005\r\n\r\n\x1aA\x1aA\x1a");
  });

  test.each(["manual", "field"] as const)("keep the gap before each, and before the code (%s)", async (dialect) => {
    const host = new HttpHost({ dialect, gap: 200 });
    const start = host.clock.now();
    await host.request(server.local, GET);
    const connection = await answer(Buffer.alloc(2500, "x"));
    connection.end();
    await until(() => host.clock.pendingAlarms === 1);
    await turns();
    const times: number[] = [];
    while (host.lines.length === 0) {
      await host.clock.advance(100);
      await turns(5);
      times.push(host.clock.now() - start);
    }
    const packets = host.printed.map(({ at }) => at - start);
    expect(packets).toEqual(packets.map((_, index) => 200 * (index + 1)));
    expect(times.at(-1)).toBe(200 * (packets.length + 1));
    expect(host.clock.pendingAlarms).toBe(0);
  });
});

describe("a reset of the module leaves nothing", () => {
  test("while the request is entered", async () => {
    const host = new HttpHost();
    const operation = await host.open(server.local);
    const connection = await server.accept();
    host.reset.abort(RESET);
    await nothingLeft(host, connection);
    await expect(operation.write(Buffer.from(GET))).rejects.toBe(RESET);
    await expect(operation.finish()).rejects.toBe(RESET);
  });

  test("while the server does not take the request", async () => {
    const host = new HttpHost();
    const operation = await host.open(server.local);
    const connection = await server.accept();
    await operation.write(Buffer.from(GET));
    const entering = (async () => {
      for (;;) await operation.write(Buffer.alloc(1 << 20));
    })();
    await until(() => host.clock.pendingAlarms === 1);
    host.reset.abort(RESET);
    await expect(entering).rejects.toBe(RESET);
    expect([host.service.busy, host.clock.pendingAlarms]).toEqual([false, 0]);
    connection.close();
  });

  test("between the request and OK", async () => {
    const host = new HttpHost();
    const operation = await host.open(server.local);
    await operation.write(Buffer.from(GET));
    const response = await host.sent(operation);
    const connection = await answer("HTTP/1.1 204 No\r\n\r\n");
    await turns();
    host.reset.abort(RESET);
    response.start();
    await nothingLeft(host, connection);
    await turns();
    expect([host.printed, host.lines]).toEqual([[], []]);
  });

  test.each([
    ["before the response", "", 0],
    ["with a packet half full", "Text", 0],
    ["in a gap", "x".repeat(2000), 200],
  ])("%s", async (_, reply, gap) => {
    const host = new HttpHost({ gap });
    await host.request(server.local, GET);
    const connection = await answer(reply);
    await until(() => host.clock.pendingAlarms === 1);
    await turns();
    host.reset.abort(RESET);
    await nothingLeft(host, connection);
    await turns();
    expect(host.lines).toEqual([]);
  });

  test("while the host has no room", async () => {
    const host = new HttpHost();
    host.room = new Promise(() => undefined);
    await host.request(server.local, GET);
    const connection = await answer("x".repeat(5000));
    await turns();
    host.reset.abort(RESET);
    await nothingLeft(host, connection);
    expect(host.lines).toEqual([]);
  });

  test("and the operation's own abort neither", async () => {
    const host = new HttpHost();
    const operation = await host.open(server.local);
    const connection = await server.accept();
    await operation.abort();
    await nothingLeft(host, connection);
    const next = await host.open(server.local);
    await next.abort();
    expect(host.service.busy).toBe(false);
  });
});
