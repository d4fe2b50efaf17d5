import { spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { Resolver } from "node:dns/promises";
import { once } from "node:events";
import { accessSync, constants } from "node:fs";
import { get, type IncomingMessage } from "node:http";
import { connect } from "node:net";
import { buffer } from "node:stream/consumers";
import { expect, onTestFinished, test } from "vitest";
import { SeededRandom } from "../../src/platform/crypto.ts";
import { ResolvingNetwork } from "../../src/platform/network/resolving-network.ts";
import { TcpNetwork } from "../../src/platform/network/tcp-network.ts";
import { SystemClock } from "../../src/platform/time/clock.ts";
import { openGateway } from "../../src/protocols/ip/gateway.ts";
import { startSandbox } from "../../src/sandbox/sandbox.ts";
import { bounded } from "../support/program.ts";
import { locate } from "./program.ts";

const NAME_SERVERS = ["10.11.12.13", "10.11.12.14"] as const;
const HOST = "10.99.0.2";

/** Why the system's own TCP cannot be tried here; `undefined` where it can. */
function obstacle(): string | undefined {
  if (process.getuid?.() !== 0) return "only root may add an interface";
  if (locate("ip") === undefined || locate("python3") === undefined) return "ip or python3 is missing";
  try {
    accessSync("/dev/net/tun", constants.R_OK | constants.W_OK);
    return undefined;
  } catch {
    return "there is no /dev/net/tun";
  }
}

/** Leads the system's packets for the sandbox and its name server through a gateway, of which so many in a hundred are lost. */
async function openInterface(loss: number): Promise<void> {
  const sandbox = await startSandbox();
  const random = new SeededRandom(4);
  const life = new AbortController();
  const script = new URL("tun.py", import.meta.url).pathname;
  const routes = ["198.18.0.0/15", ...NAME_SERVERS.map((address) => `${address}/32`)];
  const child = spawn("python3", [script, HOST, "10.64.64.64", ...routes], { stdio: "pipe" });
  const gateway = openGateway({
    network: new ResolvingNetwork(new TcpNetwork(), sandbox.rules),
    clock: new SystemClock(),
    random,
    signal: life.signal,
    address: HOST,
    dns: NAME_SERVERS,
    deliver: async (packet) => {
      if (random.integer(100) < loss) return;
      const frame = Buffer.alloc(2);
      frame.writeUInt16BE(packet.length);
      if (!child.stdin.write(Buffer.concat([frame, packet]))) await once(child.stdin, "drain");
    },
  });
  const ended = once(child, "exit");
  child.stdin.on("error", () => undefined);
  onTestFinished(async () => {
    life.abort(new Error("the test is over"));
    child.stdin.end();
    child.kill();
    await ended;
    await sandbox.close();
  });
  let rest = Buffer.alloc(0);
  child.stdout.on("data", (bytes: Buffer) => {
    rest = Buffer.concat([rest, bytes]);
    while (rest.length >= 2 && rest.length >= 2 + rest.readUInt16BE(0)) {
      const end = 2 + rest.readUInt16BE(0);
      if (random.integer(100) >= loss) gateway.receive(rest.subarray(2, end));
      rest = rest.subarray(end);
    }
  });
  const [said] = await bounded(Promise.race([once(child.stderr, "data"), ended]), () => "the interface");
  expect(String(said).trim()).toBe("ready");
}

async function echo(address: string, bytes: Buffer): Promise<Buffer> {
  const socket = connect({ host: address, port: 7, allowHalfOpen: true });
  socket.end(bytes);
  return buffer(socket);
}

test.skipIf(obstacle() !== undefined).each([0, 3])(
  "the system's own TCP/IP works over the gateway when %i percent of the packets are lost",
  async (loss) => {
    await openInterface(loss);
    const resolver = new Resolver();
    resolver.setServers([...NAME_SERVERS]);
    const [address = ""] = await bounded(resolver.resolve4("www.example.com"), () => "an address");
    expect(address).toMatch(/^198\.18\./);
    await expect(resolver.resolve4("www.example.invalid")).rejects.toMatchObject({ code: "ENOTFOUND" });

    const asked = once(get(`http://${address}/status/204`, { agent: false }), "response");
    const [page] = (await bounded(asked, () => "a page")) as [IncomingMessage];
    expect(page.statusCode).toBe(204);

    const sent = Array.from({ length: 5 }, (_, index) => Buffer.alloc(200_000, `connection ${index} `));
    const received = await bounded(Promise.all(sent.map((bytes) => echo(address, bytes))), () => "all echoes");
    expect(received.map((bytes, index) => bytes.equals(sent[index] as Buffer))).toEqual(sent.map(() => true));

    const refused = connect({ host: "10.11.12.13", port: 80 });
    expect(await once(refused, "error")).toMatchObject([{ code: "ECONNREFUSED" }]);

    const socket = createSocket("udp4");
    onTestFinished(() => void socket.close());
    const answer = once(socket, "message");
    const again = setInterval(() => socket.send("hello", 7, address), 200);
    onTestFinished(() => clearInterval(again));
    expect(String((await bounded(answer, () => "a datagram"))[0])).toBe("hello");
  },
);
