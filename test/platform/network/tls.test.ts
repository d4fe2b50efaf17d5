import { expect, onTestFinished, test } from "vitest";
import { hookConnection } from "../../../src/platform/network/hooked-connection.ts";
import type { Connection, SecureOptions } from "../../../src/platform/network/network.ts";
import { TcpNetwork } from "../../../src/platform/network/tcp-network.ts";
import { TEST_CERTIFICATE } from "../../support/certificate.ts";

const { signal } = new AbortController();
const SERVER: SecureOptions = { side: "server", ...TEST_CERTIFICATE };
const CARELESS: SecureOptions = { side: "client", verify: false };
const trusting = { side: "client", ca: [TEST_CERTIFICATE.certificate] } as const;

async function pair(): Promise<{ readonly client: Connection; readonly peer: Connection }> {
  const network = new TcpNetwork();
  const listener = await network.listen({ host: "127.0.0.1", port: 0 }, signal);
  const client = await network.connect(listener.local, signal);
  const peer = await listener.accept(signal);
  listener.close();
  onTestFinished(() => {
    client.close();
    peer.close();
  });
  return { client, peer };
}

test.each<[string, SecureOptions]>([
  ["a name", { ...trusting, serverName: "mail.example.com" }],
  ["an address", { ...trusting, serverName: "127.0.0.1" }],
  ["no verification", CARELESS],
])("a connection becomes secure in place, with %s", async (_, options) => {
  const { client, peer } = await pair();
  await client.write("STARTTLS\r\n", signal);
  expect((await peer.readLine(100, signal)).toString()).toBe("STARTTLS");
  await peer.write("220 go ahead\r\n", signal);
  expect((await client.readLine(100, signal)).toString()).toBe("220 go ahead");
  await Promise.all([client.secure(options, signal), peer.secure(SERVER, signal)]);
  const big = Buffer.alloc(1_000_000, "x");
  const writing = client.write("EHLO\n", signal).then(() => client.write(big, signal));
  expect((await peer.readLine(100, signal)).toString()).toBe("EHLO");
  expect((await peer.readExactly(big.length, signal)).equals(big)).toBe(true);
  await writing;
  client.end();
  expect(await peer.read(signal)).toBeUndefined();
  await peer.write("221 bye\r\n", signal);
  expect((await client.readLine(100, signal)).toString()).toBe("221 bye");
  peer.end();
  expect(await client.read(signal)).toBeUndefined();
});

test("a client that speaks TLS at once is served, though its first bytes were read ahead", async () => {
  const { client, peer } = await pair();
  const securing = client.secure(CARELESS, signal);
  for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
  await Promise.all([securing, peer.secure(SERVER, signal)]);
  await client.write("hello\n", signal);
  expect((await peer.readLine(10, signal)).toString()).toBe("hello");
});

test.each<[string, SecureOptions]>([
  ["another name", { ...trusting, serverName: "evil.example.com" }],
  ["an unknown authority", { side: "client", serverName: "mail.example.com" }],
])("a certificate for %s is refused", async (_, options) => {
  const { client, peer } = await pair();
  const accepting = peer.secure(SERVER, signal).catch(() => undefined);
  await expect(client.secure(options, signal)).rejects.toMatchObject({ code: "REPLY" });
  await expect(client.write("x", signal)).rejects.toMatchObject({ code: "REPLY" });
  await accepting;
});

test("a peer that does not speak TLS is a malformed reply", async () => {
  const { client, peer } = await pair();
  const securing = client.secure(CARELESS, signal);
  const refused = expect(securing).rejects.toMatchObject({ code: "REPLY" });
  await peer.write("500 what?\r\n".repeat(10), signal);
  await refused;
});

test("plain text that was sent before the handshake is not taken for the secure peer's", async () => {
  const { client, peer } = await pair();
  await peer.write("220 go ahead\r\n250 injected\r\n", signal);
  expect((await client.readLine(100, signal)).toString()).toBe("220 go ahead");
  await expect(client.secure(CARELESS, signal)).rejects.toMatchObject({ code: "REPLY" });
});

test("a peer that goes during the handshake ends it", async () => {
  const { client, peer } = await pair();
  const securing = client.secure(CARELESS, signal);
  const ended = expect(securing).rejects.toMatchObject({ code: expect.stringMatching(/^(CLOSED|RESET)$/) });
  peer.close();
  await ended;
});

test("a caller that gives up ends the handshake", async () => {
  const { client } = await pair();
  const impatient = new AbortController();
  const waiting = client.secure(CARELESS, impatient.signal);
  impatient.abort(new Error("enough"));
  await expect(waiting).rejects.toThrow("enough");
});

test("a secure connection that was closed fails here, and ends for the peer", async () => {
  const { client, peer } = await pair();
  await Promise.all([client.secure(CARELESS, signal), peer.secure(SERVER, signal)]);
  client.close();
  await expect(client.read(signal)).rejects.toMatchObject({ code: "CLOSED" });
  await expect(peer.readLine(10, signal)).rejects.toMatchObject({ code: expect.stringMatching(/^(CLOSED|RESET)$/) });
});

test("a key that is none is an error, not a crash", async () => {
  const { peer } = await pair();
  const options: SecureOptions = { side: "server", key: "x", certificate: "y" };
  await expect(peer.secure(options, signal)).rejects.toMatchObject({ code: "UNKNOWN" });
});

test("a hooked connection sees the plain text of a secure one", async () => {
  const { client, peer } = await pair();
  const seen: string[] = [];
  const hooked = hookConnection(client, {
    received: (bytes) => {
      seen.push(bytes.toString());
      return bytes;
    },
  });
  await Promise.all([hooked.secure(CARELESS, signal), peer.secure(SERVER, signal)]);
  await peer.write("secret\n", signal);
  expect((await hooked.readLine(10, signal)).toString()).toBe("secret");
  expect(seen).toEqual(["secret\n"]);
});

test("nothing is left of a secure connection that was closed", async () => {
  const sockets = () => process.getActiveResourcesInfo().filter((name) => /TCP|TLS/.test(name)).length;
  const before = sockets();
  const { client, peer } = await pair();
  await Promise.all([client.secure(CARELESS, signal), peer.secure(SERVER, signal)]);
  client.close();
  peer.close();
  for (let turn = 0; turn < 1000 && sockets() > before; turn++) await new Promise(setImmediate);
  expect(sockets()).toBeLessThanOrEqual(before);
});
