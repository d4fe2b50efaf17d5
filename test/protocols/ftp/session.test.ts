import type { Socket } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import type { Network } from "../../../src/platform/network/network.ts";
import { ServiceError } from "../../../src/platform/network/service-error.ts";
import { TcpNetwork } from "../../../src/platform/network/tcp-network.ts";
import type { Clock } from "../../../src/platform/time/clock.ts";
import { VirtualClock } from "../../../src/platform/time/virtual-clock.ts";
import { FTP_LIMITS } from "../../../src/protocols/ftp/limits.ts";
import { FtpFailure } from "../../../src/protocols/ftp/phase.ts";
import { type FtpSession, openSession } from "../../../src/protocols/ftp/session.ts";
import { ReplyError } from "../../../src/protocols/reply-error.ts";
import { type Action, type Dialogue, type FakeServer, fakeServer, nothingOpen } from "./fake-server.ts";

/** A virtual clock that can be waited for until somebody sets a certain alarm. */
class WatchedClock extends VirtualClock {
  readonly #watched: { ms: number; seen: () => void }[] = [];

  override alarm(ms: number, callback: () => void) {
    for (const watched of this.#watched) if (watched.ms === ms) watched.seen();
    return super.alarm(ms, callback);
  }

  alarmOf(ms: number): Promise<void> {
    return new Promise((seen) => {
      this.#watched.push({ ms, seen });
    });
  }
}

const live = new AbortController().signal;
const servers: FakeServer[] = [];
let clock = new WatchedClock();

async function serve(actions: Record<string, Action> = {}, host?: string): Promise<FakeServer> {
  const server = await fakeServer(actions, host);
  servers.push(server);
  return server;
}

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
  await nothingOpen();
  expect(clock.pendingAlarms).toBe(0);
  clock = new WatchedClock();
});

interface Choice {
  readonly passive?: boolean;
  readonly type?: "A" | "I";
  readonly signal?: AbortSignal;
  readonly network?: Network;
  readonly clock?: Clock;
  readonly user?: string;
  readonly timeoutScale?: number;
}

function open(server: { host: string; port: number }, choice: Choice = {}): Promise<FtpSession> {
  const {
    network = new TcpNetwork(),
    passive = true,
    type = "I",
    user = "me",
    signal = live,
    timeoutScale = 1,
  } = choice;
  const settings = { host: server.host, port: server.port, user, password: "secret", passive, type };
  return openSession({ network, clock: choice.clock ?? clock, timeoutScale }, settings, signal);
}

/** Opens, uses and quits a session. */
async function inSession<T>(server: FakeServer, choice: Choice, use: (session: FtpSession) => Promise<T>): Promise<T> {
  const session = await open(server, choice);
  try {
    return await use(session);
  } finally {
    await session.quit();
  }
}

async function fetch(server: FakeServer, choice: Choice = {}, path = "f"): Promise<string> {
  return inSession(server, choice, async (session) => {
    const file = await session.retrieve(path);
    const chunks: Buffer[] = [];
    for (let chunk = await file.read(); chunk !== undefined; chunk = await file.read()) chunks.push(chunk);
    await file.finish();
    return Buffer.concat(chunks).toString("latin1");
  });
}

async function send(server: FakeServer, choice: Choice = {}, content = "content"): Promise<void> {
  await inSession(server, choice, async (session) => {
    const file = await session.store("f");
    await file.write(Buffer.from(content));
    await file.finish();
  });
}

/** What a promise rejects with: `RETR 550` for a reply, `data RESET` for a failure in its phase, else the error's name. */
async function codeOf(work: Promise<unknown>): Promise<string> {
  const outcome = await work.then(
    () => "nothing failed",
    (error: unknown) => error,
  );
  if (outcome instanceof ReplyError) return `${outcome.verb} ${outcome.reply}`;
  if (outcome instanceof FtpFailure) return `${outcome.phase} ${outcome.code}`;
  return outcome instanceof Error ? outcome.constructor.name : String(outcome);
}

/** Says something, sends the file, says something else, and ends the data. */
async function sendWhole(dialogue: Dialogue, before: string, after?: string): Promise<void> {
  dialogue.say(before);
  const data = await dialogue.data();
  data.write("hello");
  if (after !== undefined) dialogue.say(after);
  data.end();
}

