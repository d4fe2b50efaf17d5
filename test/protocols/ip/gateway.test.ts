import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checksumOf, sumWords } from "../../../src/protocols/ip/checksum.ts";
import { composeIpv4, PROTOCOL, parseAddress } from "../../../src/protocols/ip/ipv4.ts";
import { composeUdp, readUdp } from "../../../src/protocols/ip/udp.ts";
import { dnsQuery } from "../../support/ip/dns-query.ts";
import { HostTcp } from "../../support/ip/host-tcp.ts";
import { DNS, HOST, IpHost } from "../../support/ip/ip-host.ts";
import { MemoryNetwork } from "../../support/ip/memory-network.ts";

const FAR = parseAddress("198.18.0.1");
const GATEWAY = parseAddress("10.64.64.64");
const NAME_SERVER = parseAddress(DNS);

function open(names: Readonly<Record<string, readonly string[]>> = {}) {
  const network = new MemoryNetwork(names);
  return { network, host: new IpHost(network) };
}

function echo(to: number, from = HOST): Buffer {
  const message = Buffer.from([8, 0, 0, 0, 1, 2, 0, 3, ...Buffer.from("ping")]);
  message.writeUInt16BE(checksumOf(sumWords(message)), 2);
  return composeIpv4(from, to, PROTOCOL.icmp, message);
}

function withTtl(packet: Buffer, ttl: number): Buffer {
  packet.writeUInt8(ttl, 8);
  packet.writeUInt16BE(0, 10);
  packet.writeUInt16BE(checksumOf(sumWords(packet.subarray(0, 20))), 10);
  return packet;
}

function datagram(to: number, port: number, data: Buffer | string): Buffer {
  return composeUdp({ address: HOST, port: 5000 }, { address: to, port }, Buffer.from(data));
}

describe("a ping", () => {
  test.each([
    ["the gateway", GATEWAY, 0],
    ["a name server", NAME_SERVER, 0],
    ["a far host", FAR, 100],
  ])("of %s is answered", async (_name, to, least) => {
    const { host } = open();
    host.send(echo(to));
    if (least > 0) await host.clock.advance(least - 1);
    else await Promise.resolve();
    expect(host.packets.length).toBe(least > 0 ? 0 : 1);
    await host.clock.advance(301);
    const [reply] = host.packets;
    expect(reply).toMatchObject({ source: to, destination: HOST, protocol: PROTOCOL.icmp });
    expect(reply?.payload[0]).toBe(0);
    expect(reply?.payload.subarray(4)).toEqual(Buffer.from([1, 2, 0, 3, ...Buffer.from("ping")]));
    expect(checksumOf(sumWords(reply?.payload ?? Buffer.alloc(1)))).toBe(0);
    host.close();
  });

  test("with a time to live of 1 shows the gateway", async () => {
    const { host } = open();
    host.send(withTtl(echo(FAR), 1));
    await host.clock.advance(1000);
    expect(host.packets).toEqual([expect.objectContaining({ source: GATEWAY })]);
    expect([...(host.packets[0]?.payload.subarray(0, 2) ?? [])]).toEqual([11, 0]);
    expect(host.packets[0]?.payload.length).toBe(8 + 28);
    host.close();
  });

  test.each([
    ["from an address that is not the host's", echo(FAR, HOST + 1)],
    ["to the host's own machine", echo(parseAddress("127.0.0.1"))],
    ["to a group", echo(parseAddress("224.0.0.1"))],
  ])("%s is dropped", async (_name, packet) => {
    const { host } = open();
    host.send(packet);
    await host.clock.advance(1000);
    expect(host.packets).toEqual([]);
    expect(host.clock.pendingAlarms).toBe(0);
  });
});

