import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setImmediate as yieldToIo } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { SerialLine } from "../../src/platform/serial-line.ts";
import { openTcp, parseListenAddress } from "../../src/transport/tcp.ts";
import { transportContract } from "./contract.ts";
import { duplexHost, type StreamHost } from "./host.ts";
import { Recorder } from "./recorder.ts";

const LOOPBACK = { host: "127.0.0.1", port: 0 };

async function dial(transport: SerialLine): Promise<Socket> {
  const socket = connect({ ...parseListenAddress(transport.address), noDelay: true, allowHalfOpen: true });
  await once(socket, "connect");
  return socket;
}

/** Connects a host, and waits until the transport knows it. */
async function call(transport: SerialLine, recorder: Recorder): Promise<StreamHost> {
  const host = duplexHost(await dial(transport));
  const before = recorder.length;
  await host.write("?");
  await recorder.received(before + 1);
  return host;
}

transportContract("tcp", async () => {
  const transport = await openTcp(LOOPBACK);
  const host = duplexHost(await dial(transport));
  // The connection is made; it only has to be accepted.
  const ready = async () => {
    for (let turns = 0; turns < 10; turns++) await yieldToIo();
  };
  return { transport, host, ready };
});

describe("the tcp transport", () => {
  let tcp: SerialLine;
  let recorder: Recorder;

  beforeEach(async () => {
    tcp = await openTcp(LOOPBACK);
    recorder = new Recorder();
    tcp.start(recorder);
  });

  afterEach(() => tcp.close());

  test("what is written while no host is there is lost, and nobody waits for it", async () => {
    expect(tcp.write(Buffer.alloc(1_000_000))).toBeUndefined();
    expect(tcp.backlog).toBe(0);
    const host = await call(tcp, recorder);
    void tcp.write(Buffer.from("OK"));
    expect((await host.readExactly(2)).toString()).toBe("OK");
    await host.close();
  });

  test("hosts come and go any number of times, and every byte of each is heard", async () => {
    for (let visit = 0; visit < 50; visit++) {
      const socket = await dial(tcp);
      socket.end(`${visit};`);
      socket.on("error", () => undefined).resume();
      await recorder.until(() => Buffer.concat(recorder.chunks).toString().endsWith(`${visit};`));
      socket.destroy();
    }
    expect(recorder.losses).toEqual([]);
    const host = await call(tcp, recorder);
    await host.close();
  });

  test("a second host is turned away while the first is there", async () => {
    const first = await call(tcp, recorder);
    const second = (await dial(tcp)).on("error", () => undefined).resume();
    await once(second, "end");
    second.destroy();
    void tcp.write(Buffer.from("OK"));
    expect((await first.readExactly(2)).toString()).toBe("OK");
    await first.close();
  });

  test("a host that has ended its direction still gets its answer", async () => {
    const socket = await dial(tcp);
    const host = duplexHost(socket);
    socket.end("AT\r");
    await recorder.received(3);
    for (let turns = 0; turns < 10; turns++) await yieldToIo();
    void tcp.write(Buffer.from("OK"));
    expect((await host.readExactly(2)).toString()).toBe("OK");
    await host.close();
  });

  test("a host that has ended its direction gives way to the next", async () => {
    const first = await dial(tcp);
    first.on("error", () => undefined).resume();
    first.end("AT\r");
    await recorder.received(3);
    const second = await call(tcp, recorder);
    void tcp.write(Buffer.from("OK"));
    expect((await second.readExactly(2)).toString()).toBe("OK");
    first.destroy();
    await second.close();
  });

  test("a host that resets the connection takes what waits with it and frees the line", async () => {
    const socket = await dial(tcp);
    const host = duplexHost(socket);
    await host.write("?");
    await recorder.received(1);
    host.pause();
    let room: Promise<void> | undefined;
    while (room === undefined) room = tcp.write(Buffer.alloc(65536));
    socket.resetAndDestroy();
    await room;
    expect(tcp.backlog).toBe(0);
    const next = await call(tcp, recorder);
    await next.close();
  });

  test("an answer leaves at once, not with the next one", async () => {
    const host = await call(tcp, recorder);
    const started = performance.now();
    for (let index = 0; index < 50; index++) {
      await host.write("A");
      await recorder.received(index + 2);
      void tcp.write(Buffer.from("O"));
      void tcp.write(Buffer.from("K"));
      await host.readExactly(2);
    }
    // With Nagle's algorithm each "K" waits for a delayed acknowledgement, 40 ms.
    expect(performance.now() - started).toBeLessThan(1500);
    await host.close();
  });

  test("each host is heard to come and, after its last byte, to go", async () => {
    for (const name of ["first", "second"]) {
      const socket = await dial(tcp);
      socket.on("error", () => undefined).resume();
      socket.end(name);
      const from = recorder.heard.length;
      await recorder.until(() => recorder.heard.slice(from).includes("closed"));
      socket.destroy();
    }
    expect(recorder.heard).toEqual(["opened", "first", "closed", "opened", "second", "closed"]);
  });

  test("a host that resets the connection is heard to go", async () => {
    const host = await dial(tcp);
    host.write("x");
    await recorder.received(1);
    host.resetAndDestroy();
    await recorder.until(() => recorder.heard.includes("closed"));
    expect(recorder.heard).toEqual(["opened", "x", "closed"]);
  });

  test("close ends the host's connection and frees the port", async () => {
    const socket = await dial(tcp);
    const host = duplexHost(socket);
    await host.write("?");
    await recorder.received(1);
    const ended = once(socket, "end");
    await tcp.close();
    await ended;
    await host.close();
    const again = await openTcp(parseListenAddress(tcp.address));
    await again.close();
  });
});

describe("a listen address", () => {
  test.each([
    ["7000", "127.0.0.1", 7000],
    ["0.0.0.0:7000", "0.0.0.0", 7000],
    ["localhost:0", "localhost", 0],
    ["[::1]:7000", "::1", 7000],
    [":7000", "127.0.0.1", 7000],
  ])("%s", (text, host, port) => {
    expect(parseListenAddress(text)).toEqual({ host, port });
  });

  test.each(["", "x", "1.2.3.4", "1.2.3.4:", "::1:7000", "[::1]", "70000", "host.example:1", "1.2.3:7000", "-1"])(
    "%j is refused",
    (text) => {
      expect(() => parseListenAddress(text)).toThrow("not [ADDRESS:]PORT");
    },
  );
});