/** Says 150, and does something with the data connection once it stands. */
async function goAhead(dialogue: Dialogue, use: (data: Socket) => unknown): Promise<void> {
  dialogue.say("150 go");
  use(await dialogue.data());
}

const modes = [
  { mode: "passive", passive: true },
  { mode: "active", passive: false },
] as const;

describe.each(modes)("in $mode mode", ({ passive }) => {
  test("a file is fetched and the commands come in their order", async () => {
    const server = await serve();
    expect(await fetch(server, { passive })).toBe("hello");
    expect(server.commands.map((line) => line.split(" ")[0])).toEqual([
      "USER",
      "PASS",
      "TYPE",
      passive ? "EPSV" : "EPRT",
      "RETR",
      "QUIT",
    ]);
  });

  test("a file is stored", async () => {
    const server = await serve();
    const content = "x".repeat(300_000);
    await send(server, { passive }, content);
    expect(Buffer.concat(server.stored).toString()).toBe(content);
  });

  test("a server without RFC 2428 is asked the old way, and the address in its 227 is not believed", async () => {
    const server = await serve({ EPSV: "500 what?", EPRT: "502 what?" });
    expect(await fetch(server, { passive })).toBe("hello");
    expect(server.commands.some((line) => /^(PASV$|PORT 127,0,0,1,)/.test(line))).toBe(true);
  });

  test("IPv6 works, and there is no old way for it", async () => {
    expect(await fetch(await serve({}, "::1"), { passive })).toBe("hello");
    const old = await serve({ EPSV: "500 what?", EPRT: "500 what?" }, "::1");
    expect(await codeOf(fetch(old, { passive }))).toBe(passive ? "EPSV 500" : "EPRT 500");
    expect(old.commands.some((line) => /^(PASV|PORT)/.test(line))).toBe(false);
  });

  test("the final reply may come before the data end", async () => {
    const RETR = async (dialogue: Dialogue) => {
      const data = await dialogue.data();
      dialogue.say("150 coming\r\n226 done");
      data.write("hel", () => setImmediate(() => data.end("lo")));
    };
    expect(await fetch(await serve({ RETR }), { passive })).toBe("hello");
  });

  test("the final reply may come after the data end", async () => {
    const RETR = async (dialogue: Dialogue) => {
      const data = await dialogue.data();
      dialogue.say("125 coming");
      data.on("close", () => dialogue.say("110 MARK a = b\r\n250 done"));
      data.resume().end("hello");
    };
    expect(await fetch(await serve({ RETR }), { passive })).toBe("hello");
  });

  test("an empty file is fetched and stored", async () => {
    const RETR = async (dialogue: Dialogue) => {
      dialogue.say("150 coming");
      (await dialogue.data()).end();
      dialogue.say("226 done");
    };
    expect(await fetch(await serve({ RETR }), { passive })).toBe("");
    const server = await serve();
    await send(server, { passive }, "");
    expect(server.commands).toContain("STOR f");
  });
});

test("several operations share a session, and TYPE is sent only when it changes", async () => {
  const server = await serve();
  await inSession(server, {}, async (session) => {
    await (await session.list()).finish();
    await (await session.retrieve("a", { offset: 7 })).finish();
    await (await session.retrieve("b")).finish();
    await session.change("MKD", "d");
    await session.change("RMD", "d");
    await session.change("DELE", "e");
  });
  expect(server.commands.filter((line) => line !== "EPSV")).toEqual([
    "USER me",
    "PASS secret",
    "TYPE A",
    "LIST",
    "TYPE I",
    "REST 7",
    "RETR a",
    "RETR b",
    "MKD d",
    "RMD d",
    "DELE e",
    "QUIT",
  ]);
});

test("type A is announced, and changes no byte on its way", async () => {
  const server = await serve();
  await send(server, { type: "A" }, "a\nb\r\nc\r");
  expect(server.commands).toContain("TYPE A");
  expect(Buffer.concat(server.stored).toString()).toBe("a\nb\r\nc\r");
});

test("the bytes of a path go out as given", async () => {
  const server = await serve();
  await fetch(server, {}, "\xb2\xe2\xca\xd4.txt");
  expect(server.commands).toContain("RETR \xb2\xe2\xca\xd4.txt");
});

