import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { VirtualClock } from "../../../src/platform/time/virtual-clock.ts";
import type { FtpMemoryRoot } from "../../../src/sandbox/ftp/memory-root.ts";
import { FtpServer, type FtpServerOptions } from "../../../src/sandbox/ftp/server.ts";
import { serverParts } from "../../support/server-parts.ts";
import { everything, FtpDialogue } from "./dialogue.ts";

let clock: VirtualClock;
let root: FtpMemoryRoot;
let server: FtpServer;
const users: FtpDialogue[] = [];

async function start(options: Partial<FtpServerOptions> = {}, host = "127.0.0.1"): Promise<void> {
  await server?.close();
  const files = [["/pub/a.txt", Buffer.from("hello world")]] as const;
  const settings = { files, capacity: 100_000, users: { me: "secret" }, local: { host, port: 0 }, ...options };
  server = await FtpServer.start(serverParts({ clock }), settings, new AbortController().signal);
  root = server.root;
}

async function connect(): Promise<FtpDialogue> {
  const user = await FtpDialogue.open(server.endpoint.port, server.endpoint.host);
  users.push(user);
  return user;
}

async function logIn(): Promise<FtpDialogue> {
  const user = await FtpDialogue.loggedIn(server.endpoint.port, server.endpoint.host);
  users.push(user);
  return user;
}

beforeEach(async () => {
  clock = new VirtualClock(Date.UTC(2010, 1, 5, 12, 34, 56));
  await start();
});

afterEach(async () => {
  for (const user of users.splice(0)) user.close();
  await server.close();
  expect(clock.pendingAlarms).toBe(0);
});

test.each([
  [["USER me", "PASS secret"], "230"],
  [["USER me", "PASS wrong"], "530"],
  [["USER nobody", "PASS secret"], "530"],
  [["USER anonymous", "PASS a@b"], "230"],
  [["USER __proto__", "PASS x"], "530"],
  [["PASS secret"], "503"],
  [["PWD"], "530"],
  [["RETR x"], "530"],
  [["NOOP"], "200"],
  [["SYST"], "215"],
  [["FEAT"], "211"],
  [["HELP"], "214"],
  [["XYZZY"], "502"],
  [["toString"], "502"],
])("before the log-in, %j ends with %s", async (commands, code) => {
  const user = await connect();
  expect(await user.reply()).toMatch(/^220 /);
  let last = "";
  for (const command of commands) last = await user.ask(command);
  expect(last.slice(0, 3)).toBe(code);
});

test("without anonymous users nobody comes in by that name", async () => {
  await start({ guests: "none" });
  const user = await logIn();
  expect(await user.ask("PWD")).toMatch(/^530/);
});

test("with the door open anyone comes in, but nobody under the name of a user with a password", async () => {
  await start({ guests: "anyone" });
  const user = await connect();
  await user.reply();
  await user.ask("USER you");
  expect(await user.ask("PASS x")).toMatch(/^230/);
  await user.ask("USER me");
  expect(await user.ask("PASS x")).toMatch(/^530/);
});

