import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Connection } from "../../../src/platform/network/network.ts";
import { VirtualClock } from "../../../src/platform/time/virtual-clock.ts";
import { MailStore } from "../../../src/sandbox/mail-store.ts";
import { Pop3Server } from "../../../src/sandbox/pop3/server.ts";
import { RecordingNetwork, turns } from "../../support/recording-network.ts";
import { serverParts } from "../../support/server-parts.ts";

const never = new AbortController().signal;

let clock: VirtualClock;
let network: RecordingNetwork;
let store: MailStore;
let server: Pop3Server;

beforeEach(async () => {
  clock = new VirtualClock();
  network = new RecordingNetwork();
  const first = ["A: 1\n\n.a\n\n..\nlast", "B: 2\r\n\r\n", ""].map((raw) => ["u", Buffer.from(raw)] as const);
  store = new MailStore(100_000_000, first);
  const accounts = new Map([
    ["u", "p p"],
    ["v", ""],
  ]);
  server = await Pop3Server.start(serverParts({ network, clock }), store, { accounts, connections: 20 }, never);
});

afterEach(async () => {
  await server.close();
  for (const connection of network.connections) connection.close();
  expect(clock.pendingAlarms).toBe(0);
});

/** Talks to the server a line at a time. */
async function client() {
  const connection = await network.connect(server.endpoint, never);
  const line = async () => (await connection.readLine(1000, never)).toString("latin1");
  const say = async (command: string) => {
    await connection.write(`${command}\r\n`, never);
    return line();
  };
  const list = async (command: string) => {
    const lines = [await say(command)];
    while (lines.at(-1) !== "." && !lines[0]?.startsWith("-")) lines.push(await line());
    return lines.slice(1, -1);
  };
  expect(await line()).toMatch(/^\+OK/);
  return { connection, say, list };
}

async function loggedIn() {
  const talk = await client();
  expect(await talk.say("user u")).toMatch(/^\+OK/);
  expect(await talk.say("PASS p p")).toMatch(/^\+OK/);
  return talk;
}

async function ended(connection: Connection): Promise<boolean> {
  while ((await connection.read(never)) !== undefined);
  return true;
}

describe("before log-in", () => {
  test.each([
    ["USER nobody", "-ERR"],
    ["USER", "-ERR"],
    ["PASS p p", "-ERR"],
    ["STAT", "-ERR"],
    ["RETR 1", "-ERR"],
    ["NOOP", "-ERR"],
    ["XYZZY", "-ERR"],
    ["", "-ERR"],
    ["__proto__", "-ERR"],
    ["QUIT", "+OK"],
  ])("%j is answered %s", async (command, reply) => {
    const { say } = await client();
    expect((await say(command)).split(" ")[0]).toBe(reply);
  });

  test("a wrong password needs USER again", async () => {
    const { say } = await client();
    await say("USER u");
    expect(await say("PASS wrong")).toMatch(/^-ERR \[AUTH\]/);
    expect(await say("PASS p p")).toMatch(/^-ERR/);
  });

  test("an empty password may be right", async () => {
    const { say } = await client();
    await say("USER v");
    expect(await say("PASS ")).toMatch(/^\+OK/);
  });

  test("CAPA tells what there is", async () => {
    expect(await (await client()).list("CAPA")).toEqual(expect.arrayContaining(["TOP", "UIDL", "USER", "RESP-CODES"]));
  });
});