test.each(["a\rb", "a\nb", "a\0b", "a\r\nDELE b", "\u4e2d"])("%j goes into no command", async (text) => {
  const server = await serve();
  expect(await codeOf(fetch(server, { user: text }))).toBe("RangeError");
  expect(server.commands).toEqual([]);
  expect(await codeOf(fetch(server, {}, text))).toBe("RangeError");
  expect(await codeOf(inSession(server, {}, (session) => session.change("MKD", text)))).toBe("RangeError");
  expect(server.commands.filter((line) => /^(RETR|MKD|DELE)/.test(line))).toEqual([]);
});

test.each<[string, Record<string, Action>, string]>([
  ["a greeting that is none", { GREETING: "SSH-2.0-OpenSSH" }, "dialogue REPLY"],
  ["a greeting without end", { GREETING: (d) => d.say("220-".concat("x".repeat(5000))) }, "ReplyTooLarge"],
  ["a reply of too many lines", { GREETING: (d) => d.say(`220-${"x\r\n".repeat(600)}220 `) }, "ReplyTooLarge"],
  [
    "a reply of too many bytes",
    { GREETING: (d) => d.say(`220-${`${"x".repeat(4000)}\r\n`.repeat(20)}220 `) },
    "ReplyTooLarge",
  ],
  ["a busy server", { GREETING: "421 busy" }, "GREETING 421"],
  ["a refusal at once", { GREETING: "554 no" }, "GREETING 554"],
  ["USER refused", { USER: "530 no" }, "USER 530"],
  ["USER that wants an account", { USER: "332 account?" }, "USER 332"],
  ["PASS refused", { PASS: "530 no" }, "PASS 530"],
  ["PASS that wants an account", { PASS: "332 account?" }, "PASS 332"],
  ["TYPE refused", { TYPE: "504 no" }, "TYPE 504"],
  ["EPSV and PASV refused", { EPSV: "500 no", PASV: "502 no" }, "PASV 502"],
  ["EPSV and PASV put off", { EPSV: "425 not now", PASV: "425 not now" }, "PASV 425"],
  ["a 227 out of range", { EPSV: "500 no", PASV: "227 (127,0,0,1,256,1)" }, "dialogue REPLY"],
  ["data ports where nobody listens", { EPSV: "229 ok (|||1|)", PASV: "227 (127,0,0,1,0,1)" }, "connect REFUSED"],
  ["RETR refused", { RETR: "550 no" }, "RETR 550"],
  ["RETR put off", { RETR: "450 not now" }, "RETR 450"],
  ["RETR answered with 331", { RETR: "331 what?" }, "RETR 331"],
  ["RETR that fails after 150", { RETR: "150 go\r\n425 no data connection" }, "RETR 425"],
  ["RETR that is refused after 150", { RETR: "150 go\r\n551 no" }, "RETR 551"],
  ["garbage after 150", { RETR: "150 go\r\ngarbage" }, "transfer REPLY"],
  ["the end after 150", { RETR: (d) => goAhead(d, () => d.end()) }, "transfer CLOSED"],
])("%s is the right error", async (_what, actions, code) => {
  expect(await codeOf(fetch(await serve(actions)))).toBe(code);
});

test.each<[string, Record<string, Action>, string]>([
  ["EPRT and PORT refused", { EPRT: "500 no", PORT: "502 no" }, "PORT 502"],
  ["RETR refused", { RETR: "550 no" }, "RETR 550"],
  ["a server that cannot connect", { RETR: "150 go\r\n425 cannot" }, "RETR 425"],
])("in active mode, %s is the right error", async (_what, actions, code) => {
  expect(await codeOf(fetch(await serve(actions), { passive: false }))).toBe(code);
});

/** What a server says before a transfer in reply to a command, in place of the usual. */
test.each<[string, Record<string, Action>]>([
  ["greets with 200", { GREETING: "200 hi" }],
  ["greets with 230", { GREETING: "230 in already" }],
  ["asks for patience first", { GREETING: "120 soon\r\n220 hi" }],
  ["lets the user in with 200", { USER: "200 in" }],
  ["lets the user in with 232", { USER: "232 in" }],
  ["asks for the password with 300", { USER: "300 password?" }],
  ["takes the password with 200", { PASS: "200 in" }],
  ["takes the password with 202", { PASS: "202 superfluous" }],
  ["takes the password with 220", { PASS: "220 in" }],
  ["sets with 250", { TYPE: "250 set" }],
])("a server that %s is a good one", async (_what, actions) => {
  expect(await fetch(await serve(actions))).toBe("hello");
});