test.each<[string[], string | RegExp]>([
  [["PWD"], '257 "/" is the current directory.'],
  [["CWD pub", "PWD"], '257 "/pub" is the current directory.'],
  [["CWD pub/../../..//./pub/", "PWD"], '257 "/pub" is the current directory.'],
  [["CWD pub", "CDUP", "CDUP", "PWD"], '257 "/" is the current directory.'],
  [["CWD pub/a.txt"], /^550/],
  [["CWD nowhere"], /^550/],
  [['MKD a"b'], '257 "/a""b" created.'],
  [["MKD pub"], /^550/],
  [["MKD no/where"], /^550/],
  [["MKD d", "RMD d", "RMD d"], /^550/],
  [["RMD pub"], /^550 Directory not empty/],
  [["RMD /"], /^550/],
  [["DELE pub"], /^550/],
  [["DELE pub/a.txt", "SIZE pub/a.txt"], /^550/],
  [["SIZE pub/a.txt"], "213 11"],
  [["SIZE pub"], /^550/],
  [["MDTM pub/a.txt"], "213 20100205123456"],
  [["MLST pub/a.txt"], "250-Facts:\n type=file;size=11;modify=20100205123456; /pub/a.txt\n250 End"],
  [["RNFR pub/a.txt", "RNTO b", "SIZE b"], "213 11"],
  [["RNFR pub", "RNTO pub/sub"], /^550/],
  [["RNFR pub/a.txt", "RNTO pub"], /^550/],
  [["RNFR nothing"], /^550/],
  [["RNTO b"], /^503/],
  [["TYPE I"], /^200/],
  [["type a n"], /^200/],
  [["TYPE L 8"], /^200/],
  [["TYPE E"], /^504/],
  [["MODE S"], /^200/],
  [["MODE B"], /^504/],
  [["STRU F"], /^200/],
  [["STRU R"], /^504/],
  [["ALLO 5"], /^202/],
  [["ABOR"], /^226/],
  [["STAT"], /^211 /],
  [["STAT pub"], /^213-[\s\S]*a\.txt\n213 End$/],
  [["OPTS UTF8 ON"], /^200/],
  [["OPTS what"], /^501/],
  [["REST 5"], /^350/],
  [["REST -5"], /^501/],
  [["RETR pub/a.txt"], /^425/],
  [["STOR x"], /^425/],
  [["LIST"], /^425/],
  [["PORT 127,0,0,1,4,0"], /^200/],
  [["PORT 127,0,0,2,4,0"], /^504/],
  [["PORT 127,0,0,1,0,25"], /^504/],
  [["PORT 127,0,0,1,4"], /^501/],
  [["PORT 127,0,0,1,4,256"], /^501/],
  [["PORT 127,0,0,1,,1"], /^501/],
  [["EPRT |1|127.0.0.1|1024|"], /^200/],
  [["EPRT !1!127.0.0.1!1024!"], /^200/],
  [["EPRT |1|192.0.2.1|1024|"], /^504/],
  [["EPRT |1|127.0.0.1|1023|"], /^504/],
  [["EPRT |2|::1|1024|"], "522 Network protocol not supported, use (1)"],
  [["EPRT |1|127.0.0.1|"], /^501/],
  [["EPRT"], /^501/],
  [["EPSV"], /^229 .*\(\|\|\|\d+\|\)/],
  [["EPSV 1"], /^229/],
  [["EPSV 2"], /^522/],
  [["EPSV ALL", "PASV"], /^503/],
  [["EPSV ALL", "PORT 127,0,0,1,4,0"], /^503/],
  [["EPSV ALL", "EPRT |1|127.0.0.1|1024|"], /^503/],
  [["EPSV ALL", "EPSV"], /^229/],
  [["MKD a\0b"], /^501/],
  [["MKD a\rb"], /^501/],
  [["MKD \xff\xff", "PWD", "SIZE \xff"], /^550 Not a plain file/],
  [["\xff\xf4\xff\xf2ABOR"], /^226/],
  [["QUIT"], /^221/],
])("%j ends with %s", async (commands, expected) => {
  const user = await logIn();
  let last = "";
  for (const command of commands) last = await user.ask(command);
  if (typeof expected === "string") expect(last).toBe(expected);
  else expect(last).toMatch(expected);
});

test.each<[string, string]>([
  ["RETR pub/a.txt", "hello world"],
  ["NLST pub", "a.txt\r\n"],
  ["NLST", "pub\r\n"],
  ["LIST", "drwxr-xr-x   2 ftp      ftp                 0 Feb  5 12:34 pub\r\n"],
  ["LIST -la pub", "-rw-r--r--   1 ftp      ftp                11 Feb  5 12:34 a.txt\r\n"],
  ["LIST pub/a.txt", "-rw-r--r--   1 ftp      ftp                11 Feb  5 12:34 a.txt\r\n"],
  ["MLSD pub", "type=file;size=11;modify=20100205123456; a.txt\r\n"],
])("%s gives its data", async (command, data) => {
  expect(await (await logIn()).fetch(command)).toBe(data);
});

test("an old file shows its year", async () => {
  await clock.advance(200 * 86_400_000);
  expect(await (await logIn()).fetch("LIST")).toContain(" Feb  5  2010 pub");
});

test("REST concerns the next transfer only", async () => {
  const user = await logIn();
  await user.ask("REST 6");
  expect(await user.fetch("RETR pub/a.txt")).toBe("world");
  expect(await user.fetch("RETR pub/a.txt")).toBe("hello world");
  await user.ask("REST 12");
  const data = await user.passive();
  expect(await user.ask("RETR pub/a.txt")).toMatch(/^550/);
  data.destroy();
});

test("STOR replaces, STOR after REST continues, APPE adds", async () => {
  const user = await logIn();
  expect(await user.store("STOR b", "0123456789")).toMatch(/^226/);
  expect(await user.store("STOR b", "abcdef")).toMatch(/^226/);
  await user.ask("REST 4");
  expect(await user.store("STOR b", "XYZ")).toMatch(/^226/);
  expect(await user.store("APPE b", "!")).toMatch(/^226/);
  expect(String(root.readFile("b"))).toBe("abcdXYZ!");
  await user.ask("REST 100");
  expect(await user.store("STOR b", "")).toMatch(/^550/);
});

test("all bytes of names and contents are kept", async () => {
  const user = await logIn();
  const bytes = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte)).join("");
  expect(await user.store("STOR \xb2\xe2.txt", bytes)).toMatch(/^226/);
  expect(root.readFile("/\xb2\xe2.txt")?.toString("latin1")).toBe(bytes);
  expect(await user.fetch("RETR \xb2\xe2.txt")).toBe(bytes);
});

test("what does not fit is refused, and the room comes back when the file goes", async () => {
  const user = await logIn();
  expect(await user.store("STOR big", "x".repeat(100_000))).toMatch(/^552/);
  expect(await user.ask("DELE big")).toMatch(/^250/);
  expect(await user.store("STOR big", "x".repeat(99_000))).toMatch(/^226/);
});

