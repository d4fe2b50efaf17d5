import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { VirtualClock } from "../../../src/platform/time/virtual-clock.ts";
import { testCertificate } from "../../../src/sandbox/certificate.ts";
import { FtpServer } from "../../../src/sandbox/ftp/server.ts";
import { SANDBOX_LIMITS } from "../../../src/sandbox/limits.ts";
import { serverParts } from "../../support/server-parts.ts";
import { everything, FtpDialogue, secured } from "./dialogue.ts";

let clock: VirtualClock;
let server: FtpServer;
const users: FtpDialogue[] = [];

async function start(certificate: Awaited<ReturnType<typeof testCertificate>> | undefined): Promise<void> {
  const files = [["/a.txt", Buffer.from("hello world")]] as const;
  server = await FtpServer.start(serverParts({ clock, certificate }), { files }, new AbortController().signal);
}

beforeEach(async () => {
  clock = new VirtualClock();
  await start(await testCertificate());
});

afterEach(async () => {
  for (const user of users.splice(0)) user.close();
  await server.close();
  expect(clock.pendingAlarms).toBe(0);
});

async function connect(port = server.endpoint.port): Promise<FtpDialogue> {
  const user = await FtpDialogue.open(port);
  users.push(user);
  return user;
}

/** Begins TLS in the given way, and logs in. */
async function logIn(way: "AUTH TLS" | "AUTH SSL" | "implicit"): Promise<FtpDialogue> {
  const user = await connect(way === "implicit" ? server.secureEndpoint.port : server.endpoint.port);
  if (way === "implicit") await user.secure();
  expect(await user.reply()).toMatch(/^220 /);
  if (way !== "implicit") {
    expect(await user.ask(way)).toMatch(/^234 /);
    await user.secure();
  }
  await user.ask("USER anonymous");
  expect(await user.ask("PASS me@")).toMatch(/^230 /);
  return user;
}

/** What comes of RETR, over TLS or not. */
async function fetch(user: FtpDialogue, isPrivate: boolean): Promise<string> {
  const plain = await user.passive();
  user.say("RETR a.txt");
  const content = await everything(isPrivate ? await secured(plain) : plain);
  expect([await user.reply(), await user.reply()].map((reply) => reply.slice(0, 3))).toEqual(["150", "226"]);
  return content;
}

describe.each(["AUTH TLS", "AUTH SSL", "implicit"] as const)("after %s", (way) => {
  test.each([
    ["P", true],
    ["C", false],
  ] as const)("data connections are as PROT %s says", async (level, isPrivate) => {
    const user = await logIn(way);
    expect(await user.ask("PBSZ 0")).toBe("200 PBSZ=0");
    expect(await user.ask(`PROT ${level}`)).toMatch(/^200 /);
    expect(await fetch(user, isPrivate)).toBe("hello world");
  });

  test("without PROT they are as the way has it", async () => {
    expect(await fetch(await logIn(way), way !== "AUTH TLS")).toBe("hello world");
  });

  test("an active data connection is secure too", async () => {
    const user = await logIn(way);
    await user.ask("PBSZ 0");
    await user.ask("PROT P");
    const { port, taken } = await FtpDialogue.listening();
    expect(await user.ask(`EPRT |1|127.0.0.1|${port}|`)).toMatch(/^200 /);
    user.say("RETR a.txt");
    expect(await everything(await secured(await taken))).toBe("hello world");
    expect([await user.reply(), await user.reply()].map((reply) => reply.slice(0, 3))).toEqual(["150", "226"]);
  });
});

test("what is stored over TLS is whole", async () => {
  const user = await logIn("implicit");
  const content = "x".repeat(300_000);
  const plain = await user.passive();
  expect(await user.ask("STOR b.txt")).toMatch(/^150 /);
  const data = await secured(plain);
  data.end(content);
  data.resume();
  expect(await user.reply()).toMatch(/^226 /);
  expect(server.root.readFile("/b.txt")?.toString()).toBe(content);
});

test("a log-in before AUTH does not count after it", async () => {
  const user = await connect();
  await user.reply();
  await user.ask("USER anonymous");
  await user.ask("PASS me@");
  await user.ask("AUTH TLS");
  await user.secure();
  expect(await user.ask("PWD")).toMatch(/^530 /);
});

test.each([
  [["PBSZ 0"], "503"],
  [["PROT P"], "503"],
  [["AUTH KERBEROS_V4"], "504"],
  [["AUTH toString"], "504"],
  [["auth tls"], "234"],
  [["AUTH TLS-C"], "234"],
])("in the clear, %j is answered %s", async (commands, code) => {
  const user = await connect();
  await user.reply();
  let last = "";
  for (const command of commands) last = await user.ask(command);
  expect(last.slice(0, 3)).toBe(code);
});

test.each([
  [["PROT P"], "503"],
  [["PBSZ many"], "501"],
  [["PBSZ 16384"], "200"],
  [["PBSZ 0", "PROT S"], "536"],
  [["PBSZ 0", "PROT E"], "536"],
  [["PBSZ 0", "PROT X"], "504"],
  [["PBSZ 0", "PROT p"], "200"],
  [["AUTH TLS"], "503"],
])("in a secure session, %j is answered %s", async (commands, code) => {
  const user = await logIn("AUTH TLS");
  let last = "";
  for (const command of commands) last = await user.ask(command);
  expect(last.slice(0, 3)).toBe(code);
});

test("FEAT names TLS where there is a certificate, and without one there is none", async () => {
  const user = await connect();
  await user.reply();
  expect(await user.ask("FEAT")).toContain("\n AUTH TLS\n PBSZ\n PROT\n");
  await server.close();
  await start(undefined);
  const other = await connect();
  await other.reply();
  expect(await other.ask("FEAT")).not.toContain("AUTH");
  expect(await other.ask("AUTH TLS")).toMatch(/^502 /);
  expect(server.secureEndpoint).toEqual(server.endpoint);
});

test("a client that speaks no TLS, or none yet, is let go", async () => {
  const plain = await connect(server.secureEndpoint.port);
  plain.say("USER anonymous");
  expect(await plain.reply()).toBe("<end>");
  const silent = await connect(server.secureEndpoint.port);
  const garbage = await connect();
  await garbage.reply();
  await garbage.ask("AUTH TLS");
  garbage.say("USER anonymous");
  expect(await garbage.reply()).toBe("<end>");
  await clock.advance(SANDBOX_LIMITS.firstByte);
  expect(await silent.reply()).toBe("<end>");
});

test("a data connection without TLS where it has to be secure is a failure of the transfer only", async () => {
  const user = await logIn("implicit");
  const data = await user.passive();
  user.say("STOR b.txt");
  expect(await user.reply()).toMatch(/^150 /);
  data.on("error", () => undefined).end("in the clear");
  expect(await user.reply()).toMatch(/^425 /);
  expect(await user.ask("SIZE a.txt")).toBe("213 11");
});