/** Replies with 227 or 229 in a form of its own to whoever asks for a port. */
const port = (reply: (port: number) => string, verb: "EPSV" | "PASV"): Record<string, Action> => ({
  [verb]: async (d) => d.say(reply(await d.listen())),
});

test.each<[string, Record<string, Action>]>([
  ["replies 202", { EPSV: "202 superfluous" }],
  ["replies 425", { EPSV: "425 cannot" }],
  ["replies 500", { EPSV: "500 what?" }],
  ["replies what is no FTP", { EPSV: "what?" }],
  ["replies 229 without a port", { EPSV: "229 ok" }],
  ["replies 229 with port 0", { EPSV: "229 ok (|||0|)" }],
  ["replies 229 with port 65536", { EPSV: "229 ok (|||65536|)" }],
  ["replies 229 of nothing but digits", { EPSV: `229 (${"1".repeat(4000)}` }],
  ["leaves out a delimiter", port((n) => `229 ok (||${n}|)`, "EPSV")],
  ["replies 229 with a port where nobody listens", { EPSV: "229 ok (|||1|)" }],
])("a server that %s to EPSV is asked by PASV, once", async (_what, actions) => {
  const server = await serve(actions);
  await inSession(server, {}, async (session) => {
    for (const path of ["a", "b"]) await (await session.retrieve(path)).finish();
  });
  expect(server.commands.filter((line) => line.endsWith("SV"))).toEqual(["EPSV", "PASV", "PASV"]);
});

test.each<[string, Record<string, Action>, number]>([
  ["227 to EPSV", port((n) => `227 ok (127,0,0,1,${n >> 8},${n & 255})`, "EPSV"), 0],
  ["another delimiter", port((n) => `229 ok (!!!${n}!)`, "EPSV"), 0],
  ["blanks in 227", { EPSV: "500 no", ...port((n) => `227 ok (127, 0, 0, 1, ${n >> 8} , ${n & 255})`, "PASV") }, 1],
  ["no parentheses in 227", { EPSV: "500 no", ...port((n) => `227 ok 127,0,0,1,${n >> 8},${n & 255}`, "PASV") }, 1],
  ["another 2xx to PASV", { EPSV: "500 no", ...port((n) => `200 ok (127,0,0,1,${n >> 8},${n & 255})`, "PASV") }, 1],
])("%s is read as it stands", async (_what, actions, asked) => {
  const server = await serve(actions);
  expect(await fetch(server)).toBe("hello");
  expect(server.commands.filter((line) => line === "PASV")).toHaveLength(asked);
});

test("a port that does not answer to EPSV's client gives way to PASV after its time", async () => {
  const server = await serve();
  const network = new TcpNetwork();
  let asked = 0;
  const tcp = new TcpNetwork();
  network.connect = (target, signal) => {
    if (target.service !== "ftp-data" || asked++ > 0) return tcp.connect(target, signal);
    return new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  };
  const work = fetch(server, { network });
  await clock.alarmOf(FTP_LIMITS.extendedConnect);
  await clock.advance(FTP_LIMITS.extendedConnect);
  expect(await work).toBe("hello");
});

test("an EPRT that is put off gives way to PORT", async () => {
  const server = await serve({ EPRT: "425 cannot" });
  expect(await fetch(server, { passive: false })).toBe("hello");
  expect(server.commands.some((line) => line.startsWith("PORT "))).toBe(true);
});

test.each<[string, Action]>([
  ["226 at once", (d) => sendWhole(d, "226 done")],
  ["200 and nothing more", (d) => sendWhole(d, "200 ok")],
  ["200 and 226", (d) => sendWhole(d, "200 ok", "226 done")],
  ["200, 150 and 226", (d) => sendWhole(d, "200 ok\r\n150 coming", "226 done")],
  [
    "226 and closes",
    async (d) => {
      const data = await d.data();
      d.say("226 done");
      d.end();
      setImmediate(() => data.end("hello"));
    },
  ],
])("RETR answered by %s is a transfer", async (_what, RETR) => {
  expect(await fetch(await serve({ RETR }))).toBe("hello");
});

test.each<[string, Action, string]>([
  // The data do not end: the reply alone decides.
  ["200, then 451", (d) => d.say("200 ok\r\n451 no"), "RETR 451"],
  ["200 and 150, then 551", (d) => d.say("200 ok\r\n150 coming\r\n551 no"), "RETR 551"],
  [
    "200 and 150, then the end",
    (d) => {
      d.say("200 ok\r\n150 coming");
      d.end();
    },
    "transfer CLOSED",
  ],
])("RETR answered by %s fails", async (_what, RETR, code) => {
  expect(await codeOf(fetch(await serve({ RETR })))).toBe(code);
});

