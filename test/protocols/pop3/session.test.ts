import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Faults } from "../../../src/faults/faults.ts";
import { lineLog } from "../../../src/platform/log.ts";
import type { Connection, Endpoint, Network } from "../../../src/platform/network/network.ts";
import { ServiceError } from "../../../src/platform/network/service-error.ts";
import { VirtualClock } from "../../../src/platform/time/virtual-clock.ts";
import { Pop3Refusal } from "../../../src/protocols/pop3/reply.ts";
import { Pop3Session } from "../../../src/protocols/pop3/session.ts";
import { MailStore } from "../../../src/sandbox/mail-store.ts";
import { Pop3Server } from "../../../src/sandbox/pop3/server.ts";
import { soup } from "../../support/cut.ts";
import { faultyNetwork } from "../../support/faulty-network.ts";
import { RecordingNetwork, turns, until } from "../../support/recording-network.ts";
import { serverParts } from "../../support/server-parts.ts";

const here: Endpoint = { host: "127.0.0.1", port: 0 };
const never = new AbortController().signal;
const mails = ["Subject: one\r\n\r\n.dot\r\n..\r\n", "Subject: two\r\n\r\nbody\r\n"];

const ACCOUNTS = new Map([["u", "secret"]]);

let clock: VirtualClock;
let network: RecordingNetwork;
/** The network of the session, with faults. */
let faulty: Network;
let log: string[];
let faults: Faults;
let store: MailStore;
let server: Pop3Server;
let stops: (() => void | Promise<void>)[];

beforeEach(async () => {
  clock = new VirtualClock();
  network = new RecordingNetwork();
  log = [];
  store = new MailStore(
    1_000_000,
    mails.map((mail) => ["u", Buffer.from(mail)] as const),
  );
  server = await Pop3Server.start(serverParts({ network, clock }), store, { accounts: ACCOUNTS }, never);
  ({ network: faulty, faults } = faultyNetwork(network, clock));
  stops = [() => server.close()];
});

afterEach(async () => {
  for (const stop of stops) await stop();
  expect(await network.allClosed(never)).toBe(true);
  expect(clock.pendingAlarms).toBe(0);
});

const sandbox = async (): Promise<Endpoint> => server.endpoint;

/** A server of the test's own, for one client. */
async function scripted(script: (connection: Connection) => Promise<void>): Promise<Endpoint> {
  const listener = await network.listen(here, never);
  const served = listener.accept(never).then(async (connection) => {
    await script(connection).finally(() => connection.end());
    stops.unshift(() => connection.close());
  });
  stops.push(async () => {
    listener.close();
    await served;
  });
  return listener.local;
}

async function open(server: Endpoint, user = "u", password = "secret", signal = never): Promise<Pop3Session> {
  const ports = { network: faulty, clock, log: lineLog("debug", (line) => log.push(line)), timeoutScale: 1 };
  const session = await Pop3Session.open(ports, { server, user, password }, signal);
  stops.unshift(() => session.close());
  return session;
}

async function text(bytes: AsyncIterable<Buffer>): Promise<string> {
  let all = "";
  for await (const chunk of bytes) all += chunk.toString("latin1");
  return all;
}

async function listings(session: Pop3Session) {
  const all = [];
  for await (const listing of session.list(never)) all.push(listing);
  return all;
}

/** Every command after log-in, by its verb. */
const commands: Readonly<Record<string, (session: Pop3Session, signal: AbortSignal) => Promise<unknown>>> = {
  STAT: (session, signal) => session.stat(signal),
  LIST: async (session, signal) => {
    for await (const _ of session.list(signal));
  },
  TOP: (session, signal) => text(session.header(1, signal)),
  RETR: (session, signal) => text(session.retrieve(1, signal)),
  DELE: (session, signal) => session.delete(1, signal),
  QUIT: (session, signal) => session.quit(signal),
};
const verbs = ["GREETING", "USER", "PASS", ...Object.keys(commands)] as const;

/** Runs until the verb has been exchanged. */
async function reach(verb: string, server: Endpoint, signal = never): Promise<void> {
  const session = await open(server, "u", "secret", signal);
  await commands[verb]?.(session, signal);
}