test.each(["127.0.0.1", "::1"])("active mode works on %s", async (host) => {
  await start({}, host);
  const user = await logIn();
  const { port, taken } = await FtpDialogue.listening(host);
  expect(await user.ask(`EPRT |${host === "::1" ? 2 : 1}|${host}|${port}|`)).toMatch(/^200/);
  user.say("RETR pub/a.txt");
  expect(await everything(await taken)).toBe("hello world");
});

test("on IPv6 PASV is refused and EPSV works", async () => {
  await start({}, "::1");
  const user = await logIn();
  expect(await user.ask("PASV")).toMatch(/^425/);
  expect(await user.fetch("RETR pub/a.txt")).toBe("hello world");
});

test("a client that does not come for its data is told 425", async () => {
  const user = await logIn();
  await user.ask("EPSV");
  user.say("RETR pub/a.txt");
  expect(await user.reply()).toMatch(/^150/);
  await clock.advance(60_000);
  expect(await user.reply()).toMatch(/^425/);
});

test("commands may come in one piece", async () => {
  const user = await logIn();
  user.say("NOOP\r\nPWD\r\nSYST");
  expect([await user.reply(), await user.reply(), await user.reply()].map((reply) => reply.slice(0, 3))).toEqual([
    "200",
    "257",
    "215",
  ]);
});

test("amid a transfer STAT and ABOR are obeyed, and other commands wait", async () => {
  const user = await logIn();
  const data = await user.passive();
  user.say("STOR part");
  expect(await user.reply()).toMatch(/^150/);
  expect(await user.ask("STAT")).toMatch(/^211/);
  data.resume().write("abc");
  while (String(root.readFile("part")) !== "abc") await new Promise(setImmediate);
  user.say("\xff\xf4\xff\xf2ABOR");
  expect(await user.reply()).toMatch(/^426/);
  expect(await user.reply()).toMatch(/^226/);
  // What came stays, so that the upload can go on.
  expect(await user.ask("SIZE part")).toBe("213 3");

  const next = await user.passive();
  user.say("STOR other");
  expect(await user.reply()).toMatch(/^150/);
  user.say("NOOP");
  next.resume().end("xyz");
  expect(await user.reply()).toMatch(/^226/);
  expect(await user.reply()).toMatch(/^200/);
});

test("a client that vanishes amid a transfer leaves nothing behind", async () => {
  const user = await logIn();
  const data = await user.passive();
  user.say("STOR part");
  await user.reply();
  user.close();
  await everything(data).catch(() => undefined);
  while (server.sessions[0]?.open !== false) await new Promise(setImmediate);
});

test("a line without end, and a client without words, are sent away", async () => {
  const user = await logIn();
  user.socket.write("x".repeat(5000));
  expect(await user.reply()).toMatch(/^500/);
  expect(await user.reply()).toBe("<end>");
  const silent = await logIn();
  await clock.advance(300_000);
  expect(await silent.reply()).toMatch(/^421/);
  expect(await silent.reply()).toBe("<end>");
});

test("sessions past the limit are told 421, and a place becomes free again", async () => {
  await start({ connections: 1 });
  const first = await logIn();
  const second = await connect();
  expect(await second.reply()).toMatch(/^421/);
  expect(await second.reply()).toBe("<end>");
  await first.ask("QUIT");
  first.close();
  while (server.sessions[0]?.open) await new Promise(setImmediate);
  const third = await connect();
  expect(await third.reply()).toMatch(/^220/);
});

test("what a client said is recorded, without its password", async () => {
  const user = await logIn();
  await user.ask("NOOP");
  expect(server.sessions).toEqual([
    expect.objectContaining({ client: "127.0.0.1", open: true, commands: ["USER anonymous", "PASS ****", "NOOP"] }),
  ]);
});

test("no bytes harm the server", async () => {
  const verbs = fc.constantFrom(
    "USER",
    "PASS",
    "CWD",
    "MKD",
    "RNFR",
    "RNTO",
    "EPRT",
    "PORT",
    "REST",
    "RETR",
    "EPSV",
    "ABOR",
    "LIST",
  );
  const soup = fc.array(
    fc.oneof(
      fc.uint8Array({ maxLength: 30 }).map((bytes) => Buffer.from(bytes)),
      fc.tuple(verbs, fc.string({ maxLength: 20 })).map(([verb, argument]) => Buffer.from(`${verb} ${argument}\r\n`)),
    ),
    { maxLength: 20 },
  );
  await fc.assert(
    fc.asyncProperty(soup, async (pieces) => {
      const user = await logIn();
      for (const piece of pieces) user.socket.write(piece);
      user.socket.end("\r\nQUIT\r\n");
      while ((await user.reply()) !== "<end>");
      expect(await (await logIn()).fetch("RETR pub/a.txt")).toBe("hello world");
      for (const each of users.splice(0)) each.close();
    }),
    { numRuns: 50 },
  );
});