test.each<[string, readonly string[]]>([
  ["226 at once", ["226 done"]],
  ["200 and 226", ["200 ok", "226 done"]],
  ["200, 150 and 226", ["200 ok\r\n150 send", "226 done"]],
])("STOR answered by %s is a transfer", async (_what, [first = "", last]) => {
  let stored = "";
  const STOR = async (d: Dialogue) => {
    d.say(first);
    for await (const chunk of await d.data()) stored += chunk;
    if (last !== undefined) d.say(last);
  };
  await send(await serve({ STOR }), {}, "content");
  expect(stored).toBe("content");
});

test("a server that neither replies nor closes after its 200 to STOR costs a few seconds", async () => {
  const STOR = async (d: Dialogue) => {
    d.say("200 ok");
    (await d.data()).resume();
  };
  const work = send(await serve({ STOR }));
  await clock.alarmOf(FTP_LIMITS.parting);
  await clock.advance(FTP_LIMITS.parting);
  await work;
});

test.each([450, 550])("%d to LIST is an empty listing, and to RETR it is a refusal", async (reply) => {
  const server = await serve({ LIST: `${reply} nothing`, RETR: `${reply} nothing` });
  await inSession(server, {}, async (session) => {
    const listing = await session.list("d");
    expect(await listing.read()).toBeUndefined();
    await listing.finish();
    expect(await codeOf(session.retrieve("d"))).toBe(`RETR ${reply}`);
  });
});

test("the caller says which replies to LIST mean an empty listing", async () => {
  const server = await serve({ LIST: "550 no such directory" });
  await inSession(server, {}, async (session) => expect(await codeOf(session.list("d", [450]))).toBe("LIST 550"));
});

describe("what had arrived before a failure is read first, however late", () => {
  const SIZE = 200_000;
  test.each<[string, (d: Dialogue) => void, string]>([
    ["a refusal", (d) => d.say("451 disk error"), "RETR 451"],
    ["the end of the control connection", (d) => d.end(), "transfer CLOSED"],
    ["noise", (d) => d.say("noise"), "transfer REPLY"],
  ])("%s", async (_what, fail, expected) => {
    let failed: () => void = () => undefined;
    const failing = new Promise<void>((resolve) => {
      failed = resolve;
    });
    const RETR = async (d: Dialogue) => {
      d.say("150 go");
      (await d.data()).write(Buffer.alloc(SIZE, "x"), () => {
        fail(d);
        failed();
      });
    };
    const session = await open(await serve({ RETR }));
    const file = await session.retrieve("f");
    await failing;
    // The failure is here long before the first byte is read.
    for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate);
    let received = 0;
    let code = "";
    while (code === "") {
      const chunk = await file.read().catch(async (error) => {
        code = await codeOf(Promise.reject(error));
        return undefined;
      });
      received += chunk?.length ?? 0;
      for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate);
    }
    expect([received, code]).toEqual([SIZE, expected]);
    session.close();
  });
});

describe("the end of an upload", () => {
  /** Takes an upload, and lets the test decide when the server reads it to its end, and when it replies. */
  async function uploading() {
    const size = 2 * 1024 * 1024;
    let read: () => void = () => undefined;
    let reply: () => void = () => undefined;
    let begun: () => void = () => undefined;
    const beginning = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const STOR = async (d: Dialogue) => {
      d.say("150 send");
      const data = await d.data();
      read = () => data.resume().on("end", () => data.end());
      reply = () => d.say("226 got it");
      begun();
    };
    const session = await open(await serve({ STOR }));
    const file = await session.store("f");
    await beginning;
    await file.write(Buffer.alloc(size));
    const draining = clock.alarmOf((size / FTP_LIMITS.slowestDrain) * 1000);
    const outcome = file.finish().then(
      () => "stored",
      (error) => codeOf(Promise.reject(error)),
    );
    await draining;
    return { session, outcome, read: () => read(), reply: () => reply() };
  }

  test("has one time for what is in flight, and another for the reply", async () => {
    const { session, outcome, read, reply } = await uploading();
    await clock.advance(127_000);
    const replying = clock.alarmOf(FTP_LIMITS.reply);
    read();
    await replying;
    await clock.advance(FTP_LIMITS.reply - 1000);
    reply();
    expect(await outcome).toBe("stored");
    session.close();
  });

  test("is a time-out when the server does not read", async () => {
    const { session, outcome } = await uploading();
    await clock.advance(128_000);
    expect(await outcome).toBe("data TIMEOUT");
    session.close();
  });

  test("is a time-out when the server has read and does not reply", async () => {
    const { session, outcome, read } = await uploading();
    const replying = clock.alarmOf(FTP_LIMITS.reply);
    read();
    await replying;
    await clock.advance(FTP_LIMITS.reply);
    expect(await outcome).toBe("transfer TIMEOUT");
    session.close();
  });

  test("is good when the server replies without closing its side", async () => {
    const { session, outcome, reply } = await uploading();
    reply();
    expect(await outcome).toBe("stored");
    session.close();
  });
});

