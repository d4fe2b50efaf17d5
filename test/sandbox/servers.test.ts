import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { EventBody } from "../../src/platform/events.ts";
import type { Connection } from "../../src/platform/network/network.ts";
import { TcpNetwork } from "../../src/platform/network/tcp-network.ts";
import { VirtualClock } from "../../src/platform/time/virtual-clock.ts";
import { FtpServer } from "../../src/sandbox/ftp/server.ts";
import { HttpServer } from "../../src/sandbox/http/server.ts";
import { SANDBOX_LIMITS } from "../../src/sandbox/limits.ts";
import { MailStore } from "../../src/sandbox/mail-store.ts";
import { Pop3Server } from "../../src/sandbox/pop3/server.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/sandbox.ts";
import type { ListenOptions, SandboxServer, ServerParts } from "../../src/sandbox/server.ts";
import { SmtpServer } from "../../src/sandbox/smtp/server.ts";
import { readAll } from "../support/loopback.ts";
import { serverParts } from "../support/server-parts.ts";

const network = new TcpNetwork();
const never = new AbortController().signal;
const bounded = () => AbortSignal.timeout(10_000);

/** What all servers have in common. */
type Server = Pick<SandboxServer, "endpoint" | "reset" | "close" | typeof Symbol.asyncDispose>;

type Start = (parts: ServerParts, options: ListenOptions) => Promise<Server>;

/** Each server, what a client says first, how the answer begins, and how a client too many is refused. */
const servers: ReadonlyArray<readonly [name: string, start: Start, hello: string, answer: string, refusal: string]> = [
  ["smtp", (parts, options) => SmtpServer.start(parts, new MailStore(1e6), options, never), "NOOP\r\n", "220 ", "421 "],
  [
    "pop3",
    (parts, options) => Pop3Server.start(parts, new MailStore(1e6), { ...options, accounts: new Map() }, never),
    "CAPA\r\n",
    "+OK ",
    "-ERR ",
  ],
  ["ftp", (parts, options) => FtpServer.start(parts, options, never), "NOOP\r\n", "220 ", "421 "],
  [
    "http",
    (parts, options) => HttpServer.start(parts, { ...options, site: async () => undefined }, never),
    "GET /echo?x HTTP/1.1\r\n\r\n",
    "HTTP/1.1 200 ",
    "HTTP/1.1 503 ",
  ],
];

describe.each(servers)("the %s server", (_, start, hello, answer, refusal) => {
  let clock: VirtualClock;
  let opened: Connection[];

  beforeEach(() => {
    clock = new VirtualClock();
    opened = [];
  });

  afterEach(() => {
    for (const connection of opened) connection.close();
  });

  async function connect(server: Server): Promise<string> {
    const connection = await network.connect(server.endpoint, bounded());
    opened.push(connection);
    await connection.write(hello, bounded());
    return (await connection.readLine(1000, bounded())).toString();
  }

  test("refuses clients past its limit with a reply, and takes the next when one has gone", async () => {
    await using server = await start(serverParts({ network, clock }), { connections: 2 });
    for (let count = 0; count < 2; count++) expect((await connect(server)).startsWith(answer)).toBe(true);
    expect((await connect(server)).startsWith(refusal)).toBe(true);
    opened[0]?.close();
    let next = "";
    for (let round = 0; round < 200 && !next.startsWith(answer); round++) {
      next = await connect(server);
      opened.pop()?.close();
    }
    expect(next.startsWith(answer)).toBe(true);
  });

  test("serves a hundred clients at once without a warning of Node's, and closing leaves nothing", async () => {
    const warnings: Error[] = [];
    const warn = (warning: Error) => warnings.push(warning);
    process.on("warning", warn);
    try {
      const server = await start(serverParts({ network, clock }), {});
      for (let count = 0; count < 100; count++) expect((await connect(server)).startsWith(answer)).toBe(true);
      await server.close();
      await server.close();
      for (const connection of opened) await readAll(connection, bounded()).catch(() => undefined);
      await expect(network.connect(server.endpoint, bounded())).rejects.toMatchObject({ code: "REFUSED" });
      expect(clock.pendingAlarms).toBe(0);
      await new Promise(setImmediate);
      expect(warnings).toEqual([]);
    } finally {
      process.off("warning", warn);
    }
  });

  test("a reset drops its clients, and the port stays", async () => {
    await using server = await start(serverParts({ network, clock }), {});
    expect((await connect(server)).startsWith(answer)).toBe(true);
    const [first] = opened;
    const done = server.reset();
    if (first !== undefined) await readAll(first, bounded()).catch(() => undefined);
    await done;
    expect(clock.pendingAlarms).toBe(0);
    expect((await connect(server)).startsWith(answer)).toBe(true);
  });
});

