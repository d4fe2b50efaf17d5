import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { filesBelow } from "../../../src/platform/disk/files.ts";
import { VirtualClock } from "../../../src/platform/time/virtual-clock.ts";
import { HttpServer } from "../../../src/sandbox/http/server.ts";
import { serverParts } from "../../support/server-parts.ts";
import { HttpHost } from "./host.ts";

const site = filesBelow(join(import.meta.dirname, "../../../fixtures/www"));
const clock = new VirtualClock();

let origin: HttpServer;
beforeEach(async () => {
  origin = await HttpServer.start(serverParts({ clock }), { site }, new AbortController().signal);
});
afterEach(() => origin.close());

/** The examples of the manual, with the line ends of a terminal. @spec manual 6.1 */
const examples: ReadonlyArray<readonly [name: string, request: string, page: string]> = [
  [
    "GET",
    "GET http://www.mywebsite.com/index.html HTTP/1.1\rHost: www.mywebsite.com\rUser-Agent: MYWEBAGENT\rContent-Length: 0\r",
    "/index.html",
  ],
  [
    "POST",
    "POST http://www.mywebsite.com/mydir/test.jsp HTTP/1.1\rHost: www.mywebsite.com\rUser-Agent: MYWEBAGENT\r" +
      "Accept: */*\rContent-Type: application/x-www-form-urlencoded\rCache-Control: no-cache\rAccept-Charset: utf-8, us-ascii\r" +
      "Pragma: no-cache\rContent-Length: 29\r\rmyparam1=test1&myparam2=test2",
    "/mydir/test.jsp",
  ],
];

test.each(examples)("the manual's %s works against the sandbox", async (_, request, page) => {
  const host = new HttpHost();
  await host.request(origin.endpoint, request);
  expect(await host.ended()).toEqual(["+CHTTPACT: 0"]);
  expect(host.payload).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  expect(host.payload.endsWith(`\r\n\r\n${await site(page)}`)).toBe(true);
  expect(origin.requests.map(({ path }) => path)).toEqual([page]);
});

test.each(["manual", "field"] as const)("a binary page arrives whole (%s)", async (dialect) => {
  const host = new HttpHost({ dialect });
  await host.request(origin.endpoint, "GET /bytes/100000 HTTP/1.1\r\n\r\n");
  expect(await host.ended()).toEqual(["+CHTTPACT: 0"]);
  const page = Buffer.from(Array.from({ length: 100_000 }, (_, at) => at % 251)).toString("latin1");
  const printed = dialect === "manual" ? page.replaceAll("\x03", "\x03\x03").replaceAll("\x1a", "\x03\x1a") : page;
  expect(host.payload.slice(host.payload.indexOf("\r\n\r\n") + 4) === printed).toBe(true);
});

test("a body of all byte values comes back from the echo", async () => {
  const host = new HttpHost({ dialect: "field" });
  const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)).toString("latin1");
  await host.request(origin.endpoint, `POST /echo HTTP/1.1\r\nContent-Length: 256\r\n\r\n${bytes}`);
  expect(await host.ended()).toEqual(["+CHTTPACT: 0"]);
  expect(host.payload.slice(-256)).toBe(bytes);
});

test.each([
  ["/close", 224],
  ["/reset", 224],
])("%s of the sandbox is %d", async (path, code) => {
  const host = new HttpHost();
  await host.request(origin.endpoint, `GET ${path} HTTP/1.1\r\n\r\n`);
  expect(await host.ended()).toEqual([`+CHTTPACT: ${code}`]);
});