test("a control connection that is reset is told as such, though the data connection breaks first", async () => {
  const tcp = new TcpNetwork();
  const network = new TcpNetwork();
  let reset: () => void = () => undefined;
  network.connect = async (target, signal) => {
    const connection = await tcp.connect(target, signal);
    if (target.service === "ftp") reset = () => connection.close(new ServiceError("RESET", "broken on purpose"));
    return connection;
  };
  const RETR = async (d: Dialogue) => {
    d.say("150 go");
    (await d.data()).resetAndDestroy();
  };
  const session = await open(await serve({ RETR }), { network });
  const file = await session.retrieve("f");
  const parting = clock.alarmOf(FTP_LIMITS.parting);
  const code = codeOf(file.finish());
  // A kernel may report the reset of the data as their end: then it is the final reply that is waited for.
  await Promise.race([parting, clock.alarmOf(FTP_LIMITS.reply)]);
  reset();
  expect(await code).toBe("transfer RESET");
  session.close();
});

test("a server that dribbles is a time-out after its second minute", async () => {
  let begun: (data: Socket) => void = () => undefined;
  const beginning = new Promise<Socket>((resolve) => {
    begun = resolve;
  });
  const session = await open(await serve({ RETR: (d) => goAhead(d, (data) => begun(data)) }));
  const file = await session.retrieve("f");
  const data = await beginning;
  const start = clock.now();
  let code = "";
  while (code === "") {
    const chunk = file.read().catch(async (error) => {
      code = await codeOf(Promise.reject(error));
    });
    await new Promise(setImmediate);
    await clock.advance(5000);
    data.write("x".repeat(50));
    await chunk;
  }
  expect([code, clock.now() - start]).toEqual(["data TIMEOUT", 120_000]);
  session.close();
});

test.each<[string, Action, string]>([
  ["refused", "553 no", "STOR 553"],
  ["put off", "452 full", "STOR 452"],
  ["accepted, then refused", (d) => goAhead(d, (data) => data.resume() && d.say("552 full")), "STOR 552"],
  [
    "broken, with a reason",
    async (d) => {
      d.say("150 go");
      (await d.data()).resetAndDestroy();
      setImmediate(() => d.say("552 full"));
    },
    "STOR 552",
  ],
  ["called complete too early", (d) => goAhead(d, () => d.say("226 done")), "data CLOSED"],
])("STOR %s is the right error", async (_what, STOR, code) => {
  const server = await serve({ STOR });
  const work = inSession(server, {}, async (session) => {
    const file = await session.store("f");
    // Goes on until the server's word stops it.
    for (;;) await file.write(Buffer.alloc(100_000));
  });
  expect(await codeOf(work)).toBe(code);
});

test("a server that resets the data connection and says nothing is given a few seconds for its reason", async () => {
  const server = await serve({
    RETR: async (d) => {
      d.say("150 go");
      (await d.data()).resetAndDestroy();
    },
  });
  const session = await open(server);
  const file = await session.retrieve("f");
  const parting = clock.alarmOf(5_000);
  const code = codeOf(file.read());
  await parting;
  await clock.advance(5_000);
  expect(await code).toBe("data RESET");
  session.close();
});

test.each(["UNRESOLVED", "REFUSED", "UNREACHABLE", "RESET", "TIMEOUT"])(
  "%s at the connection is told as such",
  async (cause) => {
    const network = new TcpNetwork();
    network.connect = () => Promise.reject(new ServiceError(cause as "RESET", "no"));
    expect(await codeOf(open({ host: "server", port: 21 }, { network }))).toBe(`connect ${cause}`);
  },
);

