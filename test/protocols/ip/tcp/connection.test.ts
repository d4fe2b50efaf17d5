import { afterEach, describe, expect, test } from "vitest";
import { SeededRandom } from "../../../../src/platform/crypto.ts";
import type { ServiceErrorCode } from "../../../../src/platform/network/service-error.ts";
import { advance, FLAG } from "../../../../src/protocols/ip/tcp/segment.ts";
import { HostTcp } from "../../../support/ip/host-tcp.ts";
import { IpHost } from "../../../support/ip/ip-host.ts";
import { type MemoryConnection, MemoryNetwork } from "../../../support/ip/memory-network.ts";

const hosts: IpHost[] = [];

afterEach(() => {
  for (const host of hosts.splice(0)) {
    host.close();
    expect(host.packets.length).toBeGreaterThan(0);
  }
});

function pattern(length: number, seed: number): Buffer {
  const random = new SeededRandom(seed);
  return Buffer.from(Array.from({ length }, () => random.integer(256)));
}

type Options = { readonly loss?: number; readonly seed?: number; readonly refusal?: ServiceErrorCode };

function begin({ refusal, ...options }: Options = {}) {
  const network = new MemoryNetwork();
  network.refusal = refusal;
  const host = new IpHost(network, options);
  hosts.push(host);
  return { network, host, tcp: new HostTcp(host) };
}

async function open(options: Options = {}) {
  const { network, host, tcp } = begin(options);
  await host.until(() => tcp.state === "open" && network.connections.length === 1);
  return { network, host, tcp, far: network.connections[0] as MemoryConnection };
}

describe("a TCP connection of the host", () => {
  test.each([
    { loss: 0, seed: 1 },
    { loss: 5, seed: 2 },
    { loss: 15, seed: 3 },
    { loss: 25, seed: 4 },
  ])("carries all bytes both ways with $loss percent lost, reordered and repeated", async (options) => {
    const { host, tcp, far } = await open(options);
    const [up, down] = [pattern(100_000, 7), pattern(100_000, 8)];
    tcp.write(up);
    tcp.end();
    far.send(down);
    far.send(undefined);
    await host.until(() => tcp.finished && tcp.peerEnded && far.closed !== undefined, { steps: 50_000 });
    expect(Buffer.concat(far.received).equals(up)).toBe(true);
    expect(tcp.received.equals(down)).toBe(true);
    expect(far.ended).toBe(true);
    expect(far.closed).toBe(true);
  });

  test("goes on in one direction when the other has ended", async () => {
    const { host, tcp, far } = await open();
    tcp.end();
    await host.until(() => far.ended);
    far.send(Buffer.from("late"));
    await host.until(() => tcp.received.toString() === "late");
    expect(far.closed).toBeUndefined();
  });

  test.each([
    { refusal: "REFUSED", answer: "reset" },
    { refusal: "UNREACHABLE", answer: "unreachable" },
    { refusal: "TIMEOUT", answer: "nothing" },
  ] as const)("that the network answers with $refusal gets $answer", async ({ refusal, answer }) => {
    const { network, host, tcp } = begin({ refusal });
    await host.clock.advance(100);
    expect(tcp.state).toBe(answer === "reset" ? "reset" : "connecting");
    expect(host.packets.map(({ protocol }) => protocol)).toEqual({ reset: [6], unreachable: [1], nothing: [] }[answer]);
    network.refusal = undefined;
    await host.until(() => host.packets.length > 0, { steps: 200 });
  });

  test("shuts its window while the network takes nothing, and opens it again", async () => {
    const { host, tcp, far } = await open();
    far.reads = false;
    const up = pattern(100_000, 9);
    tcp.write(up);
    await host.clock.advance(10_000);
    expect(tcp.segments.at(-1)?.window).toBe(0);
    expect(tcp.unacknowledged).toBe(100_000 - 32 * 1024);
    far.resume();
    await host.until(() => tcp.unacknowledged === 0);
    await host.until(() => Buffer.concat(far.received).equals(up));
  });

  test("waits for a host whose window is shut, and probes it", async () => {
    const { host, tcp, far } = await open();
    tcp.window = 0;
    tcp.acknowledge();
    far.send(Buffer.from("hello"));
    await host.clock.advance(120_000);
    const probes = tcp.segments.filter(({ data }) => data.length > 0);
    expect(probes.length).toBeGreaterThan(3);
    expect(probes.every(({ data }) => data.length === 1)).toBe(true);
    expect(tcp.state).toBe("open");
    tcp.window = 8192;
    tcp.acknowledge();
    await host.until(() => tcp.received.toString() === "hello");
  });

  test("sends nothing while the link has no room, and all when it has", async () => {
    const { host, tcp, far } = await open();
    host.holds = true;
    const count = host.packets.length;
    const down = pattern(50_000, 10);
    far.send(down);
    await host.clock.advance(60_000);
    expect(host.packets.length).toBe(count + 1);
    host.release();
    await host.until(() => tcp.received.equals(down));
  });

  test("of a host that is gone is given up", async () => {
    const { host, far } = await open();
    host.onPacket = () => undefined;
    far.send(Buffer.from("hello"));
    await host.until(() => far.closed !== undefined, { steps: 1000, step: 1000 });
    expect(far.closed).toMatchObject({ code: "RESET" });
    expect(host.clock.pendingAlarms).toBeLessThanOrEqual(1);
  });

  test("is reset for the network when the host resets it, and only at the expected number", async () => {
    const { host, tcp, far } = await open();
    const { seq, ack } = tcp.numbers;
    tcp.emit({ seq: advance(seq, 100), flags: FLAG.rst });
    await host.clock.advance(10);
    expect(far.closed).toBeUndefined();
    expect(tcp.segments.at(-1)).toMatchObject({ flags: FLAG.ack, ack: seq, seq: ack });
    tcp.emit({ seq, flags: FLAG.rst });
    await host.clock.advance(10);
    expect(far.closed).toMatchObject({ code: "RESET" });
  });

  test.each([
    { what: "a SYN inside the window", at: 0, flags: FLAG.syn },
    { what: "a keepalive probe", at: -1, flags: FLAG.ack },
    { what: "an acknowledgement of what was never sent", at: 0, flags: FLAG.ack, ahead: 1000 },
    { what: "a segment outside the window", at: 200_000, flags: FLAG.ack },
  ])("answers $what with what it expects", async ({ at, flags, ahead = 0 }) => {
    const { host, tcp, far } = await open();
    const { seq, ack } = tcp.numbers;
    const count = tcp.segments.length;
    tcp.emit({ seq: advance(seq, at), ack: advance(ack, ahead), flags });
    await host.clock.advance(10);
    expect(tcp.segments.slice(count)).toEqual([expect.objectContaining({ flags: FLAG.ack, seq: ack, ack: seq })]);
    expect(far.closed).toBeUndefined();
  });

  test("beyond the number that is kept is refused; all are closed with the gateway", async () => {
    const network = new MemoryNetwork();
    const host = new IpHost(network);
    const all = Array.from({ length: 130 }, (_, index) => new HostTcp(host, { port: 30_000 + index }));
    await host.clock.advance(10);
    expect(all.filter(({ state }) => state === "reset").length).toBe(2);
    host.close();
    expect(network.connections.length).toBe(128);
    expect(network.connections.every(({ closed }) => closed !== undefined)).toBe(true);
  });

  test("of a network that breaks is reset for the host", async () => {
    const { host, tcp, far } = await open();
    far.close(new Error("broken"));
    await host.until(() => tcp.state === "reset");
  });
});