test.each(["u\r\nDELE 1", "u\nDELE 1", "u\0", "u\u010d\u010aDELE 1"])("%j cannot be sent as a name", async (user) => {
  await expect(open(await sandbox(), user)).rejects.toMatchObject({ code: "REPLY", verb: "USER" });
  expect(log.join("")).not.toContain("DELE");
});

test("names and passwords go out as the bytes that their characters stand for", async () => {
  const server = await scripted(async (connection) => {
    await connection.write("+OK\r\n", never);
    for (const line of ["USER \xe4\xff", "PASS \xc3\xa4\x80"]) {
      expect((await connection.readLine(100, never)).toString("latin1")).toBe(line);
      await connection.write("+OK\r\n", never);
    }
  });
  await open(server, "\xe4\xff", "\xc3\xa4\x80");
});

describe("a session", () => {
  test("tells, lists, retrieves, deletes at QUIT", async () => {
    const session = await open(await sandbox());
    expect(await session.stat(never)).toEqual({ count: 2, size: 48 });
    expect(await listings(session)).toEqual([
      { id: 1, size: 26 },
      { id: 2, size: 22 },
    ]);
    expect(await session.listing(2, never)).toEqual({ id: 2, size: 22 });
    expect(await text(session.header(1, never))).toBe("Subject: one\r\n\r\n");
    expect(await text(session.retrieve(1, never))).toBe(mails[0]);
    await session.delete(1, never);
    expect(await listings(session)).toEqual([{ id: 2, size: 22 }]);
    expect(store.list("u")).toHaveLength(2);
    await session.quit(never);
    expect(store.list("u").map((mail) => mail.id)).toEqual([2]);
    expect(session.isOpen).toBe(false);
    await expect(session.stat(never)).rejects.toMatchObject({ code: "CLOSED" });
  });

  test("that is closed deletes nothing", async () => {
    const server = await sandbox();
    const session = await open(server);
    await session.delete(1, never);
    session.close();
    const again = await openWhenUnlocked(server);
    expect(await again.stat(never)).toMatchObject({ count: 2 });
  });

  test("survives refusals", async () => {
    const session = await open(await sandbox());
    await expect(session.listing(9, never)).rejects.toBeInstanceOf(Pop3Refusal);
    await expect(session.delete(9, never)).rejects.toMatchObject({ code: "REPLY", verb: "DELE" });
    await expect(text(session.retrieve(9, never))).rejects.toMatchObject({ code: "REPLY", verb: "RETR" });
    await expect(text(session.header(9, never))).rejects.toMatchObject({ code: "REPLY", verb: "RETR" });
    expect(await text(session.header(2, never))).toBe("Subject: two\r\n\r\n");
  });

  test("falls back to RETR where the server has no TOP, and asks no second time", async () => {
    faults.add({ kind: "reply", verb: "TOP", text: "-ERR unknown" });
    const session = await open(await sandbox());
    expect(await text(session.header(2, never))).toBe(mails[1]);
    expect(await text(session.header(1, never))).toBe(mails[0]);
    expect(log.filter((line) => line.includes('"TOP '))).toHaveLength(1);
  });

  test("ends when a reader stops early", async () => {
    const session = await open(await sandbox());
    for await (const _ of session.retrieve(1, never)) break;
    expect(session.isOpen).toBe(false);
  });

  test("never logs a password", async () => {
    await (await open(await sandbox())).quit(never);
    expect(log.join("")).toContain("PASS ****");
    expect(log.join("")).not.toContain("secret");
  });
});

async function openWhenUnlocked(server: Endpoint): Promise<Pop3Session> {
  for (let attempt = 0; attempt < 1000; attempt++) {
    try {
      return await open(server);
    } catch (error) {
      if (!(error instanceof Pop3Refusal) || error.status !== "IN-USE") throw error;
    }
  }
  throw new Error("the maildrop stays locked");
}