test("a refused port is told apart from a name without address", async () => {
  const server = await fakeServer();
  await server.close();
  await nothingOpen();
  expect(await codeOf(open(server))).toBe("connect REFUSED");
  expect(await codeOf(open({ host: "no.such.host.invalid", port: 21 }))).toBe("connect UNRESOLVED");
});

test("an unanswered connection is a time-out, after the scaled time", async () => {
  const network = new TcpNetwork();
  network.connect = (_target, signal) =>
    new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  const code = codeOf(open({ host: "server", port: 21 }, { network, timeoutScale: 2 }));
  let settled = false;
  void code.then(() => {
    settled = true;
  });
  await clock.advance(239_999);
  expect(settled).toBe(false);
  await clock.advance(1);
  expect(await code).toBe("connect TIMEOUT");
});

test.each(["USER", "PASS", "TYPE", "EPSV", "RETR"])("silence at %s is TIMEOUT", async (verb) => {
  const server = await serve({ [verb]: () => undefined });
  const code = codeOf(fetch(server));
  await server.received(verb);
  await clock.advance(60_000);
  expect(await code).toBe("dialogue TIMEOUT");
});

test("a reply that dribbles for ever is TIMEOUT", async () => {
  const server = await serve({ USER: (d) => d.say("331-") });
  const code = codeOf(open(server));
  await server.received("USER");
  await clock.advance(60_000);
  expect(await code).toBe("dialogue TIMEOUT");
});

test("data that stop coming are TIMEOUT, and the time runs only while the server is awaited", async () => {
  const server = await serve({ RETR: (d) => goAhead(d, (data) => data.write("hel")) });
  const session = await open(server);
  const file = await session.retrieve("f");
  expect(String(await file.read())).toBe("hel");
  await clock.advance(1_000_000);
  const code = codeOf(file.read());
  await clock.advance(59_999);
  await clock.advance(1);
  expect(await code).toBe("data TIMEOUT");
  session.close();
});

test("a final reply that does not come is TIMEOUT", async () => {
  const server = await serve({ RETR: (d) => goAhead(d, (data) => data.end("hello")) });
  const session = await open(server);
  const file = await session.retrieve("f");
  while ((await file.read()) !== undefined);
  const code = codeOf(file.finish());
  await clock.advance(60_000);
  expect(await code).toBe("transfer TIMEOUT");
  session.close();
});

test("a server that does not take what is stored is TIMEOUT", async () => {
  const server = await serve({ STOR: (d) => goAhead(d, (data) => data.pause()) });
  const session = await open(server);
  const file = await session.store("f");
  let written = 0;
  const code = codeOf(
    (async () => {
      for (;;) {
        await file.write(Buffer.alloc(1 << 20));
        written++;
      }
    })(),
  );
  // The buffers of both ends are full when nothing moves any more.
  for (let before = -1, still = 0; still < 200; still = written === before ? still + 1 : 0) {
    before = written;
    await new Promise(setImmediate);
  }
  await clock.advance(120_000);
  expect(await code).toBe("data TIMEOUT");
  session.close();
});

test("in active mode a server that never connects is a time-out", async () => {
  const server = await serve({ RETR: "150 go" });
  const session = await open(server, { passive: false });
  const waiting = clock.alarmOf(120_000);
  const code = codeOf(session.retrieve("f"));
  await waiting;
  await clock.advance(120_000);
  expect(await code).toBe("connect TIMEOUT");
  session.close();
});

test("an abort while the server is waited for closes the listening port too", async () => {
  const controller = new AbortController();
  const reason = new Error("enough");
  const session = await open(await serve({ RETR: "150 go" }), { passive: false, signal: controller.signal });
  const waiting = clock.alarmOf(120_000);
  const work = session.retrieve("f");
  await waiting;
  controller.abort(reason);
  await expect(work).rejects.toBe(reason);
  session.close();
});

