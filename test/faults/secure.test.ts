import { expect, onTestFinished, test } from "vitest";
import type { FaultSpec } from "../../src/faults/fault.ts";
import type { Connection, SecureOptions } from "../../src/platform/network/network.ts";
import { TcpNetwork } from "../../src/platform/network/tcp-network.ts";
import { VirtualClock } from "../../src/platform/time/virtual-clock.ts";
import { TEST_CERTIFICATE } from "../support/certificate.ts";
import { faultyNetwork } from "../support/faulty-network.ts";
import { atRest, until } from "../support/loopback.ts";

const { signal } = new AbortController();
const SERVER: SecureOptions = { side: "server", ...TEST_CERTIFICATE };
const CLIENT: SecureOptions = { side: "client", verify: false };

/** A connection with faults, and its peer, before TLS. */
async function pair(specs: readonly FaultSpec[] = []) {
  const clock = new VirtualClock();
  const tcp = new TcpNetwork();
  const { network, faults } = faultyNetwork(tcp, clock);
  for (const fault of specs) faults.add(fault);
  const listener = await tcp.listen({ host: "127.0.0.1", port: 0 }, signal);
  const client = await network.connect({ ...listener.local, service: "smtp" }, signal);
  const peer = await listener.accept(signal);
  listener.close();
  onTestFinished(() => {
    client.close();
    peer.close();
    faults.clear();
  });
  return { clock, faults, client, peer };
}

/** Lets virtual time pass until a promise has settled. */
async function within<T>(clock: VirtualClock, promise: Promise<T>): Promise<T> {
  let isSettled = false;
  const settled = promise.finally(() => {
    isSettled = true;
  });
  settled.catch(() => undefined);
  for (let left = 2000; !isSettled && left > 0; left--) {
    await atRest(5);
    await clock.advance(10);
  }
  return settled;
}

const secured = (client: Connection, peer: Connection) =>
  Promise.all([client.secure(CLIENT, signal), peer.secure(SERVER, signal)]);

test.each<[string, readonly FaultSpec[]]>([
  ["no fault", []],
  ["a delay", [{ kind: "latency", latency: 200 }]],
  ["a slow link", [{ kind: "link", preset: "edge" }]],
  ["pieces", [{ kind: "slicer", average_size: 5 }]],
  [
    "two faults",
    [
      { kind: "latency", latency: 20 },
      { kind: "bandwidth", rate: 100 },
    ],
  ],
])("a connection with %s becomes secure, and carries both ways", async (_, specs) => {
  const { clock, client, peer } = await pair(specs);
  await client.write("STARTTLS\r\n", signal);
  expect(String(await within(clock, peer.readLine(100, signal)))).toBe("STARTTLS");
  await peer.write("220 go ahead\r\n", signal);
  expect(String(await within(clock, client.readLine(100, signal)))).toBe("220 go ahead");
  await within(clock, secured(client, peer));
  await client.write("EHLO x\r\n", signal);
  expect(String(await within(clock, peer.readLine(100, signal)))).toBe("EHLO x");
  await peer.write("250 ok\r\n", signal);
  expect(String(await within(clock, client.readLine(100, signal)))).toBe("250 ok");
});

test("a handshake waits until what was written before it has left", async () => {
  const { clock, client, peer } = await pair([{ kind: "latency", latency: 1000, direction: "up" }]);
  await client.write("STARTTLS\r\n", signal);
  const both = secured(client, peer);
  await expect(within(clock, both)).rejects.toBeDefined();
  expect(clock.monotonic()).toBeGreaterThanOrEqual(1000);
});

test("a fault that begins during the handshake does not read what belongs to it", async () => {
  const { clock, faults, client, peer } = await pair();
  const securing = client.secure(CLIENT, signal);
  faults.add({ kind: "latency", latency: 50 });
  await Promise.all([securing, peer.secure(SERVER, signal)]);
  await peer.write("250 ok\r\n", signal);
  expect(String(await within(clock, client.readLine(100, signal)))).toBe("250 ok");
  expect(clock.monotonic()).toBeGreaterThanOrEqual(50);
});

test("plain text that came too early is refused", async () => {
  const { client, peer } = await pair();
  await peer.write("220 go ahead\r\n250 injected\r\n", signal);
  await client.readLine(100, signal);
  await expect(client.secure(CLIENT, signal)).rejects.toMatchObject({ code: "REPLY" });
});

test.each<[FaultSpec, object]>([
  [{ kind: "reset_peer", timeout: 0 }, { code: "RESET" }],
  [{ kind: "limit_data", bytes: 0, direction: "down" }, { code: "CLOSED" }],
])("%j ends a secure connection", async (fault, error) => {
  const { faults, client, peer } = await pair();
  await secured(client, peer);
  const reading = client.readLine(100, signal);
  faults.add(fault);
  await peer.write("250 ok\r\n", signal).catch(() => undefined);
  await expect(reading).rejects.toMatchObject(error);
  await until(() => true);
});

test("a fault replaces a reply in a secure connection", async () => {
  const { faults, client, peer } = await pair();
  await secured(client, peer);
  faults.add({ kind: "reply", verb: "MAIL", text: "451 later" });
  await client.write("MAIL FROM:<a>\r\n", signal);
  expect(String(await client.readLine(100, signal))).toBe("451 later");
});
