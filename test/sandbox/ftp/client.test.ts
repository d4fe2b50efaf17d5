import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { TcpNetwork } from "../../../src/platform/network/tcp-network.ts";
import { VirtualClock } from "../../../src/platform/time/virtual-clock.ts";
import { type FtpSession, openSession } from "../../../src/protocols/ftp/session.ts";
import type { FtpFault } from "../../../src/sandbox/ftp/faults.ts";
import type { FtpMemoryRoot } from "../../../src/sandbox/ftp/memory-root.ts";
import { FtpServer } from "../../../src/sandbox/ftp/server.ts";
import { serverParts } from "../../support/server-parts.ts";

const content = Buffer.from(Array.from({ length: 1_000_003 }, (_, at) => (at * 7 + (at >> 8)) & 0xff));

describe.each([
  { host: "127.0.0.1", passive: true },
  { host: "127.0.0.1", passive: false },
  { host: "::1", passive: true },
  { host: "::1", passive: false },
])("our client and our server on $host, passive $passive", ({ host, passive }) => {
  const clock = new VirtualClock();
  const network = new TcpNetwork();
  const live = new AbortController().signal;
  let root: FtpMemoryRoot;
  let server: FtpServer;
  let session: FtpSession;

  beforeEach(async () => {
    const options = { users: { me: "secret" }, local: { host, port: 0 } };
    server = await FtpServer.start(serverParts({ network, clock }), options, live);
    root = server.root;
    const settings = { ...server.endpoint, user: "me", password: "secret", passive, type: "I" } as const;
    session = await openSession({ network, clock, timeoutScale: 1 }, settings, live);
  });

  afterEach(async () => {
    await session.quit();
    await server.close();
    expect(clock.pendingAlarms).toBe(0);
  });

  async function fetch(path: string): Promise<Buffer> {
    const file = await session.retrieve(path);
    const chunks: Buffer[] = [];
    for (let chunk = await file.read(); chunk !== undefined; chunk = await file.read()) chunks.push(chunk);
    await file.finish();
    return Buffer.concat(chunks);
  }

  async function send(path: string): Promise<void> {
    const file = await session.store(path);
    await file.write(content);
    await file.finish();
  }

  test("a file goes there and comes back", async () => {
    await send("f");
    expect(root.readFile("f")?.equals(content)).toBe(true);
    expect((await fetch("f")).equals(content)).toBe(true);
  });

  test.each<[string, FtpFault, object]>([
    ["RETR", { kind: "reply", text: "550 No." }, { verb: "RETR", reply: 550 }],
    ["RETR", { kind: "cut", after: 500_000 }, { verb: "RETR", reply: 426 }],
    ["RETR", { kind: "final", text: "451 No." }, { verb: "RETR", reply: 451 }],
    ["RETR", { kind: "close" }, { phase: "dialogue", code: "CLOSED" }],
    ["STOR", { kind: "reply", text: "452 No." }, { verb: "STOR", reply: 452 }],
    ["STOR", { kind: "cut", after: 500 }, { verb: "STOR", reply: 426 }],
    ["STOR", { kind: "cut", after: 500, reply: "552 No room." }, { verb: "STOR", reply: 552 }],
    ["STOR", { kind: "final", text: "552 No room." }, { verb: "STOR", reply: 552 }],
    ["EPSV EPRT PASV", { kind: "reply", text: "???" }, { phase: "dialogue", code: "REPLY" }],
  ])("%s with %j is %j", async (verbs, fault, error) => {
    root.writeFile("f", content);
    for (const verb of verbs.split(" ")) server.faults.set(verb, fault);
    await expect(verbs === "STOR" ? send("g") : fetch("f")).rejects.toMatchObject(error);
  });
});