test("in active mode a stranger is sent away and the server is still waited for", async () => {
  class Strangers extends TcpNetwork {
    override async listen(local: { host: string; port: number }, signal: AbortSignal) {
      const listener = await super.listen(local, signal);
      let first = true;
      return {
        local: listener.local,
        close: () => listener.close(),
        accept: async (acceptSignal: AbortSignal) => {
          const connection = await listener.accept(acceptSignal);
          if (!first) return connection;
          first = false;
          return Object.create(connection, {
            remote: { value: { host: "192.0.2.1", port: 20 } },
            close: { value: () => connection.close() },
          });
        },
      };
    }
  }
  let strangerEnded: Promise<unknown> = Promise.resolve();
  const RETR = async (d: Dialogue) => {
    const stranger = await d.data();
    strangerEnded = new Promise((resolve) =>
      stranger
        .resume()
        .on("close", resolve)
        .on("end", () => stranger.end()),
    );
    stranger.write("forged");
    d.say("150 go");
    await strangerEnded;
    (await d.data()).end("genuine");
    d.say("226 done");
  };
  expect(await fetch(await serve({ RETR }), { passive: false, network: new Strangers() })).toBe("genuine");
});

test.each<[string, Action]>([
  ["refused", "500 stay"],
  ["cut", (d) => d.reset()],
  ["ended", (d) => d.end()],
])("a QUIT that is %s is no error", async (_what, QUIT) => {
  expect(await fetch(await serve({ QUIT }))).toBe("hello");
});

test("a QUIT without answer costs a few seconds", async () => {
  const server = await serve({ QUIT: () => undefined });
  const work = fetch(server);
  await server.received("QUIT");
  await clock.advance(5_000);
  expect(await work).toBe("hello");
});

test("a session goes on after a refusal", async () => {
  let first = true;
  const DELE = (d: Dialogue) => {
    d.say(first ? "550 no" : "250 gone");
    first = false;
  };
  await inSession(await serve({ DELE }), {}, async (session) => {
    expect(await codeOf(session.change("DELE", "f"))).toBe("DELE 550");
    await session.change("DELE", "f");
  });
});

test("an aborted transfer drops the session", async () => {
  const session = await open(await serve());
  const file = await session.store("f");
  file.abort();
  expect(await codeOf(file.write(Buffer.from("x")))).toBe("data CLOSED");
  await session.quit();
});

const states = ["GREETING", "USER", "PASS", "TYPE", "EPSV", "EPRT", "RETR", "STOR"] as const;
const cuts = states.flatMap((state) => [
  { state, how: "ends", cut: (d: Dialogue) => d.end() },
  { state, how: "resets", cut: (d: Dialogue) => d.reset() },
]);

describe.each(modes)("in $mode mode", ({ passive }) => {
  const transferOf = (state: string) => (state === "STOR" ? send : fetch);
  const skipped = passive ? "EPRT" : "EPSV";

  test.each(cuts.filter(({ state }) => state !== skipped))(
    "a server that $how at $state is an error",
    async ({ state, cut }) => {
      const server = await serve({ [state]: cut });
      expect(await codeOf(transferOf(state)(server, { passive }))).toMatch(/^(connect|dialogue) (RESET|CLOSED)$/);
    },
  );

  test.each(cuts.filter(({ state }) => state === "RETR" || state === "STOR"))(
    "a server that $how amid $state is an error",
    async ({ state, cut }) => {
      const server = await serve({
        [state]: async (d: Dialogue) => {
          d.say("150 go");
          (await d.data()).write("hel", () => cut(d));
        },
      });
      expect(await codeOf(transferOf(state)(server, { passive }))).toMatch(/^transfer (RESET|CLOSED)$/);
    },
  );

  test.each([...states, "QUIT"].filter((state) => state !== skipped))(
    "an abort at %s ends it with the caller's reason",
    async (state) => {
      const controller = new AbortController();
      const reason = new Error("enough");
      const server = await serve({ [state]: () => controller.abort(reason) });
      const work = transferOf(state)(server, { passive, signal: controller.signal });
      // A transfer that only waits for its goodbye has succeeded.
      if (state === "QUIT") await work;
      else await expect(work).rejects.toBe(reason);
    },
  );

  test("an abort amid the data ends it with the caller's reason", async () => {
    const controller = new AbortController();
    const reason = new Error("enough");
    const RETR = (d: Dialogue) => goAhead(d, (data) => data.write("hel"));
    const session = await open(await serve({ RETR }), { passive, signal: controller.signal });
    const file = await session.retrieve("f");
    await file.read();
    const next = file.read();
    controller.abort(reason);
    await expect(next).rejects.toBe(reason);
    session.close();
  });
});