describe("a log-in", () => {
  test.each([
    ["USER", "nobody", "secret", undefined],
    ["PASS", "u", "wrong", "AUTH"],
    ["USER", "u\r\nDELE 1", "secret", undefined],
    ["PASS", "u", "secret\nDELE 1", undefined],
    ["PASS", "u", "sec\0ret", undefined],
  ])("refused at %s says so (%j, %j)", async (verb, user, password, status) => {
    await expect(open(await sandbox(), user, password)).rejects.toMatchObject({ code: "REPLY", verb, status });
  });

  test("to a locked maildrop tells the response code", async () => {
    const server = await sandbox();
    await open(server);
    await expect(open(server)).rejects.toMatchObject({ code: "REPLY", verb: "PASS", status: "IN-USE" });
  });

  test("where nobody listens is REFUSED", async () => {
    const listener = await network.listen(here, never);
    listener.close();
    await expect(open(listener.local)).rejects.toMatchObject({ code: "REFUSED" });
  });

  test("that gets no connection in time is UNREACHABLE", async () => {
    network.connect = (_target, signal) =>
      new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    const failure = expect(open({ host: "192.0.2.1", port: 110 })).rejects.toMatchObject({ code: "UNREACHABLE" });
    await clock.advance(60_000);
    await failure;
  });
});

describe.each(verbs)("at %s", (verb) => {
  test.each([
    ["an end", { kind: "hang_up" }, "CLOSED"],
    ["garbage", { kind: "reply", text: "220 ready" }, "REPLY"],
    ["an empty line", { kind: "reply", text: "" }, "REPLY"],
    ["a huge line", { kind: "reply", text: `+OK ${"x".repeat(5000)}` }, "REPLY"],
    ["bytes that look like a good reply", { kind: "reply", text: "+OKAY" }, "REPLY"],
  ])("%s ends the session with the right code", async (_, fault, code) => {
    faults.add({ ...fault, verb });
    await expect(reach(verb, await sandbox())).rejects.toMatchObject({ name: "ServiceError", code });
    expect(await network.allClosed(never)).toBe(true);
  });

  test("a refusal tells the verb", async () => {
    const refused = verb === "TOP" ? "RETR" : verb;
    for (const each of new Set([verb, refused]))
      faults.add({ kind: "reply", verb: each, text: "-ERR [SYS/TEMP] not now" });
    const told = refused === "GREETING" ? "CONNECT" : refused;
    await expect(reach(verb, await sandbox())).rejects.toMatchObject({ verb: told, status: "SYS/TEMP" });
  });

  test("silence is TIMEOUT", async () => {
    faults.add({ kind: "silence", verb });
    const failure = expect(reach(verb, await sandbox())).rejects.toMatchObject({ code: "TIMEOUT" });
    await until(() =>
      verb === "GREETING" ? network.connections.length > 0 : log.some((line) => line.includes(`"${verb}`)),
    );
    await clock.advance(60_000);
    await failure;
    expect(await network.allClosed(never)).toBe(true);
  });

  test("an abort ends everything with its reason", async () => {
    faults.add({ kind: "silence", verb });
    const abort = new AbortController();
    const failure = expect(reach(verb, await sandbox(), abort.signal)).rejects.toThrow("stopped by the host");
    await until(() =>
      verb === "GREETING" ? network.connections.length > 0 : log.some((line) => line.includes(`"${verb}`)),
    );
    abort.abort(new Error("stopped by the host"));
    await failure;
    expect(await network.allClosed(never)).toBe(true);
  });
});

/** Plays the server up to the end of log-in. */
async function letIn(connection: Connection): Promise<void> {
  await connection.write("+OK\r\n", never);
  for (const _ of ["USER", "PASS"]) {
    await connection.readLine(100, never);
    await connection.write("+OK\r\n", never);
  }
}

