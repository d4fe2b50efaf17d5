import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { FaultSpec } from "../../../src/faults/fault.ts";
import { TcpNetwork } from "../../../src/platform/network/tcp-network.ts";
import { VirtualClock } from "../../../src/platform/time/virtual-clock.ts";
import { type FtpSession, openSession } from "../../../src/protocols/ftp/session.ts";
import type { FtpMemoryRoot } from "../../../src/sandbox/ftp/memory-root.ts";
import { FtpServer } from "../../../src/sandbox/ftp/server.ts";
import { faultyNetwork } from "../../support/faulty-network.ts";
import { serverParts } from "../../support/server-parts.ts";

const content = Buffer.from(Array.from({ length: 1_000_003 }, (_, at) => (at * 7 + (at >> 8)) & 0xff));

describe.each([
  { host: "127.0.0.1", passive: true },
  { host: "127.0.0.1", passive: false },
  { host: "::1", passive: true },
  { host: "::1", passive: false },
])("our client and our server on $host, passive $passive", ({ host, passive }) => {
  const clock = new VirtualClock();
  const tcp = new TcpNetwork();
  const { network, faults } = faultyNetwork(tcp, clock);
  const live = new AbortController().signal;
  let root: FtpMemoryRoot;
  let server: FtpServer;
  let session: FtpSession;

  beforeEach(async () => {
    const options = { users: { me: "secret" }, local: { host, port: 0 } };
    server = await FtpServer.start(serverParts({ network: tcp, clock }), options, live);
    root = server.root;
    const settings = { ...server.endpoint, user: "me", password: "secret", passive, type: "I" } as const;
    session = await openSession({ network, clock, timeoutScale: 1 }, settings, live);
  });

  afterEach(async () => {
    faults.clear();
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

  const data = { service: "ftp-data" };
  test.each<[string, readonly FaultSpec[], object]>([
    ["RETR", [{ kind: "reply", verb: "RETR", text: "550 No." }], { verb: "RETR", reply: 550 }],
    ["RETR", [{ kind: "reset_peer", timeout: 0, ...data }], { verb: "RETR", code: "REPLY" }],
    ["RETR", [{ kind: "reply", verb: "END", text: "451 No." }], { verb: "RETR", reply: 451 }],
    ["RETR", [{ kind: "hang_up", verb: "RETR" }], { phase: "dialogue", code: "CLOSED" }],
    ["STOR", [{ kind: "reply", verb: "STOR", text: "452 No." }], { verb: "STOR", reply: 452 }],
    ["STOR", [{ kind: "limit_data", bytes: 500, ...data }], { phase: "data", code: "RESET" }],
    ["STOR", [{ kind: "reply", verb: "END", text: "552 No room." }], { verb: "STOR", reply: 552 }],
    [
      "RETR",
      ["EPSV", "EPRT", "PASV"].map((verb) => ({ kind: "reply", verb, text: "???" })),
      { phase: "dialogue", code: "REPLY" },
    ],
  ])("%s with %j is %j", async (verb, specs, error) => {
    root.writeFile("f", content);
    for (const fault of specs) faults.add(fault);
    await expect(verb === "STOR" ? send("g") : fetch("f")).rejects.toMatchObject(error);
  });
});