describe("the sandbox", () => {
  let sandbox: Sandbox;
  let events: EventBody[];

  beforeEach(async () => {
    events = [];
    sandbox = await startSandbox({ events: { active: true, emit: (event) => events.push(event) } });
  });
  afterEach(() => sandbox.close());

  /** Says lines one after the other; gives the replies, each of one line. */
  async function talk(server: Server, ...lines: readonly string[]): Promise<readonly string[]> {
    const connection = await network.connect(server.endpoint, bounded());
    const replies = [(await connection.readLine(1000, bounded())).toString()];
    for (const line of lines) {
      await connection.write(`${line}\r\n`, bounded());
      replies.push((await connection.readLine(1000, bounded())).toString("latin1"));
    }
    connection.close();
    return replies;
  }

  async function get(target: string): Promise<string> {
    const connection = await network.connect(sandbox.http.endpoint, bounded());
    await connection.write(`GET ${target} HTTP/1.0\r\n\r\n`, bounded());
    const answer = (await readAll(connection, bounded())).toString();
    connection.close();
    return answer;
  }

  async function upload(): Promise<void> {
    const control = await network.connect(sandbox.ftp.endpoint, bounded());
    const say = async (line: string) => {
      await control.write(`${line}\r\n`, bounded());
      return (await control.readLine(1000, bounded())).toString();
    };
    await control.readLine(1000, bounded());
    for (const line of ["USER a", "PASS b", "TYPE I"]) await say(line);
    const port = Number(/\|(\d+)\|/.exec(await say("EPSV"))?.[1]);
    const data = await network.connect({ host: "127.0.0.1", port }, bounded());
    expect(await say("STOR up.txt")).toMatch(/^150/);
    await data.write("hello", bounded());
    data.end();
    expect((await control.readLine(1000, bounded())).toString()).toMatch(/^226/);
    data.close();
    control.close();
  }

  const mail = ["HELO x", "MAIL FROM:<a@b>", "RCPT TO:<c@d>", "DATA", "Subject: s\r\n\r\ntext\r\n.", "QUIT"];

  test("emits what its servers receive", async () => {
    await talk(sandbox.smtp, ...mail);
    await get("/status/404");
    await upload();
    expect(events).toEqual([
      { type: "mail", from: "a@b", recipients: ["c@d"], subject: "s", size: 20 },
      { type: "request", method: "GET", target: "/status/404", status: 404 },
      { type: "upload", path: "/up.txt", size: 5 },
    ]);
  });

  test("a message put into a mailbox is there for POP3, as it is", async () => {
    sandbox.pop3.put("ann@example.com", "Subject: raw\r\n\r\n.x\r\n");
    const replies = await talk(sandbox.pop3, "USER ann", "PASS x", "STAT", "QUIT");
    expect(replies[3]).toBe("+OK 1 20");
    expect(() => sandbox.pop3.put("ann", Buffer.alloc(SANDBOX_LIMITS.mailStore))).toThrow(RangeError);
  });

  test("a reset brings back the start", async () => {
    const start = {
      mailboxes: [...sandbox.pop3.mailboxes],
      files: await sandbox.ftp.files.list(),
      endpoints: sandbox.servers,
    };
    const state = async () => ({
      mailboxes: [...sandbox.pop3.mailboxes],
      files: await sandbox.ftp.files.list(),
      endpoints: sandbox.servers,
    });
    await talk(sandbox.smtp, ...mail);
    await talk(sandbox.pop3, "USER user", "PASS password", "DELE 1", "QUIT");
    await talk(sandbox.pop3, "USER guest", "PASS first");
    await upload();
    await sandbox.ftp.files.delete("/pub");
    sandbox.http.page("/", { status: 500 });
    await get("/");
    await sandbox.reset();
    const names = (files: typeof start.files) => files.map(({ name, size }) => [name, size]);
    const now = await state();
    expect({ ...now, files: names(now.files) }).toEqual({ ...start, files: names(start.files) });
    expect(sandbox.smtp.mails).toEqual([]);
    expect(sandbox.http.requests).toEqual([]);
    expect(sandbox.ftp.sessions).toEqual([]);
    expect(await get("/")).toMatch(/^HTTP\/1\.1 200/);
    expect((await talk(sandbox.smtp, ...mail)).at(-1)).toMatch(/^221/);
    expect(sandbox.smtp.mails.map(({ id }) => id)).toEqual([1]);
    expect((await talk(sandbox.pop3, "USER guest", "PASS second"))[2]).toMatch(/^\+OK/);
    await upload();
    expect(sandbox.ftp.sessions).toHaveLength(1);
  });

  test("a reset in the middle of a POP3 session frees its mailbox and deletes nothing", async () => {
    const connection = await network.connect(sandbox.pop3.endpoint, bounded());
    await connection.write("USER user\r\nPASS password\r\nDELE 1\r\n", bounded());
    for (let line = 0; line < 4; line++) await connection.readLine(1000, bounded());
    void sandbox.reset();
    expect((await talk(sandbox.pop3, "USER user", "PASS password", "STAT"))[2]).toBe("+OK 4 messages");
    await connection.write("QUIT\r\n", bounded()).catch(() => undefined);
    await readAll(connection, bounded()).catch(() => undefined);
    expect(sandbox.pop3.mailboxes.get("user")).toHaveLength(4);
    connection.close();
  });
});

test("a sandbox that cannot start whole leaves no server behind", async () => {
  let listening = 0;
  let closed = 0;
  const failing = new TcpNetwork();
  const listen = failing.listen.bind(failing);
  failing.listen = async (local, signal) => {
    if (listening === 3) throw new Error("no port is left");
    listening++;
    const listener = await listen(local, signal);
    const close = listener.close.bind(listener);
    listener.close = () => {
      closed++;
      close();
    };
    return listener;
  };
  await expect(startSandbox({ network: failing })).rejects.toThrow("no port is left");
  expect(closed).toBe(3);
});

test("a sandbox is closed at the end of its block", async () => {
  let endpoint = { host: "", port: 0 };
  {
    await using sandbox = await startSandbox();
    endpoint = sandbox.smtp.endpoint;
  }
  await expect(network.connect(endpoint, bounded())).rejects.toMatchObject({ code: "REFUSED" });
});
