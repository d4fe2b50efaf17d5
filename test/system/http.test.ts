import { createServer, type Socket } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { encodeEtx } from "../../src/codec/etx/encoder.ts";
import { type SerialHost, serialHost } from "../support/serial-host.ts";

/** A server that hands its connections to the test; what a client sends is collected. */
async function startServer(answer: (socket: Socket, received: () => Buffer) => void): Promise<number> {
  const server = createServer((socket) => {
    let received = Buffer.alloc(0);
    socket.on("error", () => undefined);
    socket.on("data", (chunk) => {
      received = Buffer.concat([received, chunk]);
      answer(socket, () => received);
    });
  });
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as { port: number }).port;
}

/** Answers once the request holds `last`. */
const answering = (last: string, ...pieces: readonly string[]) => {
  let request = "";
  const port = startServer((socket, received) => {
    request = received().toString("latin1");
    if (!request.endsWith(last)) return;
    for (const piece of pieces) socket.write(piece, "latin1");
  });
  return { port, request: () => request };
};

async function launch(host: SerialHost, port: number): Promise<void> {
  const command = `AT+CHTTPACT="127.0.0.1",${port}`;
  host.send(`${command}\r\n`);
  expect(await host.until("REQUEST\r\n")).toBe(`${command}\r\r\n+CHTTPACT: REQUEST\r\n`);
}

const GET = [
  "GET http://www.mywebsite.com/index.html HTTP/1.1",
  "Host: www.mywebsite.com",
  "User-Agent: MYWEBAGENT",
  "Content-Length: 0",
];
const PAGE = "<html>\r\n<header>test</header>\r\n<body>\r\nTest body\r\n</body>";
const RESPONSE = `HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: ${PAGE.length}\r\n\r\n${PAGE}`;

test.each([
  ["CR LF", "\r\n", ""],
  ["CR, as at a terminal", "\r", ""],
  ["LF", "\n", ""],
  ["CR LF with the closing empty line", "\r\n", "\r\n"],
])("the manual's GET, lines ended by %s, reaches the server well-formed", async (_, end, closing) => {
  const { port, request } = answering("\r\n\r\n", RESPONSE);
  const host = await serialHost();
  await launch(host, await port);
  const typed = GET.map((line) => line + end).join("") + closing;
  host.send(`${typed}\x1a`);
  expect(await host.until("+CHTTPACT: 0\r\n")).toBe(
    `${typed}\r\nOK\r\n\r\n+CHTTPACT: DATA, ${RESPONSE.length}\r\n${RESPONSE}\r\n+CHTTPACT: 0\r\n`,
  );
  expect(request()).toBe(`${GET.join("\r\n")}\r\n\r\n`);
});

test("the manual's POST keeps its body", async () => {
  const body = "myparam1=test1&myparam2=test2";
  const header =
    "POST http://www.mywebsite.com/mydir/test.jsp HTTP/1.1\r\nHost: www.mywebsite.com\r\nContent-Length: 29\r\n\r\n";
  const { port, request } = answering(body, RESPONSE);
  const host = await serialHost();
  await launch(host, await port);
  host.send(`${header}${body}\x1a`);
  await host.until("+CHTTPACT: 0\r\n");
  expect(request()).toBe(header + body);
});

test("all 256 byte values reach the server and come back, a byte at a time", async () => {
  const body = Buffer.from(Array.from({ length: 256 }, (_, value) => value));
  const header = "POST / HTTP/1.1\r\nContent-Length: 256\r\n\r\n";
  const port = await startServer((socket, received) => {
    if (received().length < header.length + 256) return;
    socket.write(`HTTP/1.1 200 OK\r\nContent-Length: 256\r\n\r\n`);
    socket.write(received().subarray(header.length));
  });
  const host = await serialHost();
  host.send("ATE0\r");
  await host.until("OK\r\n");
  host.send(`AT+CHTTPACT="127.0.0.1",${port}\r`);
  await host.until("REQUEST\r\n");
  for (const byte of Buffer.concat([Buffer.from(header), encodeEtx(body), Buffer.of(0x1a)])) host.send(Buffer.of(byte));
  await host.until("DATA, ");
  const length = Number.parseInt(await host.until("\r\n"), 10);
  const payload = await host.read(length);
  expect(payload.subarray(payload.indexOf("\r\n\r\n") + 4).equals(encodeEtx(body))).toBe(true);
  await host.until("\r\n+CHTTPACT: 0\r\n");
});

test.each([
  ["a keep-alive server", "GET / HTTP/1.1\r\n\r\n", [RESPONSE], 0],
  [
    "chunks",
    "GET / HTTP/1.1\r\n\r\n",
    ["HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "3\r\nabc\r\n", "0\r\n\r\n"],
    0,
  ],
  ["HEAD", "HEAD / HTTP/1.1\r\n\r\n", ["HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"], 0],
])("%s: the response ends without a close", async (_, request, pieces, code) => {
  const { port } = answering("\r\n\r\n", ...pieces);
  const host = await serialHost();
  await launch(host, await port);
  host.send(`${request}\x1a`);
  const said = await host.until(`+CHTTPACT: ${code}\r\n`);
  expect(said).toContain(pieces.join(""));
});

test.each([
  ["ICY", "ICY 200 OK\r\nServer: x\r\n\r\nstream", 0],
  ["no status line", "hello there", 0],
  ["an early close", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", 224],
  ["a close without a word", "", 224],
])("%s, then a close", async (_, response, code) => {
  const port = await startServer((socket) => void socket.end(response, "latin1"));
  const host = await serialHost();
  await launch(host, port);
  host.send("GET / HTTP/1.1\r\n\r\n\x1a");
  expect(await host.until(`+CHTTPACT: ${code}\r\n`)).toContain(response);
});

test("a server that never answers is a time-out, one that resets a failed transfer", async () => {
  const silent = await startServer(() => undefined);
  const resetting = await startServer((socket) => socket.resetAndDestroy());
  const host = await serialHost({ timeoutScale: 0.002 });
  await launch(host, silent);
  host.send("GET / HTTP/1.1\r\n\r\n\x1a");
  await host.until("+CHTTPACT: 223\r\n");
  await launch(host, resetting);
  host.send("GET / HTTP/1.1\r\n\r\n\x1a");
  await host.until("+CHTTPACT: 224\r\n");
});

test("a name that does not resolve is 222, a port where nobody listens 227", async () => {
  const host = await serialHost();
  host.send('AT+CMEE=1\rAT+CHTTPACT="nosuch.invalid",80\rAT+CHTTPACT="127.0.0.1",1\rAT\r');
  expect(await host.until("227\r\nAT\r\r\nOK\r\n")).toContain("+CME ERROR: 222\r\n");
});

test("stray bytes before the prompt are not part of the request", async () => {
  const { port, request } = answering("\r\n\r\n", RESPONSE);
  const host = await serialHost({ dialect: "field", packetGap: 0 });
  host.send(`AT+CHTTPACT="127.0.0.1",${await port}\r\n\r\n\x1a`);
  await host.until("REQUEST\r\n");
  host.send("GET / HTTP/1.1\r\n\r\n\x1a\r\n");
  expect(await host.until("+CHTTPACT: 0\r\n")).toContain("http/1.1 200 ok");
  expect(request()).toBe("GET / HTTP/1.1\r\n\r\n");
});

test("1000 pipelined commands are all answered", async () => {
  const host = await serialHost();
  host.send("ATE0\r");
  await host.until("OK\r\n");
  host.send("AT\r".repeat(1000));
  expect((await host.read(6000)).toString()).toBe("\r\nOK\r\n".repeat(1000));
});
