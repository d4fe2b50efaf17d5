import { expect, test } from "vitest";
import type { FaultSpec } from "../../src/faults/fault.ts";
import { type Ipv4Packet, PROTOCOL, parseAddress, readIpv4 } from "../../src/protocols/ip/ipv4.ts";
import { composeUdp, readUdp } from "../../src/protocols/ip/udp.ts";
import { framed } from "../support/framing.ts";
import { dnsQuery } from "../support/ip/dns-query.ts";
import { HostTcp, type PacketLink } from "../support/ip/host-tcp.ts";
import { PppHost } from "../support/ppp-host.ts";
import { bench } from "./bench.ts";

const FROM = parseAddress("10.146.130.153");
const NAME_SERVER = { address: parseAddress("10.64.64.65"), port: 53 };
/** The type of an ICMP message that says that a destination is unreachable (RFC 792). */
const UNREACHABLE = 3;
/** Turns of 50 ms in which something must have happened. */
const TURNS = 2000;

/** A host in a data call, at a module in the sandbox. */
async function call() {
  const { rig, dte, clock, host, fired } = await bench([], { sandbox: true });
  await dte.command("ATD*99#\r", framed("CONNECT 115200"));
  const ppp = new PppHost((bytes) => dte.send(bytes));
  const link: PacketLink = { clock, onPacket: () => undefined, send: (packet) => ppp.sendIp(packet) };
  const until = async (condition: () => boolean, turns = TURNS): Promise<boolean> => {
    for (let turn = 0; turn < turns && !condition(); turn++) {
      ppp.receive(host.take());
      for (const bytes of ppp.packets.splice(0)) link.onPacket(readIpv4(bytes) as Ipv4Packet);
      await clock.advance(50);
      await new Promise(setImmediate);
    }
    return condition();
  };
  await until(() => ppp.isUp);
  return { rig, link, until, fired };
}

type Call = Awaited<ReturnType<typeof call>>;

/** Asks for the address of a name; `undefined` where it has none. */
async function resolve({ link, until }: Call, name: string): Promise<number | undefined> {
  let answer: Buffer | undefined;
  link.onPacket = (packet) => {
    answer ??= readUdp(packet)?.data;
  };
  link.send(composeUdp({ address: FROM, port: 5000 }, NAME_SERVER, dnsQuery(name)));
  await until(() => answer !== undefined);
  const address = answer?.subarray(-4).readUInt32BE();
  return answer?.readUInt16BE(6) === 0 ? undefined : address;
}

/** What becomes of a connection to the echo server: what comes back, or how it ends. */
async function echo(given: Call): Promise<string> {
  const to = await resolve(given, "echo.example");
  if (to === undefined) return "no address";
  let report: string | undefined;
  given.link.onPacket = ({ protocol, payload }) => {
    if (protocol === PROTOCOL.icmp && payload[0] === UNREACHABLE) report = `unreachable, code ${payload[1]}`;
  };
  const tcp = new HostTcp(given.link, { from: FROM, to, toPort: 7 });
  await given.until(() => tcp.state !== "connecting" || report !== undefined, 200);
  if (tcp.state === "connecting") return report ?? "no answer";
  tcp.write(Buffer.from("hello, far away"));
  const isOver = () => tcp.state === "reset" || tcp.peerEnded;
  await given.until(() => tcp.received.length >= 15 || isOver(), 400);
  await given.until(isOver, 60);
  const end = tcp.state === "reset" ? "reset" : tcp.peerEnded ? "the end" : "";
  return [tcp.received.toString(), end].filter((part) => part !== "").join(", ") || "nothing";
}

test.each<readonly [FaultSpec | undefined, string]>([
  [undefined, "hello, far away"],
  [{ kind: "unresolved", service: "udp" }, "no address"],
  [{ kind: "unresolved" }, "unreachable, code 1"],
  [{ kind: "refused" }, "reset"],
  [{ kind: "unreachable" }, "unreachable, code 1"],
  [{ kind: "connect_timeout" }, "no answer"],
  [{ kind: "reset_peer", timeout: 0 }, "reset"],
  [{ kind: "latency", latency: 1000 }, "hello, far away"],
  [{ kind: "bandwidth", rate: 1 }, "hello, far away"],
  [{ kind: "slicer", average_size: 4, size_variation: 2, delay: 1 }, "hello, far away"],
  [{ kind: "corrupt", direction: "down", at: 0, bytes: "J" }, "Jello, far away"],
  [{ kind: "reset_peer", timeout: 2000 }, "hello, far away, reset"],
  [{ kind: "timeout", timeout: 0 }, "nothing"],
  [{ kind: "timeout", timeout: 2000 }, "the end"],
  [{ kind: "limit_data", direction: "down", bytes: 5 }, "hello, the end"],
])("a connection inside of a data call meets %j: %s", async (fault, outcome) => {
  const given = await call();
  if (fault !== undefined) given.rig.faults.add({ service: "tcp", ...fault });
  expect(await echo(given)).toBe(outcome);
  expect(given.fired()).not.toContain(0);
});
