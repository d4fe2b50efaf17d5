import { once } from "node:events";
import { connect as connectTls } from "node:tls";
import { expect, onTestFinished, test } from "vitest";
import { ResolvingNetwork } from "../../src/platform/network/resolving-network.ts";
import { TcpNetwork } from "../../src/platform/network/tcp-network.ts";
import { startSandbox } from "../../src/sandbox/sandbox.ts";
import { readAll } from "../support/loopback.ts";

async function sandboxed() {
  const sandbox = await startSandbox();
  onTestFinished(() => sandbox.close());
  return {
    sandbox,
    network: new ResolvingNetwork(new TcpNetwork(), sandbox.rules),
    signal: AbortSignal.timeout(10_000),
  };
}

test.each([
  [7, "hello"],
  [9, ""],
])("port %i of every name on TCP", async (port, answer) => {
  const { network, signal } = await sandboxed();
  const connection = await network.connect({ host: "any.example", port }, signal);
  await connection.write("hello", signal);
  connection.end();
  expect((await readAll(connection, signal)).toString()).toBe(answer);
  connection.close();
});

test("TLS on port 7, for a client that begins with it", async () => {
  const { sandbox } = await sandboxed();
  const client = connectTls({ ...sandbox.echo.endpoint, rejectUnauthorized: false });
  onTestFinished(() => void client.destroy());
  await once(client, "secureConnect");
  client.write("secret");
  expect(String(await once(client, "data"))).toContain("secret");
});

test("datagrams come back from the address that was asked for; to other ports none do, and none leave the machine", async () => {
  const { network, signal } = await sandboxed();
  const socket = await network.bind({ host: "0.0.0.0", port: 0 }, signal);
  onTestFinished(() => socket.close());
  await socket.send(Buffer.from("lost"), { host: "192.0.2.1", port: 53 }, signal);
  await socket.send(Buffer.from("hello"), { host: "192.0.2.1", port: 7 }, signal);
  const { bytes, from } = await socket.receive(signal);
  expect([bytes.toString(), from]).toEqual(["hello", { host: "192.0.2.1", port: 7 }]);
});