describe("after log-in", () => {
  test.each([
    ["STAT", "+OK 3 32"],
    ["LIST 1", "+OK 1 24"],
    ["LIST 4", "-ERR no such message"],
    ["LIST x", "-ERR no such message"],
    ["RETR 0", "-ERR no such message"],
    ["RETR -1", "-ERR no such message"],
    ["RETR", "-ERR no such message"],
    ["UIDL 2", "+OK 2 vmodem-2"],
    ["TOP 1", "-ERR a message and a number of lines"],
    ["TOP 1 -1", "-ERR a message and a number of lines"],
    ["USER u", "-ERR not now"],
    ["noop", "+OK"],
  ])("%j is answered %j", async (command, reply) => {
    expect(await (await loggedIn()).say(command)).toBe(reply);
  });

  test.each([
    ["LIST", ["1 24", "2 8", "3 0"]],
    ["UIDL", ["1 vmodem-1", "2 vmodem-2", "3 vmodem-3"]],
    ["RETR 1", ["A: 1", "", "..a", "", "...", "last"]],
    ["RETR 3", []],
    ["TOP 1 0", ["A: 1", ""]],
    ["TOP 1 2", ["A: 1", "", "..a", ""]],
    ["TOP 1 100", ["A: 1", "", "..a", "", "...", "last"]],
    ["TOP 2 0", ["B: 2", ""]],
  ])("%j gives %j", async (command, lines) => {
    expect(await (await loggedIn()).list(command)).toEqual(lines);
  });

  test("what is deleted is gone for the session, its number is not given again, RSET brings it back", async () => {
    const { say, list } = await loggedIn();
    expect(await say("DELE 1")).toMatch(/^\+OK/);
    expect(await say("DELE 1")).toMatch(/^-ERR/);
    expect(await say("RETR 1")).toMatch(/^-ERR/);
    expect(await say("STAT")).toBe("+OK 2 8");
    expect(await list("LIST")).toEqual(["2 8", "3 0"]);
    await say("RSET");
    expect(await say("STAT")).toBe("+OK 3 32");
  });

  test("only QUIT deletes, and not what came in meanwhile", async () => {
    const first = await loggedIn();
    await first.say("DELE 2");
    first.connection.close();
    await turns(50);
    expect(store.list("u")).toHaveLength(3);
    const second = await loggedIn();
    await second.say("DELE 1");
    store.deliver(["u"], Buffer.from("new"));
    expect(await second.say("QUIT")).toMatch(/^\+OK/);
    expect(await ended(second.connection)).toBe(true);
    expect(store.list("u").map((mail) => mail.id)).toEqual([2, 3, 4]);
  });

  test("the maildrop is locked until the session ends", async () => {
    const first = await loggedIn();
    const second = await client();
    await second.say("USER u");
    expect(await second.say("PASS p p")).toMatch(/^-ERR \[IN-USE\]/);
    await first.say("QUIT");
    await ended(first.connection);
    await second.say("USER u");
    expect(await second.say("PASS p p")).toMatch(/^\+OK/);
  });

  test("a silent client is logged out, and deletes nothing", async () => {
    const { connection, say } = await loggedIn();
    await say("DELE 1");
    await clock.advance(599_000);
    expect(await say("NOOP")).toBe("+OK");
    await clock.advance(599_000);
    expect(await say("NOOP")).toBe("+OK");
    await clock.advance(600_000);
    expect(await ended(connection)).toBe(true);
    expect(store.list("u")).toHaveLength(3);
  });
});

describe("a client that misbehaves", () => {
  test("by noise is cut off", async () => {
    const { connection, say } = await client();
    for (let error = 0; error < 20; error++) expect(await say("noise")).toMatch(/^-ERR/);
    expect(await ended(connection)).toBe(true);
  });

  test("by a huge line is cut off", async () => {
    const { connection } = await client();
    await connection.write("x".repeat(100_000), never);
    await expect(ended(connection))
      .resolves.toBe(true)
      .catch(() => undefined);
  });

  test("by holding all places is refused more, and leaving makes room", async () => {
    const holders = [];
    for (let place = 0; place < 20; place++) holders.push(await client());
    const refused = await network.connect(server.endpoint, never);
    expect((await refused.readLine(100, never)).toString()).toBe("-ERR [SYS/TEMP] too many connections");
    expect(await ended(refused)).toBe(true);
    refused.close();
    await holders[0]?.say("QUIT");
    await ended((holders[0] ?? (await client())).connection);
    holders[0]?.connection.close();
    await turns(50);
    expect(await (await client()).say("QUIT")).toMatch(/^\+OK/);
  });

  test("by never reading does not fill the memory", async () => {
    const big = Buffer.alloc(64 * 1024 * 1024, "0123456789abcde\n");
    store.deliver(["u"], big);
    const { connection } = await loggedIn();
    const before = process.memoryUsage().arrayBuffers;
    await connection.write("RETR 4\r\n", never);
    await turns(500);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16 * 1024 * 1024);
  });
});
