import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Listener } from "../../../src/platform/network/network.ts";
import { TcpNetwork } from "../../../src/platform/network/tcp-network.ts";

const network = new TcpNetwork();
const signal = AbortSignal.timeout(15_000);
const code = (expected: string) => expect.objectContaining({ name: "ServiceError", code: expected });

describe("the machine's network", () => {
  let listener: Listener;

  beforeEach(async () => {
    listener = await network.listen({ host: "127.0.0.1", port: 0 }, signal);
  });

  afterEach(() => listener.close());

  test.each(["127.0.0.1", "localhost", "[127.0.0.1]"])("connects to %s and carries lines both ways", async (host) => {
    const ours = await network.connect({ host, port: listener.local.port }, signal);
    const theirs = await listener.accept(signal);
    await ours.write("HELO\r\n", signal);
    expect((await theirs.readLine(100, signal)).toString()).toBe("HELO");
    await theirs.write("250 OK\r\n", signal);
    expect((await ours.readLine(100, signal)).toString()).toBe("250 OK");
    ours.close();
    theirs.close();
  });

  test("port 0 picks a free port and says which", () => {
    expect(listener.local.host).toBe("127.0.0.1");
    expect(listener.local.port).toBeGreaterThan(0);
  });

  test("accept gives who came before it and waits for who comes after it, in order", async () => {
    const first = await network.connect(listener.local, signal);
    const one = await listener.accept(signal);
    const waiting = listener.accept(signal);
    const second = await network.connect(listener.local, signal);
    const two = await waiting;
    expect([one.remote.port, two.remote.port]).toEqual([first.local.port, second.local.port]);
    for (const connection of [first, second, one, two]) connection.close();
  });

  test("an abandoned accept takes no connection with it", async () => {
    const abort = new AbortController();
    const abandoned = listener.accept(abort.signal);
    abort.abort(new Error("enough"));
    await expect(abandoned).rejects.toThrow("enough");
    const ours = await network.connect(listener.local, signal);
    const theirs = await listener.accept(signal);
    expect(theirs.remote.port).toBe(ours.local.port);
    ours.close();
    theirs.close();
  });

  test("nobody listening is REFUSED", async () => {
    listener.close();
    await expect(network.connect(listener.local, signal)).rejects.toEqual(code("REFUSED"));
  });

  test("a port in use is an error", async () => {
    await expect(network.listen(listener.local, signal)).rejects.toEqual(code("UNKNOWN"));
  });

  test("a name that cannot exist is UNRESOLVED", async () => {
    // RFC 6761 §6.4: "invalid." never resolves.
    await expect(network.connect({ host: "nobody.invalid", port: 1 }, signal)).rejects.toEqual(code("UNRESOLVED"));
  });

  test("an aborted signal connects to nobody and listens to nobody", async () => {
    const aborted = AbortSignal.abort(new Error("enough"));
    await expect(network.connect(listener.local, aborted)).rejects.toThrow("enough");
    await expect(network.listen({ host: "127.0.0.1", port: 0 }, aborted)).rejects.toThrow("enough");
    await expect(listener.accept(aborted)).rejects.toThrow("enough");
  });

  test("an abort while connecting ends it with the reason", async () => {
    const abort = new AbortController();
    const connecting = network.connect({ host: "localhost", port: listener.local.port }, abort.signal);
    abort.abort(new Error("enough"));
    await expect(connecting).rejects.toThrow("enough");
  });

  test("closing the listener leaves accepted connections alone", async () => {
    const ours = await network.connect(listener.local, signal);
    const theirs = await listener.accept(signal);
    listener.close();
    await ours.write("still here\n", signal);
    expect((await theirs.readLine(100, signal)).toString()).toBe("still here");
    ours.close();
    theirs.close();
  });
});