describe("a datagram", () => {
  test("goes to the network, and what comes back to the host", async () => {
    const { network, host } = open();
    host.send(datagram(FAR, 7, "hello"));
    await host.clock.advance(1);
    const [packet] = host.packets;
    expect(packet && readUdp(packet)).toMatchObject({
      sourcePort: 7,
      destinationPort: 5000,
      data: Buffer.from("hello"),
    });
    expect(packet?.source).toBe(FAR);
    await host.clock.advance(300_000);
    expect(network.openSockets).toBe(0);
    expect(host.clock.pendingAlarms).toBe(0);
  });

  test("from more ports than are kept closes the oldest; all close with the gateway", async () => {
    const { network, host } = open();
    for (let port = 1; port <= 100; port++) {
      host.send(composeUdp({ address: HOST, port }, { address: FAR, port: 7 }, Buffer.from("x")));
    }
    await host.clock.advance(1);
    expect(network.openSockets).toBe(64);
    host.close();
    await host.clock.advance(1);
    expect(network.openSockets).toBe(0);
    expect(host.clock.pendingAlarms).toBe(0);
  });

  test.each([
    ["REFUSED", 3],
    ["UNREACHABLE", 1],
  ] as const)("that the network answers with %s is reported", async (refusal, code) => {
    const { network, host } = open();
    network.refusal = refusal;
    host.send(datagram(FAR, 7, "hello"));
    await host.clock.advance(1);
    expect([...(host.packets[0]?.payload.subarray(0, 2) ?? [])]).toEqual([3, code]);
    host.close();
  });

  test("to another port of the gateway finds nothing there", async () => {
    const { host } = open();
    host.send(datagram(GATEWAY, 7, "hello"));
    await Promise.resolve();
    expect(host.packets[0]).toMatchObject({ source: GATEWAY, protocol: PROTOCOL.icmp });
    host.close();
  });
});

describe("a DNS query", () => {
  const names = { "www.example.com": ["198.18.0.1", "2001:db8::1"] };

  test.each([
    { name: "www.example.com", rcode: 0, answers: 1 },
    { name: "www.example.com", type: 28, rcode: 0, answers: 0 },
    { name: "nowhere.example", rcode: 3, answers: 0 },
    { name: "www.example.com", refusal: "UNREACHABLE", rcode: 2, answers: 0 },
  ] as const)("for $name has the code $rcode and $answers answers", async ({ name, rcode, answers, ...rest }) => {
    const { network, host } = open(names);
    network.refusal = "refusal" in rest ? rest.refusal : undefined;
    host.send(datagram(NAME_SERVER, 53, dnsQuery(name, "type" in rest ? rest.type : 1)));
    await host.clock.advance(1);
    const [packet] = host.packets;
    const answer = packet && readUdp(packet);
    expect(packet?.source).toBe(NAME_SERVER);
    expect((answer?.data.readUInt16BE(2) ?? 0) & 15).toBe(rcode);
    expect(answer?.data.readUInt16BE(6)).toBe(answers);
    if (answers > 0) expect(answer?.data.readUInt32BE(answer.data.length - 4)).toBe(FAR);
    host.close();
  });
});

test("a connection to an address that the host has resolved is made to the name", async () => {
  const { network, host } = open({ "www.example.com": ["198.18.0.1"] });
  host.send(datagram(NAME_SERVER, 53, dnsQuery("www.example.com")));
  await host.clock.advance(1);
  const named = new HostTcp(host);
  const plain = new HostTcp(host, { port: 40_001, to: FAR + 1 });
  await host.clock.advance(1);
  expect([named.state, plain.state]).toEqual(["open", "open"]);
  expect(network.connections.map(({ remote }) => remote.host)).toEqual(["www.example.com", "198.18.0.2"]);
  host.close();
});

test("no packet harms the gateway, whatever is in it", async () => {
  const { network, host } = open();
  const protocol = fc.constantFrom<number>(PROTOCOL.icmp, PROTOCOL.tcp, PROTOCOL.udp, 99);
  const address = fc.constantFrom(FAR, GATEWAY, NAME_SERVER);
  const packet = fc.oneof(
    fc.uint8Array({ maxLength: 100 }),
    fc
      .tuple(address, protocol, fc.uint8Array({ maxLength: 100 }))
      .map(([to, kind, payload]) => composeIpv4(HOST, to, kind, payload)),
    fc.uint8Array({ maxLength: 60 }).map((data) => datagram(NAME_SERVER, 53, Buffer.from(data))),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(packet, { maxLength: 20 }), async (packets) => {
      for (const bytes of packets) host.send(bytes);
      await host.clock.advance(1000);
    }),
    { numRuns: 200 },
  );
  const before = host.packets.length;
  host.send(echo(GATEWAY));
  await Promise.resolve();
  expect(host.packets.length).toBe(before + 1);
  host.close();
  await host.clock.advance(1);
  expect(network.openSockets).toBe(0);
  expect(host.clock.pendingAlarms).toBe(0);
});