describe("a server", () => {
  test.each([
    ["ends", ""],
    ["says farewell", "-ERR autologout\r\n"],
  ])("that %s while the session is idle is CLOSED at the next command", async (_, farewell) => {
    const server = await scripted(async (connection) => {
      await letIn(connection);
      await connection.write(farewell, never);
    });
    const session = await open(server);
    await turns(100);
    await expect(session.stat(never)).rejects.toMatchObject({ code: "CLOSED" });
    expect(session.isOpen).toBe(false);
  });

  test.each([
    ["no numbers", "STAT", "+OK\r\n"],
    ["words for numbers", "STAT", "+OK one two\r\n"],
    ["numbers beyond all bounds", "STAT", `+OK 1 ${"9".repeat(40)}\r\n`],
    ["a listing that is none", "LIST", "+OK\r\nhello\r\n.\r\n"],
    ["a listing without line ends", "LIST", `+OK\r\n${"9".repeat(5000)}`],
  ])("that sends %s is REPLY", async (_, verb, reply) => {
    const server = await scripted(async (connection) => {
      await letIn(connection);
      await connection.readLine(100, never);
      await connection.write(reply, never);
    });
    const session = await open(server);
    await expect(commands[verb]?.(session, never)).rejects.toMatchObject({ code: "REPLY" });
    expect(session.isOpen).toBe(false);
  });

  test("that closes within a message is CLOSED", async () => {
    const server = await scripted(async (connection) => {
      await letIn(connection);
      await connection.readLine(100, never);
      await connection.write("+OK\r\nSubject: x\r\n", never);
    });
    await expect(text((await open(server)).retrieve(1, never))).rejects.toMatchObject({ code: "CLOSED" });
  });

  test("may cut a message anywhere", async () => {
    const message = "+OK\r\n..a\r\n...\r\nb\r\n.\r\n";
    const server = await scripted(async (connection) => {
      await letIn(connection);
      for (let cut = 0; cut <= message.length; cut++) {
        await connection.readLine(100, never);
        await connection.write(message.slice(0, cut), never);
        await turns(3);
        await connection.write(message.slice(cut), never);
      }
    });
    const session = await open(server);
    for (let cut = 0; cut <= message.length; cut++) {
      expect(await text(session.retrieve(1, never))).toBe(".a\r\n..\r\nb\r\n");
    }
  });

  /** Sends a message in pieces, one each 10 seconds. The client has read each before the time goes on. */
  async function dribble(pieces: readonly string[]) {
    let served = 0;
    let received = "";
    const server = await scripted(async (connection) => {
      await letIn(connection);
      await connection.readLine(100, never);
      await connection.write("+OK\r\n", never);
      await turns(20);
      for (const piece of pieces) {
        const expected = received.length + piece.length;
        await connection.write(piece, never).catch(() => undefined);
        for (let turn = 0; turn < 50 && received.length < expected; turn++) await turns(1);
        served++;
        await clock.advance(10_000);
      }
    });
    const session = await open(server);
    const outcome = (async () => {
      for await (const chunk of session.retrieve(1, never)) received += chunk.toString("latin1");
    })().then(
      () => "whole",
      (error) => error.code,
    );
    return { outcome: await outcome, served: () => served };
  }
  const line = (length: number) => `${"x".repeat(length - 2)}\r\n`;
  const minutes = (count: number, bytes: number) => Array.from({ length: 6 * count }, () => line(bytes));

  test("that dribbles a message is TIMEOUT after the second minute, however it keeps moving", async () => {
    const { outcome, served } = await dribble(minutes(5, 10));
    expect(outcome).toBe("TIMEOUT");
    await until(() => served() === 30);
  });

  test.each([
    ["is slow in the first minute only", [...minutes(1, 10), ...minutes(3, 205), ".\r\n"], "whole"],
    ["sends more than 1 KiB in each minute", [...minutes(10, 205), ".\r\n"], "whole"],
    ["is fast in the first minute and dribbles then", [...minutes(1, 10_000), ...minutes(3, 150)], "TIMEOUT"],
    ["is done within the second minute", [...minutes(1, 10), line(10), ".\r\n"], "whole"],
  ])("that %s", async (_, pieces, outcome) => {
    expect((await dribble(pieces)).outcome).toBe(outcome);
  });

  test.each([
    ["LF . LF after a first line with LF", "+OK\na\n..b\n.\n", "a\n.b\n"],
    ["LF . CR LF after a first line with LF", "+OK\na\n.\r\n", "a\n"],
    ["LF . CR LF after a first line with CR LF", "+OK\r\na\nb\n.\r\n", "a\nb\n"],
    ["CR LF . CR LF behind LF . LF", "+OK\r\na\n.\nb\r\n.\r\n", "a\n.\nb\r\n"],
    ["CR LF . CR LF behind LF . CR LF", "+OK\r\na\r\nb\n.\r\nc\r\n.\r\n", "a\r\nb\n.\r\nc\r\n"],
    ["LF . LF behind nothing", "+OK\n.\n", ""],
  ])("may end a message by %s", async (_, reply, message) => {
    const server = await scripted(async (connection) => {
      await letIn(connection);
      for (const answer of [reply, "+OK 7 8\n"]) {
        await connection.readLine(100, never);
        await connection.write(answer, never);
      }
    });
    const session = await open(server);
    expect(await text(session.retrieve(1, never))).toBe(message);
    expect(await session.stat(never)).toEqual({ count: 7, size: 8 });
  });

  test.each([
    ["LF", "+OK\n1 10\n2 20\n.\n"],
    ["LF after a first line with CR LF", "+OK\r\n1 10\n2 20\n.\n"],
    ["LF and a last line with CR LF", "+OK 2 messages\r\n1 10\n2 20\n.\r\n"],
    ["blanks before the number", "+OK\r\n 1 10\r\n\t  2  20 \r\n.\r\n"],
    ["more columns", "+OK\r\n1 10 uid\r\n2 20 uid\r\n.\r\n"],
  ])("may list with %s", async (_, reply) => {
    const server = await scripted(async (connection) => {
      await letIn(connection);
      for (const answer of [reply, "+OK  2 20\r\n"]) {
        await connection.readLine(100, never);
        await connection.write(answer, never);
      }
    });
    const session = await open(server);
    expect(await listings(session)).toEqual([
      { id: 1, size: 10 },
      { id: 2, size: 20 },
    ]);
    expect(await session.listing(2, never)).toEqual({ id: 2, size: 20 });
  });

  test("is held back by a slow reader, and the reader's time does not count", async () => {
    const size = 32 * 1024 * 1024;
    let sent = 0;
    const server = await scripted(async (connection) => {
      await letIn(connection);
      await connection.readLine(100, never);
      await connection.write("+OK\r\n", never);
      const block = Buffer.from("0123456789abcde\r\n".repeat(4096));
      for (; sent < size; sent += block.length) await connection.write(block, never);
      await connection.write(".\r\n", never);
    });
    const session = await open(server);
    let received = 0;
    for await (const chunk of session.retrieve(1, never)) {
      if (received === 0) {
        for (let before = -1; before < sent; await turns(200)) before = sent;
        expect(sent).toBeLessThan(size / 2);
        await clock.advance(600_000);
      }
      received += chunk.length;
    }
    expect(received).toBeGreaterThanOrEqual(size);
    expect(session.isOpen).toBe(true);
  });

  test("may say anything: only errors of the closed set come of it, and no session is left in doubt", async () => {
    const words = ["+OK", "-ERR", " ", "\r\n", "\n", ".", ".\r\n", "1", "2 3", "Subject: x", "[AUTH]", "\0"];
    await fc.assert(
      fc.asyncProperty(soup(words), fc.constantFrom(...Object.keys(commands)), async (reply, verb) => {
        const server = await scripted(async (connection) => {
          await letIn(connection);
          await connection.readLine(100, never);
          await connection.write(reply, never);
        });
        const session = await open(server);
        const error = await commands[verb]?.(session, never).then(
          () => undefined,
          (reason: unknown) => reason,
        );
        if (error !== undefined) expect(error).toBeInstanceOf(ServiceError);
        if (error !== undefined && !(error instanceof Pop3Refusal)) expect(session.isOpen).toBe(false);
        await expect(session.stat(never)).rejects.toMatchObject({ code: "CLOSED" });
      }),
      { numRuns: 200 },
    );
  });

  test("that goes on after the end of a message has lost the session", async () => {
    const server = await scripted(async (connection) => {
      await letIn(connection);
      await connection.readLine(100, never);
      await connection.write("+OK\r\nx\r\n.\r\n+OK 1 1\r\n", never);
    });
    const session = await open(server);
    expect(await text(session.retrieve(1, never))).toBe("x\r\n");
    await expect(session.stat(never)).rejects.toMatchObject({ code: "CLOSED" });
  });
});
